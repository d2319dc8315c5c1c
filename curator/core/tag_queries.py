"""Queries that a click on a tag makes: pictures with it, without it, or with it alone asked for."""

from __future__ import annotations

from curator.core.query_terms import written
from curator.core.query_words import choose, chosen, sort_of, sorted_by


def tag_term(tag: str) -> str:
    """The condition that finds this very tag, in any case."""
    return f"tag:{written(tag)}"


def with_tag(query: str, tag: str) -> str:
    """The query narrowed to pictures with the tag. Raises QueryError."""
    return choose(query, _both(tag), [tag_term(tag)])


def without_tag(query: str, tag: str) -> str:
    """The query narrowed to pictures without the tag. Raises QueryError."""
    return choose(query, _both(tag), [f"-{tag_term(tag)}"])


def only_tag(query: str, tag: str) -> str:
    """All pictures with the tag, in the query's order. Raises QueryError."""
    return sorted_by(tag_term(tag), sort_of(query))


def any_way(query: str, tag: str) -> str:
    """The query without a condition on the tag. Raises QueryError."""
    return choose(query, _both(tag), [])


def asked(query: str, tag: str) -> bool | None:
    """Whether the query wants the tag; None where it does not care. Raises QueryError."""
    terms = chosen(query, _both(tag))
    return None if len(terms) != 1 else not terms[0].startswith("-")


def _both(tag: str) -> tuple[str, str]:
    return tag_term(tag), f"-{tag_term(tag)}"
