"""What a person does to the tags of one caption: lists of tags in, lists of tags out.

Places are indexes into the tags of the caption. A tag that is there already is not added again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from curator.core.captions import split_tags
from curator.core.triggers import is_pinned


def tags_in(text: str) -> list[str]:
    """The tags that a person typed or pasted, over commas and lines, each once."""
    return list(dict.fromkeys(tag for line in text.splitlines() for tag in split_tags(line)))


def front_of(tags: Sequence[str], triggers: Sequence[str]) -> int:
    """The first place behind the triggers that lead."""
    return next((n for n, tag in enumerate(tags) if not is_pinned(tag, triggers)), len(tags))


def added(tags: Sequence[str], new: Iterable[str], at: int | None = None) -> list[str]:
    """The tags with new ones at a place, None for the end."""
    come = [tag for tag in dict.fromkeys(new) if tag not in tags]
    at = len(tags) if at is None else at
    return [*tags[:at], *come, *tags[at:]]


def with_new(
    tags: Sequence[str], new: Iterable[str], triggers: Sequence[str], *, at_front: bool = False
) -> list[str]:
    """The tags with new ones at the end or behind the triggers; a trigger comes into its place."""
    come = list(new)
    found = list(tags)
    for trigger in (tag for tag in come if tag in triggers):
        found = added(found, [trigger], _slot(found, trigger, triggers))
    return added(found, come, front_of(found, triggers) if at_front else None)


def _slot(tags: Sequence[str], trigger: str, triggers: Sequence[str]) -> int:
    return front_of(tags, triggers[: triggers.index(trigger)])


def removed(tags: Sequence[str], places: Collection[int]) -> list[str]:
    """The tags without those at these places."""
    return [tag for n, tag in enumerate(tags) if n not in places]


def replaced(tags: Sequence[str], place: int, text: str) -> list[str]:
    """The tags with what was typed, none or several, in the stead of one."""
    rest = removed(tags, {place})
    return added(rest, tags_in(text), place)


def moved(tags: Sequence[str], places: Collection[int], to: int) -> list[str]:
    """The tags with those at these places taken to before the one at `to`."""
    block = [tags[n] for n in sorted(places)]
    before = [tag for n, tag in enumerate(tags[:to]) if n not in places]
    after = [tag for n, tag in enumerate(tags[to:], to) if n not in places]
    return [*before, *block, *after]


def has_trigger(tags: Iterable[str], trigger: str) -> bool:
    """Whether a tag is this trigger or names it."""
    return any(is_pinned(tag, (trigger,)) for tag in tags)


def switched(tags: Sequence[str], trigger: str, triggers: Sequence[str]) -> list[str]:
    """The tags with a trigger where there was none, in its place among those that lead; or without.

    `triggers`: all of the picture, in their order.
    """
    if has_trigger(tags, trigger):
        return [tag for tag in tags if not is_pinned(tag, (trigger,))]
    return added(tags, [trigger], _slot(tags, trigger, triggers))
