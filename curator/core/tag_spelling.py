"""One tag in several spellings: underscores or spaces, and what makes two spellings one tag."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Faces in which an underscore is no blank (taggui, picobyte's tagger and the WD14 demo agree).
_FACES = """
0_0 (o)_(o) +_+ +_- ._. <o>_<o> <|>_<|> =_= >_< 3_3 6_9 >_o @_@ ^_^ o_o u_u x_x |_| ||_||
"""
KAOMOJI = frozenset(_FACES.split())
_JOINTS = str.maketrans("_-", "  ")
_WORD = re.compile(r"[^\W\d_]{2}|\w{3}")
_ESCAPED = re.compile(r"\\([()])")


def with_spaces(tag: str) -> str:
    """The tag with spaces for its underscores; a face stays what it is."""
    return tag if tag in KAOMOJI else tag.replace("_", " ")


def with_underscores(tag: str) -> str:
    """The tag with underscores for its spaces."""
    return tag.replace(" ", "_")


def search_key(text: str) -> str:
    """What all spellings of a tag have in common.

    Case, underscores, hyphens and escaped parentheses make no difference, but in what has no word
    in it, such as `^_^`, every character counts.
    """
    return search_keys([text])[0]


def search_keys(texts: Iterable[str]) -> list[str]:
    """The search key of each text, none of which has more than one line."""
    whole = "".join(f"{text}\n" for text in texts).casefold()
    plain = _ESCAPED.sub(r"\1", whole)
    return [_key(text) for text in plain.split("\n")[:-1]]


def _key(text: str) -> str:
    if text in KAOMOJI or not _WORD.search(text):
        return text
    return " ".join(text.translate(_JOINTS).split())
