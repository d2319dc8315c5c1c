"""A run before it is started: what stands in its way is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.project import Project
from curator.core.records import Rating
from curator.core.run_draft import draft, size_of
from curator.core.run_plan import TrainRequest
from tests.helpers.imported import bring_in, decide
from tests.helpers.pictures import draw

REQUEST = TrainRequest()


@pytest.fixture
def pictures(project: Project, tmp_path: Path) -> Project:
    bring_in(project, tmp_path / "in", {f"{n}.png": draw(n, (64, 64)) for n in range(3)})
    return project


def test_what_lacks_is_asked_for_one_after_the_other(pictures: Project) -> None:
    assert draft(pictures, REQUEST).obstacle == "Choose a base model."
    pictures.change_settings({"base": "practice"})
    assert "Rate some pictures" in draft(pictures, REQUEST).obstacle
    decide(pictures, "", Rating.PRIMARY)
    found = draft(pictures, REQUEST)
    assert found.obstacle == ""
    assert found.preview is not None
    assert found.preview.images == 3


def test_a_base_that_cannot_be_trained_says_why(pictures: Project, tmp_path: Path) -> None:
    decide(pictures, "", Rating.PRIMARY)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no model")
    found = draft(pictures, TrainRequest(base=str(broken)))
    assert found.base is not None
    assert found.obstacle == found.base.why_not != ""
    assert found.base_bytes == 8


def test_options_that_contradict_each_other_are_named(pictures: Project) -> None:
    pictures.change_settings({"base": "practice", "options": "lr_scheduler=constant"})
    found = draft(pictures, REQUEST)
    assert "lr_scheduler" in found.conflict
    assert found.preview is None
    assert found.bare is not None
    assert found.bare.lr_scheduler == "cosine"


def test_kept_options_make_the_run_and_the_bare_one_is_without_them(pictures: Project) -> None:
    decide(pictures, "", Rating.PRIMARY)
    pictures.change_settings({"base": "practice", "options": "max_train_epochs=3"})
    found = draft(pictures, REQUEST)
    assert found.preview is not None
    assert found.preview.epochs == 3
    assert found.bare is not None
    assert found.bare.max_train_epochs != 3


def test_a_folder_is_as_large_as_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"123")
    assert size_of(tmp_path) == 8
    assert size_of(tmp_path / "nowhere") == 0
