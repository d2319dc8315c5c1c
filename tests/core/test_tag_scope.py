"""Tables of tags: of a query, and of pictures that are chosen."""

from __future__ import annotations

from curator.core.edits import set_rating
from curator.core.project import Project
from curator.core.records import Rating
from curator.core.tag_categories import Category
from curator.core.tag_scope import rows_of_ids, rows_of_query
from curator.core.tag_table import TagRow
from tests.helpers.projects import fill

NOTHING: dict[str, Category] = {}


def told(rows: list[TagRow]) -> dict[str, tuple[int, float]]:
    return {row.tag: (row.count, row.primary_share) for row in rows}


def test_counts_and_shares_are_of_the_pictures_meant(project: Project) -> None:
    images = fill(project, 4, ("cat, hat", "cat", "hat", "dog"))
    project.apply(set_rating(images[:2], Rating.PRIMARY))
    ids = [image.id for image in images]
    nothing = NOTHING.get
    whole = {"cat": (2, 1.0), "hat": (2, 0.5), "dog": (1, 0.0)}
    assert told([*rows_of_query(project, "", nothing)]) == whole
    assert told([*rows_of_ids(project, ids, nothing)]) == whole
    assert told([*rows_of_ids(project, ids[1:3], nothing)]) == {"cat": (1, 1.0), "hat": (1, 0.0)}
    assert told([*rows_of_query(project, "tag:dog", nothing)]) == {"dog": (1, 0.0)}
    assert rows_of_ids(project, [], nothing) == []
