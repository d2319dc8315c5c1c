"""Who gave a picture each of its tags, and which ones the person took away for good.

A tag of a caption that is not named here was given by hand. What is kept is a line for each tag,
"tag,who,score", so that a bulk edit changes some lines and need not take all of them apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from curator.core.captions import differing
from curator.core.records import TagSource
from curator.core.tag_spelling import tag_key

MANUAL, FILE, RULE = "manual", "file", "rule"
REMOVED = "removed"  # the person took the tag away: nothing but the person brings it back
_BY_PERSON = frozenset({MANUAL, RULE, FILE, REMOVED})
NO_MODELS = (MANUAL, FILE, RULE, REMOVED)
_AS_BEFORE = "{"  # how it begins where an older version wrote it, as JSON


def read(stored: str) -> dict[str, TagSource]:
    """The sources by tag, from an image's `tag_sources`."""
    if stored.startswith(_AS_BEFORE):
        rows = json.loads(stored).items()
        return {tag: TagSource(one["by"], one.get("score")) for tag, one in rows}
    sources = {}
    for line in stored.split("\n")[1:]:
        tag, _, rest = line.partition(",")
        by, _, score = rest.rpartition(",")
        sources[tag] = TagSource(by, float(score) if score else None)
    return sources


def givers(stored: str) -> dict[str, str]:
    """Who gave each tag, without the scores; faster than `read`."""
    if stored.startswith(_AS_BEFORE):
        return {tag: source.by for tag, source in read(stored).items()}
    parts = (line.partition(",") for line in stored.split("\n")[1:])
    return {tag: rest.rpartition(",")[0] for tag, _, rest in parts}


def stored(sources: Mapping[str, TagSource]) -> str:
    """What an image's `tag_sources` holds for these, "" when there are none.

    A tag with a comma or a line break is left out, for no caption can hold it.
    """
    return "".join(
        f"\n{tag},{one.by},{'' if one.score is None else one.score}"
        for tag, one in sources.items()
        if "," not in tag and "\n" not in tag
    )


def changed(before: str, old: Iterable[str], new: Iterable[str], by: str = MANUAL) -> str:
    """What `tag_sources` becomes when the tags `old` turn into `new`.

    What the person removes, by hand, by a rule or in another program, is remembered as removed,
    unless it stays in another spelling; what a model takes back is forgotten. A tag that is only
    written otherwise keeps its source.
    """
    old, new = tuple(old), tuple(new)
    gone, come = differing(old, new)
    if not come and not gone:
        return before
    renamed = _renamed(gone, come)
    after = stored(read(before)) if before.startswith(_AS_BEFORE) else before
    for tag in come | gone:
        if tag not in renamed:
            after = _with_line(after, tag, "")
    for tag, other in renamed.items():
        after = _with_line(after, tag, f"\n{other}")
    if gone and by in _BY_PERSON and (taken := gone - renamed.keys()):
        keys = set(map(tag_key, new))
        kept = [tag for tag in sorted(taken) if tag_key(tag) not in keys]
        after += "".join([f"\n{tag},{REMOVED}," for tag in kept])
    if by != MANUAL and come:
        given = sorted(come.difference(renamed.values()))
        after += "".join([f"\n{tag},{by}," for tag in given])
    return after


def _with_line(lines: str, tag: str, name: str) -> str:
    """The lines with that of a tag under another name, or without it."""
    start = lines.find(f"\n{tag},")
    if start < 0:
        return lines
    rest = start + 1 + len(tag) if name else lines.find("\n", start + 1)
    return lines[:start] + name + (lines[rest:] if rest >= 0 else "")


def _renamed(gone: set[str], come: set[str]) -> dict[str, str]:
    """What became of tags that are only written otherwise."""
    if not gone or not come:
        return {}
    keys = {tag_key(tag): tag for tag in sorted(come)}
    return {tag: keys[key] for tag in gone if (key := tag_key(tag)) in keys}


def removed(sources: Mapping[str, TagSource]) -> set[str]:
    """The tags that the person took away."""
    return {tag for tag, source in sources.items() if source.by == REMOVED}
