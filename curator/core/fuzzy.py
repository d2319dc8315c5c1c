"""Fuzzy search in short titles: the letters in their order, the tightest match first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def score(typed: str, title: str) -> float | None:
    """How well the letters of `typed` fit into `title`, more is better; None where they do not.

    Letters that begin a word count most, then letters that follow each other; of two equal fits
    the shorter title wins. Case and blanks make no difference.
    """
    wanted, text = "".join(typed.casefold().split()), title.casefold()
    if not _holds(text, wanted):
        return None
    total, at, last = 0.0, 0, -2
    for number, letter in enumerate(wanted):
        place, start = text.find(letter, at), _word_start(text, letter, at)
        # A letter that goes on with the run is better than one that begins a later word.
        if place != last + 1 and start > place and _holds(text[start + 1 :], wanted[number + 1 :]):
            place = start
        total += 3.0 if place == start else 2.0 if place == last + 1 else 0.5
        at, last = place + 1, place
    return total - len(text) / 100


def _holds(text: str, letters: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _word_start(text: str, letter: str, begin: int) -> int:
    at = text.find(letter, begin)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(letter, at + 1)
    return at


def best(typed: str, items: Iterable[Item], title: Callable[[Item], str]) -> list[Item]:
    """The items that fit, the best first; all of them in their order when nothing is typed."""
    scored = [(score(typed, title(item)), item) for item in items]
    fitting = [(value, item) for value, item in scored if value is not None]
    if typed.strip():
        fitting.sort(key=lambda pair: -pair[0])
    return [item for _value, item in fitting]
