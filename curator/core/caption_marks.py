"""What becomes of each tag when one caption turns into another, in reading order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from curator.core.caption_diffs import CaptionDiff
from curator.core.captions import split_caption, split_tags


class Fate(Enum):
    """What becomes of a tag; a moved one stands at its new place."""

    KEPT = "kept"
    GONE = "removed"
    COME = "added"
    MOVED = "moved"


class Mark(NamedTuple):
    """One tag of the old or the new caption, or a line of the text below."""

    text: str
    fate: Fate


def marks_of(diff: CaptionDiff) -> list[Mark]:
    """All tags of both captions, where one is replaced what goes first; then the changed text."""
    come, moved = set(diff.added), set(diff.moved).difference(diff.removed)
    found = [Mark(tag, _fate(tag, come, moved)) for tag in split_tags(diff.new)]
    old = split_tags(diff.old)
    place = {mark.text: at for at, mark in enumerate(found) if mark.fate is Fate.KEPT}
    gone: dict[int, list[Mark]] = {}
    lost, after = list(diff.removed), -1
    for tag in old:
        if tag in lost and tag not in place:
            lost.remove(tag)
            gone.setdefault(after, []).append(Mark(tag, Fate.GONE))
        after = place.get(tag, after)
    gone.setdefault(len(found) - 1, []).extend(Mark(tag, Fate.GONE) for tag in lost)
    merged = [*gone.get(-1, ())]
    for at, mark in enumerate(found):
        merged += [mark, *gone.get(at, ())]
    return merged + _of_text(diff)


def _fate(tag: str, come: set[str], moved: set[str]) -> Fate:
    return Fate.COME if tag in come else Fate.MOVED if tag in moved else Fate.KEPT


def _of_text(diff: CaptionDiff) -> list[Mark]:
    if not diff.text_changed:
        return []
    texts = ((diff.old, Fate.GONE), (diff.new, Fate.COME))
    lines = [(line, fate) for text, fate in texts for line in split_caption(text)[1].splitlines()]
    return [Mark(line, fate) for line, fate in lines if line.strip()]


def changed_only(found: Iterable[Mark]) -> list[Mark]:
    """Without what stays where it is."""
    return [mark for mark in found if mark.fate is not Fate.KEPT]
