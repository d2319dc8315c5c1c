"""How tags are written: underscores as spaces but in kaomoji, and which spellings are one tag."""

from __future__ import annotations

from functools import lru_cache

# What taggers' own demonstrations leave as it is: faces made of signs, in which "_" is a mouth.
KAOMOJI = frozenset(
    (
        *("0_0", "(o)_(o)", "+_+", "+_-", "._.", "<o>_<o>", "<|>_<|>", "=_=", ">_<", "3_3"),
        *("6_9", ">_o", "@_@", "^_^", "o_o", "u_u", "x_x", "|_|", "||_||"),
    )
)


def spaced(tag: str) -> str:
    """The tag with spaces for underscores, a kaomoji as it is."""
    return tag if tag in KAOMOJI else tag.replace("_", " ")


@lru_cache(maxsize=200_000)
def folded(tag: str) -> str:
    """Equal for spellings of one tag: case, underscores and escaped parentheses don't count."""
    return spaced(tag.strip().replace("\\(", "(").replace("\\)", ")")).casefold()
