"""Variety of a project's pictures: groups of look-alikes, and the few that cover most."""

from __future__ import annotations

from collections.abc import Sequence

from curator.core.view import ProjectView


def cover_among(project: ProjectView, ids: Sequence[int], number: int) -> list[int]:
    """Of these pictures so many that cover most, see `likeness.cover`; the most usual one first.

    Those that are not measured are left out.
    """
    from curator.core.likeness import cover
    from curator.core.looks import looks_among

    there, points = looks_among(project, ids)
    return [there[n] for n in cover(points, number)]


def clusters_among(project: ProjectView, ids: Sequence[int]) -> list[list[int]]:
    """Groups of look-alikes among these pictures, see `likeness.clusters`."""
    from curator.core.likeness import clusters
    from curator.core.looks import looks_among

    there, points = looks_among(project, ids)
    return [[there[n] for n in group] for group in clusters(points)]
