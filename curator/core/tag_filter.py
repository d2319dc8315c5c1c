"""What a query says about single tags: which it asks for, one in place of all, none any more."""

from __future__ import annotations

from collections.abc import Iterable

from curator.core.query import parse
from curator.core.query_tree import And, Node, Not, Text
from curator.core.query_words import choose
from curator.core.tag_queries import tag_term, with_tag


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


def toggled(query: str, tag: str) -> str:
    """With this tag in place of the others that are asked for; where it is that already, without.

    What is ruled out stays so. Raises QueryError.
    """
    wanted = [one for one, is_wanted in asked_tags(query).items() if is_wanted]
    rest = choose(query, map(tag_term, wanted), [])
    return rest if wanted == [tag.casefold()] else with_tag(rest, tag)


def without_tags(query: str) -> str:
    """The query with no condition about single tags any more. Raises QueryError."""
    terms = [f"{'' if wanted else '-'}{tag_term(tag)}" for tag, wanted in asked_tags(query).items()]
    return choose(query, terms, [])
