"""In how many pictures the tags of a list stand, however they are written there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from curator.core.tag_queries import tag_term
from curator.core.tag_spelling import matcher
from curator.core.view import ProjectView

MOST_TERMS = 200  # in one query; of a pattern that fits more tags the rarest are not counted


class Hit(NamedTuple):
    """A tag of the list, or a pattern; `query` finds the pictures that have it, "" for none."""

    tag: str
    pictures: int
    query: str


def hits(project: ProjectView, patterns: Sequence[str]) -> list[Hit]:
    """Where each of these stands, what is in most pictures first."""
    counts = dict(project.tag_counts())
    found = [_hit(project, counts, pattern) for pattern in patterns]
    return sorted(found, key=lambda hit: -hit.pictures)


def _hit(project: ProjectView, counts: Mapping[str, int], pattern: str) -> Hit:
    fits = matcher([pattern])
    tags = sorted(filter(fits, counts), key=lambda tag: -counts[tag])
    query = " OR ".join(tag_term(tag) for tag in tags[:MOST_TERMS])
    pictures = len(project.select(query)) if len(tags) > 1 else sum(counts[tag] for tag in tags)
    return Hit(pattern, pictures, query)
