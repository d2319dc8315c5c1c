"""Pictures as points: by an embedding model where one is in use, else by what was measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from curator.core.installed_models import use_file, use_none
from curator.core.likeness import points_of
from curator.core.looks import looks_among, looks_key, mark_of
from curator.core.measures import Measures
from curator.core.project import Project
from curator.core.records import Image, Measured
from curator.core.store.embeddings import EmbeddingCache
from curator.core.variety import clusters_among, cover_among
from tests.helpers.projects import fill

LOOKS = [0, 0, 250, 250]
# To the model it is the first and the third, and the second and the fourth, that look alike.
SEEN = [(1, 0), (0, 1), (1, 0), (0, 1)]


@pytest.fixture
def images(project: Project) -> list[Image]:
    """Four pictures that are measured, and one that is not."""
    found = fill(project, 5)
    rows = zip(found, LOOKS, strict=False)
    project.record([Measured(i.id, Measures(), 0.0, bytes([look] * 224)) for i, look in rows])
    return found


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a model that is in use."""
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    path = tmp_path / "model.onnx"
    path.write_bytes(b"is not opened here")
    return use_file("embedding", path).path


def see(project: Project, model: Path, images: list[Image]) -> None:
    """Keep what the model saw in these."""
    rows = [
        (looks_key(image), np.array(seen, np.float32).tobytes())
        for image, seen in zip(images, SEEN, strict=False)
    ]
    with EmbeddingCache(project.cache_dir, mark_of(model)) as cache:
        cache.put(rows)


def test_a_model_in_use_decides_what_looks_alike(
    project: Project, images: list[Image], model: Path
) -> None:
    ids = [image.id for image in images]
    measured = [ids[:2], ids[2:4]]
    assert clusters_among(project, ids) == measured  # nothing was seen yet
    see(project, model, images[:3])
    assert clusters_among(project, ids) == measured  # not all of them
    see(project, model, images[:4])
    assert clusters_among(project, ids) == [[ids[0], ids[2]], [ids[1], ids[3]]]
    assert {ids.index(id_) % 2 for id_ in cover_among(project, ids, 2)} == {0, 1}
    use_none("embedding")
    assert clusters_among(project, ids) == measured


def test_the_points_are_those_of_the_model_or_of_the_measures(
    project: Project, images: list[Image], model: Path
) -> None:
    ids = [image.id for image in images]
    there, points = looks_among(project, ids)
    assert there == ids[:4]
    assert np.array_equal(points, points_of([bytes([look] * 224) for look in LOOKS]))
    see(project, model, images[:4])
    assert np.array_equal(looks_among(project, ids)[1], np.array(SEEN, np.float32))
    assert looks_among(project, [])[0] == []


def test_another_model_and_one_that_is_gone_have_seen_nothing(
    project: Project, images: list[Image], model: Path
) -> None:
    see(project, model, images[:4])
    ids = [image.id for image in images]
    before = looks_among(project, ids)[1]
    model.write_bytes(b"another model")
    assert looks_among(project, ids)[1].shape != before.shape
    model.unlink()
    assert looks_among(project, ids)[1].shape != before.shape
