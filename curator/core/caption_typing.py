"""What a person typed into a caption, applied to the caption as it is by then.

While somebody types, an undo, a job or a bulk edit may change the record; neither may be lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from curator.core.captions import split_caption, split_tags, with_tags
from curator.core.readable import count

Occurrence = tuple[str, int]  # a tag, and how many of the same stand before it


def rebased(before: str, typed: str, now: str) -> str:
    """`now` with what the person changed from `before` to `typed`.

    Of tags: what the person added is added, what they took away goes, and the order that they
    gave holds for what they ordered. Where both changed the free text, what was typed stays.
    """
    if typed == before:
        return now
    if before == now:
        return typed
    line, old_line, now_line = (split_caption(one)[0] for one in (typed, before, now))
    rest, old_rest, now_rest = typed[len(line) :], before[len(old_line) :], now[len(now_line) :]
    if line == old_line:
        line = now_line
    elif now_line != old_line:
        line = with_tags(now_line, _merged(*map(split_tags, (old_line, line, now_line))))
    return line + (now_rest if rest == old_rest else rest)


def _merged(old: Sequence[str], typed: Sequence[str], now: Sequence[str]) -> list[str]:
    was, wished, there = _numbered(old), _numbered(typed), _numbered(now)
    gone = set(was) - set(wished)
    kept = [one for one in there if one not in gone]
    if [one for one in was if one in set(wished)] != [one for one in wished if one in set(was)]:
        kept = _in_order(kept, wished)
    come = set(wished) - set(was) - set(there)
    for at, one in enumerate(wished):
        if one in come:  # behind what it was typed behind, as far as that is still there
            before = next((b for b in reversed(wished[:at]) if b in kept), None)
            kept.insert(kept.index(before) + 1 if before else 0, one)
    return [tag for tag, _number in kept]


def _numbered(tags: Iterable[str]) -> list[Occurrence]:
    seen: Counter[str] = Counter()
    found = []
    for tag in tags:
        found.append((tag, seen[tag]))
        seen[tag] += 1
    return found


def _in_order(some: Sequence[Occurrence], order: Sequence[Occurrence]) -> list[Occurrence]:
    """Those that `order` names in its order, on the places that they have; the rest stays."""
    named = iter([one for one in order if one in set(some)])
    return [next(named) if one in set(order) else one for one in some]


def as_shown(text: str) -> str:
    """A text as a field shows it: every end of a line is a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n")


def retyped(text: str, shown: str) -> str:
    """`text` with what the person changed of it in a field that now shows `shown`.

    Ends of lines that the field can't show stay as they were, save in what was typed over.
    """
    before = as_shown(text)
    start = _alike(before, shown)
    rest = min(len(before), len(shown)) - start
    end = min(rest, _alike(before[::-1], shown[::-1]))
    places = _places(text)
    new = text[: places[start]] + shown[start : len(shown) - end] + text[places[-1 - end] :]
    return new if as_shown(new) == shown else shown  # a lone CR ran into an LF that was typed


def _alike(first: str, second: str) -> int:
    """How many characters at the start are the same."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(first), len(second)))


def _places(text: str) -> list[int]:
    """Where in `text` each character of `as_shown(text)` begins, and the end."""
    inside = {at + 1 for at in range(len(text)) if text[at : at + 2] == "\r\n"}
    return [at for at in range(len(text) + 1) if at not in inside]


def typed_label(before: str, typed: str) -> str:
    """What was done to a caption, for the history and undo."""
    old, new = Counter(split_tags(before)), Counter(split_tags(typed))
    come, gone = list((new - old).elements()), list((old - new).elements())
    if come and gone:
        return f"Change {named(gone)} to {named(come)}"
    if come or gone:
        return f"Add {named(come)}" if come else f"Remove {named(gone)}"
    is_same = split_caption(before)[0] == split_caption(typed)[0]
    return "Change the text of a caption" if is_same else "Change the order of tags"


def named(tags: Sequence[str]) -> str:
    """One tag by its name, several by their number."""
    return f"“{tags[0]}”" if len(tags) == 1 else count(len(tags), "tag")
