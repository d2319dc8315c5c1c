"""Tags that are probably mistyped: rare ones a letter or two away from a frequent one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

from curator.core.tag_spelling import search_keys

RARE = 2  # pictures, at most
OFTEN = 5  # pictures, at least, of the tag that was meant
TIMES = 10  # as often as the rare one, at least
_SHORTEST = 5  # letters of a word in which one letter may be wrong
_LONG = 9  # letters of a word in which two may be wrong
_LONGEST = 40  # letters of a word; addresses and sentences without blanks would take for ever
_ENDINGS = ("s", "es", "ed", "ing", "er", "ly", "y")  # that make another word of one


def typos(counts: Mapping[str, int], is_known: Callable[[str], bool]) -> dict[str, str]:
    """The tag that was probably meant, by the one that stands there.

    `counts`: how many pictures carry each tag. `is_known`: whether lists have a tag, which then is
    no typo however rare.
    """
    keys = dict(zip(counts, search_keys(counts), strict=True))
    often = {keys[tag]: tag for tag, n in sorted(counts.items(), key=_count) if n >= OFTEN}
    joined = {key.replace(" ", ""): tag for key, tag in often.items()}
    weights: dict[str, int] = {}
    for tag, n in counts.items():
        for word in keys[tag].split():
            weights[word] = weights.get(word, 0) + n
    near = _NearWords(word for key in often for word in key.split())
    found = {}
    for tag, n in counts.items():
        if n > RARE or is_known(tag) or keys[tag] in often:
            continue
        meant = joined.get(keys[tag].replace(" ", "")) or _meant(keys[tag], often, near, weights)
        if meant and counts[meant] >= TIMES * n:
            found[tag] = meant
    return found


def _count(item: tuple[str, int]) -> int:
    return item[1]


def _meant(
    key: str, often: Mapping[str, str], near: _NearWords, weights: Mapping[str, int]
) -> str | None:
    """The frequent tag that differs in one word, which is rare."""
    words = key.split()
    for place, word in enumerate(words):
        if weights[word] > RARE:
            continue
        for other in near.of(word):
            if meant := often.get(" ".join([*words[:place], other, *words[place + 1 :]])):
                return meant
    return None


class _NearWords:
    """Words by what is left of them without one or two letters.

    Two words of which the same is left are one or two letters apart, or two letters are swapped.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._by_rest: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            for rest in _rests(word):
                self._by_rest.setdefault(rest, []).append(word)

    def of(self, word: str) -> Iterator[str]:
        """The words near it."""
        seen = {word}
        for rest in _rests(word):
            for other in self._by_rest.get(rest, ()):
                if other not in seen and _may_be_mistyped(word, other):
                    yield other
                seen.add(other)


def _rests(word: str) -> Iterator[str]:
    if not _SHORTEST - 1 <= len(word) <= _LONGEST:
        return
    most = 2 if len(word) >= _LONG - 1 else 1
    for number in range(most + 1):
        for gone in combinations(range(len(word)), number):
            yield "".join(char for at, char in enumerate(word) if at not in gone)


def _may_be_mistyped(word: str, other: str) -> bool:
    """Not a plural or another form, nor another number."""
    if max(len(word), len(other)) < _SHORTEST or (word[0] != other[0] and len(word) < _LONG):
        return False
    digits = [[char for char in one if char.isdigit()] for one in (word, other)]
    if digits[0] != digits[1]:
        return False
    short, long = sorted((word, other), key=len)
    return not (long.startswith(short) and long[len(short) :] in _ENDINGS)
