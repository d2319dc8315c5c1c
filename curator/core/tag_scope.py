"""The table of tags for all pictures, those of a query, or those that are chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection

from curator.core.tag_categories import Category
from curator.core.tag_table import TagRow, TagUsage, tag_rows
from curator.core.view import ProjectView

Kinds = Callable[[str], Category | None]


def rows_of_query(project: ProjectView, query: str, kinds: Kinds) -> list[TagRow]:
    """The tags of what a query finds, in any order. Raises QueryError."""
    return tag_rows(project.tag_usage(query), kinds)


def rows_of_ids(project: ProjectView, ids: Collection[int], kinds: Kinds) -> list[TagRow]:
    """The tags of these pictures, of any number."""
    primaries = set(ids).intersection(project.select("is:primary"))
    counts, of_primaries = project.tags_of(ids), project.tags_of(primaries)
    return tag_rows(TagUsage(len(ids), len(primaries), counts, of_primaries), kinds)
