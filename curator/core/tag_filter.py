"""A query's conditions about single tags: asked for, ruled out, taken back."""

from __future__ import annotations

from collections.abc import Iterable

from curator.core.query import parse
from curator.core.query_terms import written
from curator.core.query_tree import And, Node, Not, Text
from curator.core.query_words import choose, with_term


def asked_tags(query: str) -> dict[str, bool]:
    """The tags that the query names beside all else: True for with, False for without.

    Case makes no difference in queries, so they are folded. Raises QueryError.
    """
    where = parse(query).where
    parts = where.parts if isinstance(where, And) else (where,) if where else ()
    return {tag: not isinstance(part, Not) for part in parts for tag in _tag_of(part)}


def _tag_of(part: Node) -> Iterable[str]:
    node = part.part if isinstance(part, Not) else part
    if isinstance(node, Text) and node.field == "tag" and len(node.pattern) == 1:
        piece = node.pattern[0]
        if isinstance(piece, str):
            yield piece.casefold()


def term_of(tag: str, wanted: bool = True) -> str:
    """The condition that a picture has the tag, or has it not."""
    return f"{'' if wanted else '-'}tag:{written(tag)}"


def toggled(query: str, tag: str) -> str:
    """With this tag in place of the others that are asked for; where it is that already, without.

    What is ruled out stays so.
    """
    asked = asked_tags(query)
    wanted = [one for one, is_wanted in asked.items() if is_wanted]
    rest = choose(query, [term_of(one) for one in wanted], [])
    return rest if wanted == [tag.casefold()] else _put(rest, tag, wanted=True)


def with_tag(query: str, tag: str, wanted: bool = True) -> str:
    """With this tag, or without it, beside all that the query has already."""
    return _put(query, tag, wanted)


def without_tags(query: str) -> str:
    """The query with no condition about single tags any more."""
    asked = asked_tags(query)
    return choose(query, [term_of(tag, wanted) for tag, wanted in asked.items()], [])


def _put(query: str, tag: str, wanted: bool) -> str:
    return with_term(choose(query, [term_of(tag, not wanted)], []), term_of(tag, wanted))
