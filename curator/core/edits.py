"""An edit is data: what changes, from what, to what; and one pure builder per user action.

`Project.apply` is the only door through which an edit reaches the project; undo is `inverted`.
Field values are what SQLite holds: int, float, str or None (booleans are 0 and 1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from curator.core.errors import UserError
from curator.core.naming import check_line
from curator.core.ratings import Judgement, judged
from curator.core.recipe import Recipe, Turn
from curator.core.records import Image, ImageSet, Rating, RejectReason, SavedFilter
from curator.core.settings import spoken

Value = int | float | str | None

IMAGE, SET, FILTER, SETTING = "image", "set", "filter", "setting"
VERDICT = "verdict"  # its id is that of a pair, see `core.duplicates.pair_id`
FORGOTTEN = 2  # the `removed` of an image whose record goes with the edit
# What may be changed, by record; everything else about a record is a fact.
FIELDS: Mapping[str, frozenset[str]] = {
    IMAGE: frozenset(
        {
            "rating",
            "rejected",
            "reject_reason",
            "caption",
            "tag_sources",
            "set_id",
            "removed",
            "recipe",
            "mask",
            "source_url",
        }
    ),
    SET: frozenset({"name", "kind", "trigger", "class_word", "repeats", "removed"}),
    FILTER: frozenset({"name", "query", "removed"}),
    SETTING: frozenset({"value"}),
    VERDICT: frozenset({"verdict"}),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one record from `old` to `new`; a setting's `id` is its name."""

    record: str
    id: int | str
    field: str
    old: Value
    new: Value


@dataclass(frozen=True)
class Edit:
    """A step of the user, or part of one: edits of one non-empty `group` are undone together."""

    label: str
    changes: tuple[FieldChange, ...]
    group: str = ""

    def inverted(self) -> Edit:
        """The edit that takes this one back."""
        back = tuple(
            FieldChange(c.record, c.id, c.field, c.new, c.old) for c in reversed(self.changes)
        )
        return replace(self, changes=back)

    @cached_property
    def touched(self) -> frozenset[tuple[str, str]]:
        """(record, field) of all that changes; for a setting its name stands as the field."""
        return frozenset(
            (c.record, str(c.id) if c.record == SETTING else c.field) for c in self.changes
        )

    @cached_property
    def image_ids(self) -> frozenset[int]:
        """The images that it changes."""
        return frozenset(int(c.id) for c in self.changes if c.record == IMAGE)

    @property
    def final(self) -> bool:
        """Whether it can't be taken back, because it forgets images."""
        return any(c.new == FORGOTTEN and c.field == "removed" for c in self.changes)

    def __bool__(self) -> bool:
        """False when nothing would change."""
        return bool(self.changes)


def _image_changes(images: Sequence[Image], field: str, new: Value) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(IMAGE, image.id, field, old, new)
        for image in images
        if (old := _stored(getattr(image, field))) != new
    )


def _stored(value: Value | bool) -> Value:
    return int(value) if isinstance(value, bool) else value


def _count(images: Sequence[object], what: str = "image") -> str:
    return f"{len(images):,} {what}{'' if len(images) == 1 else 's'}"


def set_rating(images: Sequence[Image], rating: Rating) -> Edit:
    """Rate pictures; one that was rejected comes back, because it now has a use."""
    label = f"Rate {_count(images)} {rating.name.lower()}"
    return Edit(label, _image_changes(images, "rating", int(rating)) + _unreject(images))


def _unreject(images: Sequence[Image]) -> tuple[FieldChange, ...]:
    return _image_changes(images, "rejected", 0) + _image_changes(images, "reject_reason", "")


def reject(images: Sequence[Image], reason: RejectReason | None = None) -> Edit:
    """Reject pictures; their rating is kept for when they come back."""
    changes = _image_changes(images, "rejected", 1)
    changes += _image_changes(images, "reject_reason", str(reason) if reason else "")
    return Edit(f"Reject {_count(images)}", changes)


def unreject(images: Sequence[Image]) -> Edit:
    """Take pictures back from rejection."""
    return Edit(f"Take back {_count(images)}", _unreject(images))


def judge_images(
    images: Sequence[Image], judgements: Mapping[int, Judgement], label: str = ""
) -> Edit:
    """Rate or reject each picture by its id, as `set_rating` and `reject` would."""
    changed = [i for i in images if i.id in judgements and judgements[i.id] != judged(i)]
    rated = [image for image in changed if not judgements[image.id].rejected]
    ratings = tuple(
        FieldChange(IMAGE, image.id, "rating", image.rating, new)
        for image in rated
        if (new := int(judgements[image.id].rating)) != image.rating
    )
    rejected = [image for image in changed if judgements[image.id].rejected]
    changes = ratings + _unreject(rated) + _image_changes(rejected, "rejected", 1)
    return Edit(label or f"Rate {_count(changed)}", changes)


