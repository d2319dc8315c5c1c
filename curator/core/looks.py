"""Pictures as points by how they look: by the embedding model in use, else by what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from curator.core.installed_models import model_for
from curator.core.likeness import Points, points_of
from curator.core.records import Image
from curator.core.store.embeddings import NAME, EmbeddingCache
from curator.core.view import ProjectView


def looks_key(image: Image) -> str:
    """What the embedding of a picture is kept under."""
    return f"{image.sha256}-{image.frame}"


def mark_of(model: Path) -> str:
    """What tells the vectors of a model from those of another. Raises OSError."""
    found = model.stat()
    return f"{model.name}-{found.st_size}-{found.st_mtime_ns}"


def looks_among(project: ProjectView, ids: Sequence[int]) -> tuple[list[int], Points]:
    """Those of the pictures that can be compared by their looks, and a point for each.

    The points are vectors of length 1 where an embedding model is in use and has seen all that are
    measured (find_duplicates has it look), else those of `likeness.points_of`.
    """
    described = project.descriptors(ids)
    there = [id_ for id_ in ids if id_ in described]
    if not there:
        return [], np.zeros((0, 1), np.float32)
    embedded = _embedded(project, there)
    if len(embedded) == len(there):
        return there, np.stack([np.frombuffer(embedded[id_], np.float32) for id_ in there])
    return there, points_of([described[id_] for id_ in there])


def _embedded(project: ProjectView, ids: Sequence[int]) -> dict[int, bytes]:
    model = model_for("embedding")
    if model is None or not model.is_there or not (project.cache_dir / NAME).is_file():
        return {}
    keys = {image.id: looks_key(image) for image in project.images(ids)}
    with EmbeddingCache(project.cache_dir, mark_of(model.path)) as cache:
        kept = cache.vectors(set(keys.values()))
    return {id_: kept[key] for id_, key in keys.items() if key in kept}
