"""Who gave a picture each of its tags, and which ones the person took away for good.

A tag of a caption that is not named here was given by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from curator.core.records import TagSource

MANUAL, FILE, RULE = "manual", "file", "rule"
REMOVED = "removed"  # the person took the tag away: nothing but the person brings it back
_BY_PERSON = frozenset({MANUAL, RULE, REMOVED})


def read(stored: str) -> dict[str, TagSource]:
    """The sources by tag, from an image's `tag_sources`."""
    if not stored:
        return {}
    return {tag: TagSource(one["by"], one.get("score")) for tag, one in json.loads(stored).items()}


def givers(stored: str) -> dict[str, str]:
    """Who gave each tag, without the scores; thrice as fast as `read`."""
    return {tag: one["by"] for tag, one in json.loads(stored).items()} if stored else {}


def stored(sources: Mapping[str, TagSource]) -> str:
    """Canonical JSON of `tag -> {by, score}`, "" when there are none."""
    if not sources:
        return ""
    rows = {tag: {"by": s.by, "score": s.score} for tag, s in sources.items()}
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def changed(before: str, old: Iterable[str], new: Iterable[str], by: str = MANUAL) -> str:
    """What `tag_sources` becomes when the tags `old` turn into `new`.

    What the person removes, by hand or by a rule, is remembered as removed; what a model or a file
    takes back is forgotten.
    """
    old, new = set(old), set(new)
    come, gone = new - old, old - new
    if not come and not gone:
        return before
    sources = read(before)
    for tag in gone:
        sources.pop(tag, None)
        if by in _BY_PERSON:
            sources[tag] = TagSource(REMOVED)
    for tag in come:
        sources.pop(tag, None)
        if by != MANUAL:
            sources[tag] = TagSource(by)
    return stored(sources)


def removed(sources: Mapping[str, TagSource]) -> set[str]:
    """The tags that the person took away."""
    return {tag for tag, source in sources.items() if source.by == REMOVED}