def rate_as_found(
    images: Sequence[Image],
    found: Mapping[int, int],
    meaning: Mapping[int, Judgement],
    before: Mapping[int, Judgement] | None = None,
    label: str = "",
) -> Edit:
    """Judge pictures by the numbers in their files: `found` by image id, `meaning` by number.

    `before`: what the numbers meant until now ({} for nothing). A picture that is judged otherwise
    was judged by hand since, and is left alone; without `before`, none is.
    """
    judgements = {
        image.id: meaning[found[image.id]]
        for image in images
        if found.get(image.id) in meaning
        and (before is None or judged(image) == before.get(found[image.id], Judgement()))
    }
    return judge_images(images, judgements, label)


def assign_to_set(images: Sequence[Image], into: ImageSet | None) -> Edit:
    """Put pictures into a set, out of whichever they were in; None takes them out."""
    where = f"into {into.name}" if into else "into no set"
    return Edit(
        f"Put {_count(images)} {where}", _image_changes(images, "set_id", into.id if into else None)
    )


def remove_images(images: Sequence[Image]) -> Edit:
    """Hide pictures from the project; nothing on disk is touched."""
    return Edit(f"Remove {_count(images)}", _image_changes(images, "removed", 1))


def restore_images(images: Sequence[Image], label: str = "") -> Edit:
    """Bring removed pictures back."""
    return Edit(label or f"Restore {_count(images)}", _image_changes(images, "removed", 0))


def forget_images(images: Sequence[Image], group: str = "") -> Edit:
    """End the records of removed pictures, when their files were seen to: `Project.forget`."""
    label = f"Empty the trash: {_count(images)}"
    return Edit(label, _image_changes(images, "removed", FORGOTTEN), group)


def change_image(label: str, image: Image, fields: Mapping[str, Value]) -> Edit:
    """Give one picture these values of its fields."""
    changes = (_image_changes([image], field, value) for field, value in fields.items())
    return Edit(label, tuple(change for some in changes for change in some))


def add_images(ids: Sequence[int], label: str = "", group: str = "") -> Edit:
    """Show pictures that were just recorded (`removed` until this edit)."""
    changes = tuple(FieldChange(IMAGE, id_, "removed", 1, 0) for id_ in ids)
    return Edit(label or f"Import {_count(ids)}", changes, group)


def turn_images(images: Sequence[Image], turn: Turn) -> Edit:
    """Turn or mirror pictures once more, as the last step of their recipes."""
    changes = tuple(
        FieldChange(IMAGE, image.id, "recipe", image.recipe, recipe)
        for image in images
        if (recipe := Recipe.from_json(image.recipe).turned(turn).to_json()) != image.recipe
    )
    return Edit(f"Turn {_count(images)}", changes)


def create_set(new: ImageSet, images: Sequence[Image] = ()) -> Edit:
    """Create a set with an id reserved by the project, and put pictures into it."""
    empty = ImageSet(new.id, "", removed=True)
    created = _change_set(f"Create set {new.name}", empty, new)
    if not images:
        return created
    changes = _image_changes(images, "set_id", new.id)
    return Edit(f"Put {_count(images)} into new set {new.name}", created.changes + changes)


def change_set(old: ImageSet, new: ImageSet) -> Edit:
    """Rename a set or change its trigger, class word, repeats or kind; `removed` deletes it."""
    verb = "Delete" if new.removed and not old.removed else "Change"
    return _change_set(f"{verb} set {old.name}", old, new)


def _change_set(label: str, old: ImageSet, new: ImageSet) -> Edit:
    if not new.name.strip():
        raise UserError("A set needs a name.", "Type one.")
    for text in (new.name, new.trigger, new.class_word):
        check_line(f"Set {new.name}", text)
    if new.repeats is not None and not 1 <= new.repeats <= 1000:
        raise UserError(f"{new.repeats} repeats are out of range.", "Use 1 to 1000.")
    return Edit(label, _record_changes(SET, old, new))


def _record_changes(
    record: str, old: ImageSet | SavedFilter, new: ImageSet | SavedFilter
) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(record, new.id, field, before, after)
        for field in sorted(FIELDS[record])
        if (before := _stored(getattr(old, field))) != (after := _stored(getattr(new, field)))
    )


def save_filter(new: SavedFilter, old: SavedFilter | None = None) -> Edit:
    """Keep a query under a name, or change or remove (`removed`) one that is kept."""
    if not new.name.strip():
        raise UserError("A saved filter needs a name.", "Type one.")
    for text in (new.name, new.query):
        check_line(f"Filter {new.name}", text)
    before = old or SavedFilter(new.id, "", "", removed=True)
    verb = "Remove" if new.removed else "Save"
    return Edit(f"{verb} filter {new.name}", _record_changes(FILTER, before, new))


def change_settings(old: Mapping[str, Value], new: Mapping[str, Value]) -> Edit:
    """Change project settings; both map a setting's name to what is stored, None for default."""
    changes = tuple(
        FieldChange(SETTING, name, "value", old.get(name), value)
        for name, value in new.items()
        if old.get(name) != value
    )
    return Edit(f"Change {spoken([str(c.id) for c in changes])}", changes)
