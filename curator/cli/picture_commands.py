"""Commands that decide about pictures: list, rate, group, caption, turn, remove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json, OptionalQuery, Query, found, joined, text
from curator.cli.output import show, show_json, shown
from curator.cli.trailing import opened
from curator.core import caption_edits, edits
from curator.core.captions import split_tags
from curator.core.crops import left_behind, question
from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.readable import count
from curator.core.recipe import Turn
from curator.core.records import Image, ImageSet, Rating, RejectReason, SetKind

RATINGS = {
    "1": Rating.PRIMARY,
    "primary": Rating.PRIMARY,
    "2": Rating.SUPPORTING,
    "supporting": Rating.SUPPORTING,
    "0": Rating.UNRATED,
    "unrated": Rating.UNRATED,
}
REASONS = {reason.value.replace(" ", "-"): reason for reason in RejectReason}
REJECTED = ("reject", "rejected", "x")  # x is the key that rejects
TURNS = {"left": Turn(3), "right": Turn(1), "half": Turn(2), "mirror": Turn(0, mirrored=True)}
CAPTION_WIDTH = 60  # of the short listing

RatingValue = Annotated[
    str,
    typer.Argument(
        metavar="VALUE",
        help=f"1 or primary, 2 or supporting, 0 or unrated, unreject, reject, or reject:REASON with"
        f" REASON one of {', '.join(REASONS)}.",
    ),
]


def list_pictures(folder: Dir, query: OptionalQuery = None, json: Json = False) -> None:
    """The pictures that a query finds, in its order."""
    with Project.open(folder, read_only=True) as project:
        images = found(project, query)
        names = {one.id: one.name for one in project.sets()}
    if json:
        show_json([_row(image, names) for image in images])
        return
    for image in images:
        show(_line(image, names))
    show(count(len(images), "picture"))


def _row(image: Image, sets: dict[int, str]) -> dict[str, Any]:
    return {
        "id": image.id,
        "path": image.path,
        "source": image.source,
        "width": image.width,
        "height": image.height,
        "format": image.format,
        "rating": int(image.rating),
        "rejected": bool(image.rejected),
        "caption": image.caption,
        "tags": split_tags(image.caption),
        "set": sets.get(image.set_id) if image.set_id is not None else None,
        "sha256": image.sha256,
        **({"crop_of": image.parent_id} if image.parent_id is not None else {}),
    }


def _line(image: Image, sets: dict[int, str]) -> str:
    state = "rejected" if image.rejected else Rating(image.rating).name.lower()
    in_set = f" [{sets[image.set_id]}]" if image.set_id in sets else ""
    caption = (
        image.caption
        if len(image.caption) <= CAPTION_WIDTH
        else image.caption[:CAPTION_WIDTH] + "…"
    )
    size = f"{image.width}x{image.height}"
    frame = f" frame {image.frame}" if image.frame else ""
    name = f"{image.name}{frame}{in_set}"
    return shown(f"{image.id:>6}  {state:10}  {size:>11}  {name}  {caption}".rstrip())


def rate(folder: Dir, value: RatingValue, query: Query, json: Json = False) -> None:
    """Rate or reject the pictures that a query finds."""
    with opened(folder) as project:
        images = found(project, query)
        _apply(project, _rating_edit(images, value), images, json)


def _rating_edit(images: Sequence[Image], value: str) -> Edit:
    word, _colon, reason = value.strip().lower().partition(":")
    if word in RATINGS and not reason:
        return edits.set_rating(images, RATINGS[word])
    if word == "unreject" and not reason:
        return edits.unreject(images)
    if word in REJECTED:
        return edits.reject(images, _reason(reason) if reason else None)
    raise UserError(
        f'"{value}" is no rating.',
        "Use 1 (primary), 2 (supporting), 0 (unrated), reject, reject:REASON or unreject.",
    )


def _reason(text: str) -> RejectReason:
    key = text.strip().replace(" ", "-").replace("_", "-")
    if key not in REASONS:
        raise UserError(f'"{text}" is no reason to reject.', f"Use one of {', '.join(REASONS)}.")
    return REASONS[key]


def group(  # noqa: PLR0913 - each is an option of the command line
    folder: Dir,
    name: Annotated[str, typer.Argument(metavar="SETNAME", help='The set; "" takes out of sets.')],
    query: Query,
    kind: Annotated[
        SetKind | None, typer.Option(help="What the set holds; regularization goes under reg/.")
    ] = None,
    trigger: Annotated[
        str | None, typer.Option(help="Its own trigger word, used beside the project's.")
    ] = None,
    class_word: Annotated[
        str | None, typer.Option("--class", help="Its class word instead of the project's.")
    ] = None,
    repeats: Annotated[int | None, typer.Option(help="Its repeats per epoch; 0 unsets.")] = None,
    json: Json = False,
) -> None:
    """Put the pictures that a query finds into a set. Makes the set where there is none."""
    wanted = {"kind": kind, "trigger": trigger, "class_word": class_word}
    given: dict[str, Any] = {f: text(value) for f, value in wanted.items() if value is not None}
    if repeats is not None:
        given["repeats"] = repeats or None
    with opened(folder) as project:
        images = found(project, query)
        if name:
            edit = _group_edit(project, text(name), images, given)
        else:
            edit = edits.assign_to_set(images, None)
        _apply(project, edit, images, json)


def _group_edit(
    project: Project, name: str, images: Sequence[Image], given: dict[str, Any]
) -> Edit:
    """One edit that makes or changes the set and puts the pictures in."""
    old = project.set_named(name)
    into = replace(old or ImageSet(project.new_set_id(), name), **given)
    about_set = edits.change_set(old, into) if old else edits.create_set(into)
    assign = edits.assign_to_set(images, into)
    return Edit(assign.label, about_set.changes + assign.changes)


def caption(
    folder: Dir,
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help='In one word or quotes; "" is all.')
    ],
    words: Annotated[str, typer.Argument(metavar="TEXT", help="The whole new caption.")],
    json: Json = False,
) -> None:
    """Give the pictures that a query finds this caption."""
    with opened(folder) as project:
        images = found(project, [query])
        _apply(project, caption_edits.set_caption(images, text(words)), images, json)


def turn(
    folder: Dir,
    how: Annotated[str, typer.Argument(metavar="HOW", help=f"{', '.join(TURNS)}")],
    query: Query,
    json: Json = False,
) -> None:
    """Turn or mirror pictures; the files stay as they are."""
    if how not in TURNS:
        raise UserError(f'"{how}" is no way to turn.', f"Use one of {', '.join(TURNS)}.")
    with opened(folder) as project:
        images = found(project, query)
        _apply(project, edits.turn_images(images, TURNS[how]), images, json)


def remove(
    folder: Dir,
    query: Query,
    crops: Annotated[
        bool | None,
        typer.Option("--crops/--keep-crops", help="Whether the crops of a picture go with it."),
    ] = None,
    json: Json = False,
) -> None:
    """Take pictures out of the project. Nothing is deleted: undo or restore bring them back."""
    with opened(folder) as project:
        images = found(project, query)
        others = left_behind(project, [image.id for image in images])
        if others and crops is None:
            raise UserError(question(others), "Add --crops to remove them too, or --keep-crops.")
        images += project.images(others) if crops else []
        _apply(project, edits.remove_images(images), images, json)


def restore(folder: Dir, query: OptionalQuery = None, json: Json = False) -> None:
    """Bring removed pictures back."""
    asked = joined(query)
    with opened(folder) as project:
        images = project.images(project.select(f"is:removed ({asked})" if asked else "is:removed"))
        _apply(project, edits.restore_images(images), images, json)


def _apply(project: Project, edit: Edit, images: Sequence[Image], json: bool) -> None:
    """Apply an edit and say what became of it."""
    project.apply(edit)
    changed = len({c.id for c in edit.changes if c.record == edits.IMAGE})
    if json:
        show_json({"label": edit.label, "matched": len(images), "changed": changed})
    elif not images:
        show("No picture matches the query; nothing was changed.")
    else:
        same = len(images) - changed
        rest = f" ({same:,} {'was' if same == 1 else 'were'} so already)" if same else ""
        show(f"Done: {shown(edit.label)}{rest}.")
