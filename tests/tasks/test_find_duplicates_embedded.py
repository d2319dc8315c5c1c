"""The search for duplicates with an embedding model: what it adds, and what it leaves as it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from curator.core.duplicates import COPIES, Kind
from curator.core.installed_models import InstalledModel, use_file
from curator.core.jobs import Cancelled, Job
from curator.core.looks import looks_key, mark_of
from curator.core.project import Project
from curator.core.store.embeddings import EmbeddingCache
from curator.tasks import find_duplicates as task
from curator.tasks.find_duplicates import DuplicatesReport, find_duplicates
from curator.tasks.import_images import import_images
from tests.helpers.copied import original, scraped
from tests.helpers.imported import bring_in
from tests.helpers.onnx_files import write_colour_embedding


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InstalledModel:
    """A model that sees colours in place, in use."""
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    return use_file("embedding", write_colour_embedding(tmp_path / "colours.onnx"))


def scene(place: int, texture: int) -> Image.Image:
    """A picture of large colours with small squares upon it, no two of which are related."""
    colours = np.random.default_rng(place).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    squares = np.random.default_rng(texture).integers(-45, 46, (64, 64, 3))
    large = np.asarray(Image.fromarray(colours).resize((256, 256), Image.Resampling.NEAREST))
    fine = squares.repeat(4, axis=0).repeat(4, axis=1)
    return Image.fromarray(np.clip(large + fine, 0, 255).astype(np.uint8))


SCENES = {f"{place}{texture}.png": scene(place, 10 * place + texture)
          for place in range(3) for texture in range(3)}  # fmt: skip


def search(
    project: Project, model: InstalledModel | None, job: Job | None = None
) -> DuplicatesReport:
    return find_duplicates(job or Job(), project, model)


def scenes(project: Project) -> set[tuple[str, str]]:
    """The names of the pairs of one scene."""
    found = set()
    for pair in project.all_pairs((Kind.SCENE,)):
        one, other = sorted(image.name for image in project.images(pair.key))
        found.add((one, other))
        assert pair.likeness >= task.SCENE_COSINE
    return found


def same_places() -> set[tuple[str, str]]:
    return {
        (one, other) for one in SCENES for other in SCENES if one < other and one[0] == other[0]
    }


def test_look_alikes_that_share_no_pixels_are_of_one_scene(
    project: Project, tmp_path: Path, model: InstalledModel
) -> None:
    bring_in(project, tmp_path / "a", SCENES)
    assert search(project, None).found == []
    parts: list[Any] = []
    report = search(project, model, Job(on_part=parts.append))
    assert scenes(project) == same_places()
    assert [pair for part in parts for pair in part] == report.found
    assert report.unembedded == ""
    assert project.duplicate_groups(COPIES) == []


def test_copies_are_what_they_are_without_a_model(
    project: Project, tmp_path: Path, model: InstalledModel
) -> None:
    kinds = scraped(tmp_path / "photos")
    bring_in(project, tmp_path / "b", {"0.png": original(0), "1.png": original(1)})
    import_images(Job(), project, [tmp_path / "photos"])
    search(project, None)
    before = project.all_pairs(COPIES)
    assert len(before) >= len(kinds)
    search(project, model)
    assert project.all_pairs(COPIES) == before


def test_a_second_search_looks_at_what_is_new_alone(
    project: Project, tmp_path: Path, model: InstalledModel
) -> None:
    bring_in(project, tmp_path / "a", {n: one for n, one in SCENES.items() if n != "22.png"})
    search(project, model)
    network, before = model.path.read_bytes(), model.path.stat()
    model.path.write_bytes(bytes(len(network)))  # what is not opened may be broken
    os.utime(model.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    again = search(project, model)
    assert (again.looked_at, again.unembedded) == (0, "")
    bring_in(project, tmp_path / "b", {"22.png": SCENES["22.png"]})
    assert search(project, model).unembedded
    model.path.write_bytes(network)
    os.utime(model.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert search(project, model).looked_at == 2
    assert scenes(project) == same_places()


def test_a_cancelled_search_goes_on_where_it_was(
    project: Project, tmp_path: Path, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task, "SAVED_EVERY", 4)
    images = bring_in(project, tmp_path / "a", SCENES)
    search(project, None)
    job = Job(on_part=lambda _part: job.cancel())  # the first pairs
    with pytest.raises(Cancelled):
        search(project, model, job)
    keys = [looks_key(image) for image in images.values()]
    with EmbeddingCache(project.cache_dir, mark_of(model.path)) as cache:
        assert cache.known(keys) == set(keys)
        assert cache.compared(keys) == set()
    search(project, model)
    assert scenes(project) == same_places()


def test_a_model_that_can_not_be_used_is_told_and_the_rest_is_done(
    project: Project, tmp_path: Path, model: InstalledModel
) -> None:
    bring_in(project, tmp_path / "a", {"a.png": original(1), "b.jpg": original(1)})
    model.path.write_bytes(b"broken")
    report = search(project, model)
    assert "is no model that can be used" in report.unembedded
    assert report.as_json()["unembedded"] == report.unembedded
    assert len(report.found) == 1
    model.path.unlink()
    assert "does not exist" in search(project, model).unembedded
