"""What was done to one image: each event in words, and the way back to any of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curator.core.edits import Edit, FieldChange, change_image
from curator.core.records import Image, Rating


@dataclass(frozen=True, slots=True)
class ImageEvent:
    """What one entry of the history did to one image. `created`: seconds since 1970, UTC."""

    entry_id: int
    label: str
    created: float
    undone: bool
    changes: tuple[FieldChange, ...]


def restored(
    image: Image, events: Sequence[ImageEvent], entry_id: int, sets: Mapping[int, str]
) -> Edit:
    """The edit that makes the image what it was right after an entry; empty where it is so.

    `events`: the image's, the newest first. Empty too for an entry that is undone or not among
    them, for before its import there was no image. `sets`: the names of the sets there are, by id;
    instead of one that is gone the image is put into none.
    """
    made = [event for event in events if not event.undone]
    then = next((event for event in made if event.entry_id == entry_id), None)
    if then is None:
        return Edit("", ())
    later = [event for event in made if event.entry_id > entry_id]
    fields = {c.field: c.old for event in later for c in reversed(event.changes)}
    if "set_id" in fields and fields["set_id"] not in (image.set_id, *sets):
        fields["set_id"] = None
    name = image.name.encode(errors="surrogateescape").decode(errors="backslashreplace")
    return change_image(f"Restore {name} as of {then.label}", image, fields)


def words(event: ImageEvent, sets: Mapping[int, str]) -> str:
    """What an event did, such as "rated primary, caption changed"; `sets`: their names by id."""
    changed = {change.field: change for change in event.changes}
    if "rejected" in changed and "reject_reason" in changed:  # one of the two says it
        changed.pop("rejected" if changed["reject_reason"].new else "reject_reason")
    if "caption" in changed:
        changed.pop("tag_sources", None)
    return ", ".join(_word(change, sets) for change in changed.values())


def _word(change: FieldChange, sets: Mapping[int, str]) -> str:
    old, new = change.old, change.new
    if change.field == "set_id":
        if new is None:
            return "taken out of its set"
        name = sets.get(int(new))
        return f"put into set {name}" if name else "put into a set that is gone"
    if change.field == "rating" and new:
        return f"rated {Rating(int(new)).name.lower()}"
    if change.field == "reject_reason" and new:
        return f"rejected: {new}"
    if change.field == "caption" and old and new:
        return "caption changed"
    some, none = _WORDS.get(change.field, (f"{change.field} changed",) * 2)
    return some if new else none


# By field, what is said of a value and of none.
_WORDS: Mapping[str, tuple[str, str]] = {
    "removed": ("removed", "brought into the project"),
    "rejected": ("rejected", "taken back"),
    "reject_reason": ("rejected", "reason taken away"),
    "rating": ("rated", "rating taken away"),
    "caption": ("caption written", "caption cleared"),
    "tag_sources": ("tag sources changed", "tag sources cleared"),
    "recipe": ("picture edited", "picture back as it was"),
    "mask": ("masked", "mask taken away"),
}
