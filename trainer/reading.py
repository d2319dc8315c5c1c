"""How a text becomes pieces of 75 tokens with weights, for encoders that read no more at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trainer.caption_options import CaptionOptions

PIECE = 75  # tokens beside the marks for begin and end
_COMMA_WITHIN = 20  # tokens from the end of a piece, as A1111's comma_padding_backtrack
_UP, _DOWN = 1.1, 1 / 1.1
_SIGNS = re.compile(
    r"\\[()\[\]\\]|\\|\(|\[|:\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*\)|\)|\]|[^\\()\[\]:]+|:"
)

Weighed = tuple[int, float]  # a token and its weight


@dataclass(frozen=True, slots=True)
class Reading:
    """At most so many tokens; whether pieces end at commas; whether brackets are weights."""

    max_tokens: int = PIECE
    at_commas: bool = False
    weighted: bool = False

    @classmethod
    def of(cls, options: CaptionOptions) -> Reading:
        """How a run reads its captions."""
        return cls(options.max_token_length, options.split_at_commas, options.weighted_captions)

    @property
    def pieces(self) -> int:
        """Into how many pieces every text is split, most of them empty for short ones."""
        return self.max_tokens // PIECE


def parts_of(text: str) -> list[tuple[str, float]]:
    """A text as parts with weights, by A1111's grammar.

    (x) is 1.1, [x] is 1 / 1.1, (x:1.3) is 1.3, and they multiply where they lie in each other; a
    backslash before a bracket makes it part of the text. What is open at the end counts to the end.
    """
    parts: list[tuple[str, float]] = []
    opened: dict[str, list[int]] = {"(": [], "[": []}  # the first part inside of each
    for found in _SIGNS.finditer(text):
        sign = found[0]
        bracket, factor = _closing(found)
        if sign in opened:
            opened[sign].append(len(parts))
        elif bracket and opened[bracket]:
            _weigh(parts, opened[bracket].pop(), factor)
        else:
            parts.append((sign[1:] if len(sign) == 2 and sign[0] == "\\" else sign, 1.0))
    for bracket, factor in (("(", _UP), ("[", _DOWN)):
        for first in opened[bracket]:
            _weigh(parts, first, factor)
    return _merged(parts)


def _closing(found: re.Match[str]) -> tuple[str, float]:
    """The bracket that a sign closes and its weight; "" for other signs."""
    if found[1] is not None:
        return "(", float(found[1])
    return {")": ("(", _UP), "]": ("[", _DOWN)}.get(found[0], ("", 1.0))


def _weigh(parts: list[tuple[str, float]], first: int, factor: float) -> None:
    parts[first:] = [(words, weight * factor) for words, weight in parts[first:]]


def pieces_of(
    text: str, reading: Reading, encode: Callable[[str], Sequence[int]], comma: int
) -> list[list[Weighed]]:
    """All pieces of up to 75 tokens that a text has, at least one, however long it is.

    `encode` gives the tokens of a text, `comma` is the token of a comma.
    """
    parts = parts_of(text) if reading.weighted else [(text, 1.0)]
    tokens = [(token, weight) for words, weight in parts for token in encode(words)]
    pieces: list[list[Weighed]] = []
    while len(tokens) > PIECE:
        end = _end(tokens, comma) if reading.at_commas else PIECE
        pieces.append(tokens[:end])
        tokens = tokens[end:]
    return [*pieces, tokens]


def commas_in_brackets(text: str, separator: str) -> bool:
    """Whether weights in a text reach over a tag separator."""
    depth = 0
    for found in _SIGNS.finditer(text):
        sign = found[0]
        if sign in ("(", "["):
            depth += 1
        elif sign in (")", "]") or found[1] is not None:
            depth = max(0, depth - 1)
        elif depth and separator in sign:
            return True
    return False


def _end(tokens: Sequence[Weighed], comma: int) -> int:
    """Behind the last comma among the last tokens of a piece, else the end of the piece."""
    for at in range(PIECE, PIECE - _COMMA_WITHIN, -1):
        if tokens[at - 1][0] == comma:
            return at
    return PIECE


def _merged(parts: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    merged: list[tuple[str, float]] = []
    for words, weight in parts:
        if merged and merged[-1][1] == weight:
            merged[-1] = merged[-1][0] + words, weight
        else:
            merged.append((words, weight))
    return merged
