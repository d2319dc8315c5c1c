"""Commands about the project as a whole: making it, settings, history, saved filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from curator.cli.arguments import Dir, Json, OptionalQuery, joined, text
from curator.cli.output import show, show_json, shown
from curator.cli.trailing import opened
from curator.core.caption_recipes import check_recipes
from curator.core.edits import save_filter
from curator.core.errors import UserError
from curator.core.invocation import typed
from curator.core.project import Project
from curator.core.readable import count
from curator.core.records import SavedFilter
from curator.core.settings import ProjectSettings, key_of
from trainer.config import PRACTICE_MODEL

Values = Annotated[
    list[str] | None,
    typer.Argument(metavar="KEY=VALUE", help="Settings to change; without any, shows them."),
]


def new(folder: Dir, json: Json = False) -> None:
    """Make a project in a new or empty folder."""
    with Project.create(folder) as project:
        root = project.root
    if json:
        show_json({"project": str(root)})
    else:
        show(f"Made the project {shown(str(root))}.")
        show(f"Next: {typed('import')} {shown(str(folder))} FOLDER_WITH_PHOTOS")


def set_settings(folder: Dir, values: Values = None, json: Json = False) -> None:
    """Set or show the project's settings.

    Such as trigger=fr3dd1e class=dog base=FILE resolution=512 repeats=5,2 balance=double.
    """
    with opened(folder) if values else Project.open(folder, read_only=True) as project:
        if values:
            wanted = _assignments(values)
            if wanted.keys() & {"recipe", "recipes"}:
                check_recipes({**project.stored_settings(), **wanted})
            project.change_settings(wanted)
        settings = project.settings
    rows = {key_of(field): getattr(settings, field.name) for field in fields(ProjectSettings)}
    if json:
        show_json(rows)
        return
    for key, value in rows.items():
        show(f"{key:20} {shown(str(value))}")


def _assignments(texts: Sequence[str]) -> Mapping[str, str]:
    """ "key=value" texts as a mapping; repeats=P,S is short for both kinds of repeats."""
    pairs: dict[str, str] = {}
    for one in texts:
        key, sign, value = text(one).partition("=")
        if not sign:
            raise UserError(
                f'"{one}" sets nothing.', "Write it as key=value, e.g. trigger=fr3dd1e."
            )
        key = key.strip()
        pairs |= _MEANINGS[key](value) if key in _MEANINGS else {key: value}
    return pairs


def _repeats(value: str) -> Mapping[str, str]:
    primary, comma, supporting = value.partition(",")
    return {
        "primary_repeats": primary.strip(),
        "supporting_repeats": (supporting if comma else primary).strip(),
    }


def _base(value: str) -> Mapping[str, str]:
    """A path counts from here, but is kept whole, because commands run in any folder."""
    if value.strip() in ("", PRACTICE_MODEL):
        return {"base": value}
    path = Path(value).expanduser().absolute()
    if not path.exists():
        raise UserError(
            f"There is no base model at {path}.",
            f'Give a file or a diffusers folder, or "{PRACTICE_MODEL}" to try things out.',
        )
    return {"base": str(path)}


# What some keys mean that are more than one setting, or more than their text.
_MEANINGS: Mapping[str, Callable[[str], Mapping[str, str]]] = {"repeats": _repeats, "base": _base}


def undo(folder: Dir, json: Json = False) -> None:
    """Take back the newest edit, again and again to the first."""
    with opened(folder) as project:
        label = project.undo()
    _show_step("undone", "Nothing to undo.", label, json)


def redo(folder: Dir, json: Json = False) -> None:
    """Make again what was undone last."""
    with opened(folder) as project:
        label = project.redo()
    _show_step("redone", "Nothing to redo.", label, json)


def _show_step(key: str, nothing: str, label: str | None, json: bool) -> None:
    if json:
        show_json({key: label})
    else:
        show(nothing if label is None else f"{key.capitalize()}: {shown(label)}")


def history(
    folder: Dir,
    limit: Annotated[int, typer.Option(min=1, help="How many entries.")] = 20,
    json: Json = False,
) -> None:
    """The edits of the project, the newest first."""
    with Project.open(folder, read_only=True) as project:
        entries = project.history(limit)
    if json:
        told = ("id", "label", "created", "undone", "final")
        show_json([{name: getattr(entry, name) for name in told} for entry in entries])
        return
    for entry in entries:
        when = datetime.fromtimestamp(entry.created).strftime("%Y-%m-%d %H:%M:%S")
        mark = "  (can't be undone)" if entry.final else "  (undone)" if entry.undone else ""
        show(f"{when}  {shown(entry.label)}{mark}")


def sets(folder: Dir, json: Json = False) -> None:
    """The sets, and how many pictures each holds."""
    with Project.open(folder, read_only=True) as project:
        found = project.sets()
        held: Counter[int | None] = Counter()
        for set_id, _rating, _rejected, number in project.group_counts():
            held[set_id] += number
    rows = [
        {
            "name": one.name,
            "kind": one.kind,
            "trigger": one.trigger,
            "class": one.class_word,
            "repeats": one.repeats,
            "images": held[one.id],
        }
        for one in found
    ]
    if json:
        show_json(rows)
        return
    for row in rows:
        said = [f"{key}={row[key]}" for key in ("trigger", "class", "repeats") if row[key]]
        named = f"{row['name']} ({row['kind']})"
        show(shown("  ".join([f"{row['images']:>6,}", named, *said])))


def facets(folder: Dir, query: OptionalQuery = None, json: Json = False) -> None:
    """Count what a query finds, by rating, set, format and so on.

    Each line ends with the term to add to the query to find just these.
    """
    with Project.open(folder, read_only=True) as project:
        found = project.facets(joined(query))
    if json:
        show_json(asdict(found))
        return
    for facet in found.facets:
        if facet.values:
            show(facet.title)
        for value in facet.values:
            show(shown(f"{value.count:>8,}  {value.title:24}  {value.term}"))
    show(count(found.total, "picture"))


def filters(folder: Dir, json: Json = False) -> None:
    """The saved filters."""
    with Project.open(folder, read_only=True) as project:
        saved = project.filters()
    if json:
        show_json([{"name": one.name, "query": one.query} for one in saved])
        return
    for one in saved:
        show(f"{shown(one.name)}: {shown(one.query)}")


def keep_filter(
    folder: Dir,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    query: OptionalQuery = None,
    remove: Annotated[bool, typer.Option("--remove", help="Forget this filter.")] = False,
    json: Json = False,
) -> None:
    """Keep a query under a name, or change or forget one."""
    with Project.open(folder) as project:
        old = next((f for f in project.filters() if f.name.casefold() == name.casefold()), None)
        if remove:
            _forget(project, name, old)
            matches = 0
        else:
            wanted = joined(query)
            matches = len(project.select(wanted))
            id_ = old.id if old else project.new_filter_id()
            project.apply(save_filter(SavedFilter(id_, text(name), wanted), old))
    if json:
        show_json({"name": name, "removed": remove, "matches": matches})
    else:
        show(
            f"Forgot {shown(name)}."
            if remove
            else f"{shown(name)} finds {count(matches, 'picture')}."
        )


def _forget(project: Project, name: str, old: SavedFilter | None) -> None:
    if old is None:
        raise UserError(f'There is no saved filter "{name}".', f"See: {typed('filters DIR')}")
    project.apply(save_filter(SavedFilter(old.id, old.name, old.query, removed=True), old))
