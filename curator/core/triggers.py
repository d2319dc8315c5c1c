"""Trigger words: which tags stand pinned at the front, and stay out of every clean-up.

A picture whose caption lacks a trigger does not teach it; that is how one is switched off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from curator.core.captions import split_tags
from curator.core.records import ImageSet
from curator.core.settings import ProjectSettings


def triggers_of(settings: ProjectSettings, in_set: ImageSet | None = None) -> tuple[str, ...]:
    """The project's trigger, the set's, then the extra ones; each once, in this order."""
    own = in_set.trigger if in_set else ""
    words = [settings.trigger, own, *split_tags(settings.extra_triggers)]
    return tuple(dict.fromkeys(word for one in words if (word := one.strip())))


def all_triggers(settings: ProjectSettings, sets: Iterable[ImageSet]) -> tuple[str, ...]:
    """The triggers of the project and of all its sets."""
    words = [word for one in (None, *sets) for word in triggers_of(settings, one)]
    return tuple(dict.fromkeys(words))


def is_pinned(tag: str, triggers: Sequence[str]) -> bool:
    """Whether a tag is a trigger or names one as whole words, as "photo of fr3dd1e" does."""
    return bool(triggers) and _pattern(tuple(triggers)).search(tag) is not None


def split_pinned(tags: Sequence[str], triggers: Sequence[str]) -> tuple[list[str], list[str]]:
    """(the pinned tags, all others), each in their order."""
    pinned = [tag for tag in tags if is_pinned(tag, triggers)]
    return pinned, [tag for tag in tags if not is_pinned(tag, triggers)]


def split_at_triggers(text: str, triggers: Sequence[str]) -> list[str]:
    """The text in pieces, of which every second one, beginning with the second, is a trigger."""
    return _pattern(tuple(triggers)).split(text) if triggers else [text]


@lru_cache(maxsize=64)
def _pattern(triggers: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in triggers)
    return re.compile(rf"(?<!\w)({words})(?!\w)")
