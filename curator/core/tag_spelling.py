"""The ways in which one tag is written: underscores, escapes, weights, case; and `*` in patterns.

A tag is compared by its key, in which none of them makes a difference; what a caption holds stays
as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

# Their underscores are no spaces; the 19 that taggers and A1111's extensions agree on.
KAOMOJI = frozenset(
    (
        *("0_0", "(o)_(o)", "+_+", "+_-", "._.", "<o>_<o>", "<|>_<|>", "=_=", ">_<", "3_3", "6_9"),
        *(">_o", "@_@", "^_^", "o_o", "u_u", "x_x", "|_|", "||_||"),
    )
)
_WORD = re.compile(r"[^\W\d_]{2}|\w{3}")
_ESCAPED = re.compile(r"\\([()\[\]{}])")
_TO_ESCAPE = re.compile(r"(?<!\\)([()])")
_WEIGHTED = re.compile(r"\(([^()]*(?:\\[()][^()]*)*):\s*-?\d*\.?\d+\s*\)")


def spaced(tag: str) -> str:
    """The tag with spaces for underscores, except in a kaomoji such as ^_^."""
    return tag if tag in KAOMOJI else tag.replace("_", " ")


def underscored(tag: str) -> str:
    """The tag with underscores for spaces."""
    return tag.replace(" ", "_")


def unescaped(tag: str) -> str:
    r"""The tag with plain brackets for those that are escaped for prompts: `\(` becomes `(`."""
    return _ESCAPED.sub(r"\1", tag) if "\\" in tag else tag


def escaped(tag: str) -> str:
    r"""The tag with its parentheses escaped for prompts, once: `(` becomes `\(`."""
    return _TO_ESCAPE.sub(r"\\\1", tag)


def unweighted(tag: str) -> str:
    """The tag without the weights of prompts: "(hat:1.2)" becomes "hat"."""
    while (plain := _WEIGHTED.sub(r"\1", tag)) != tag:
        tag = plain
    return plain.strip()


@lru_cache(maxsize=200_000)
def tag_key(tag: str) -> str:
    """What is the same for all ways to write a tag: spaces, no escapes, case folded."""
    return spaced(unescaped(tag).strip()).casefold()


def in_style_of(tag: str, new: str) -> str:
    """`new` with underscores where `tag` is written with them, with spaces otherwise."""
    written_so = "_" in tag and " " not in tag and tag not in KAOMOJI
    return underscored(new) if written_so else spaced(new)


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a tag is one of these, however it is written; `*` stands for anything."""
    keys = {key for pattern in patterns if (key := tag_key(pattern))}
    plain = {key for key in keys if "*" not in key}
    some = [".*".join(map(re.escape, re.split(r"\*+", key))) for key in sorted(keys - plain)]
    if not some:
        return lambda tag: tag_key(tag) in plain
    like = re.compile("|".join(some), re.DOTALL)
    return lambda tag: (key := tag_key(tag)) in plain or like.fullmatch(key) is not None


def search_key(text: str) -> str:
    """What all spellings of a tag have in common.

    Case, underscores, hyphens and escaped parentheses make no difference, but in what has no word
    in it, such as `^_^`, every character counts.
    """
    return search_keys([text])[0]


def search_keys(texts: Iterable[str]) -> list[str]:
    """The search key of each text, none of which has more than one line."""
    plain = _ESCAPED.sub(r"\1", "".join(f"{text}\n" for text in texts).casefold())
    folded = plain.replace("_", " ").replace("-", " ")
    pairs = zip(plain.split("\n"), folded.split("\n"), strict=True)
    keys = [
        " ".join(words.split()) if _WORD.search(text) and text not in KAOMOJI else text
        for text, words in pairs
    ]
    return keys[:-1]


with_spaces, with_underscores = spaced, underscored
