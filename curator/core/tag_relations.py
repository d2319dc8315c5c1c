"""Which tag another one stands for, and which tags it brings with it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from curator.core.tag_groups import group_of
from curator.core.tag_spelling import search_key

TABLE = Path(__file__).resolve().parents[2] / "resources" / "tag_implications.csv"
# British and rarer spellings of words, and the ones that boorus use.
_WORDS: Mapping[str, str] = {
    "gray": "grey",
    "colour": "color",
    "coloured": "colored",
    "colourful": "colorful",
    "multicoloured": "multicolored",
    "armour": "armor",
    "jewellery": "jewelry",
    "blond": "blonde",
    "moustache": "mustache",
    "pyjamas": "pajamas",
    "eyeglasses": "glasses",
    "spectacles": "glasses",
    "grayscale": "greyscale",
}
_COLOURS = {
    *("black", "white", "red", "blue", "pink", "brown", "grey", "green", "purple", "yellow"),
    *("orange", "aqua", "beige", "gold", "silver", "blonde"),
}
_LENGTHS = ("short", "medium", "long", "very long")
_WITHOUT_COLOUR = frozenset({"clothes", "accessories", "animals", "plants", "things"})


def usual_words(key: str) -> str:
    """A tag's search key with the spelling of its words that boorus use."""
    return " ".join(_WORDS.get(word, word) for word in key.split(" "))


def implied_by(tag: str) -> frozenset[str]:
    """All tags that hold whenever this one does, as search keys: a black kitten is a cat too."""
    return _implied(usual_words(search_key(tag)))


@lru_cache(maxsize=100_000)
def _implied(key: str) -> frozenset[str]:
    found: set[str] = set()
    ahead = {key}
    while ahead:
        one = ahead.pop()
        found.add(one)
        ahead |= {*_written().get(one, ()), *_described(one)} - found
    return frozenset(found - {key})


@cache
def _written() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(search_key(row["tag"]), set()).add(search_key(row["implies"]))
    return {tag: frozenset(implied) for tag, implied in found.items()}


def _described(key: str) -> Iterable[str]:
    """What a colour or a length is said of: "white dress" of a dress, "long red hair" of both."""
    first, _, rest = key.partition(" ")
    if first in _COLOURS and rest and group_of(rest) == group_of(key) in _WITHOUT_COLOUR:
        yield rest
    for length in _LENGTHS:
        hair = key.removeprefix(f"{length} ")
        if hair != key and hair.removesuffix(" hair") in _COLOURS:
            yield from (f"{length} hair", hair)
