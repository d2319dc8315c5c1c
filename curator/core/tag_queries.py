"""Queries that a click on a tag makes: pictures with it, without it, or with it alone asked for."""

from __future__ import annotations

from curator.core.query_terms import written
from curator.core.query_words import choose, sort_of, sorted_by


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


def _both(tag: str) -> tuple[str, str]:
    return tag_term(tag), f"-{tag_term(tag)}"
