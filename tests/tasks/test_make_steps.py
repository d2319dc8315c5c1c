"""Heavy steps are made once, for what shows and what writes pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from curator.core.edits import set_rating
from curator.core.errors import UserError
from curator.core.jobs import Cancelled, Job
from curator.core.model_folder import VARIABLE
from curator.core.project import Project
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.records import Image, Rating
from curator.core.regions import Ellipse
from curator.core.steps import Crop, CutOut, Pad, Step, Upscale
from curator.imaging.render import render
from curator.tasks.export_dataset import export_dataset
from curator.tasks.make_steps import HeavyModels, make_missing, make_steps
from curator.tasks.render_images import render_images
from tests.helpers import heavy_models
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw

LIMIT = 10**8


@pytest.fixture
def doubler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "models"))
    return str(heavy_models.write_doubler(tmp_path / "doubler.onnx"))


@pytest.fixture
def cutter(tmp_path: Path) -> str:
    return str(heavy_models.write_bright_cutter(tmp_path / "bright.onnx"))


def with_steps(project: Project, folder: Path, count: int, steps: Sequence[Step]) -> list[Image]:
    images = bring_in(project, folder, {f"{n}.png": draw(n) for n in range(count)}).values()
    project.apply(set_recipes("Prepare", dict.fromkeys(images, Recipe(tuple(steps)))))
    return project.images(project.select())


def test_steps_are_made_once_and_shown_from_then_on(
    project: Project, tmp_path: Path, doubler: str, cutter: str
) -> None:
    steps = (Crop(0, 0, 60, 60, 96, 64), CutOut(cutter), Upscale(3, doubler), Pad(2, 1, "red"))
    images = with_steps(project, tmp_path / "in", 3, steps)
    handed: list[Any] = []
    report = make_steps(Job(on_part=handed.append), project, images)
    assert not report.failed
    assert sorted(report.made) == sorted(image.id for image in images)
    assert {image.id for image in handed} == set(report.made)
    assert len(report.runs_on) == 1
    assert render(images[0], project.root, LIMIT).size == (360, 180)
    assert make_steps(Job(), project, images).made == ()
    plain = with_steps(project, tmp_path / "more", 4, ())[-1:]
    assert make_steps(Job(), project, plain).made == ()


def test_a_step_with_strokes_needs_no_model(project: Project, tmp_path: Path) -> None:
    hand = CutOut("hand", "transparent", kept=(Ellipse(0.5, 0.5, 0.2, 0.2),))
    images = with_steps(project, tmp_path / "in", 1, (hand,))
    report = make_steps(Job(), project, images)
    assert (len(report.made), report.runs_on) == (1, ())
    assert render(images[0], project.root, LIMIT).mode == "RGBA"


def test_another_picture_of_the_project_is_laid_behind(
    project: Project, tmp_path: Path, cutter: str
) -> None:
    images = with_steps(project, tmp_path / "in", 2, ())
    there = CutOut(cutter, f"picture:{images[1].sha256}")
    gone = CutOut(cutter, f"picture:{'0' * 64}")
    project.apply(set_recipes("x", {images[0]: Recipe((there,)), images[1]: Recipe((gone,))}))
    report = make_steps(Job(), project, project.images(project.select()))
    assert report.made == (images[0].id,)
    assert [reason for _id, _source, reason in report.failed] == [report.failed[0][2]]
    assert "no longer in the project" in report.lines()[0]


def test_a_picture_or_model_that_is_gone_is_reported_and_the_others_are_made(
    project: Project, tmp_path: Path, doubler: str
) -> None:
    images = with_steps(project, tmp_path / "in", 3, (Upscale(2, doubler),))
    bad = Recipe((Upscale(2, str(tmp_path / "no.pth")),))
    project.apply(set_recipes("x", {images[1]: bad}))
    (project.root / images[2].path).unlink()
    report = make_steps(Job(), project, project.images(project.select()))
    assert report.made == (images[0].id,)
    assert {id_ for id_, _source, _why in report.failed} == {images[1].id, images[2].id}
    assert "There is no model" in str(report.as_json()["failed"])


def test_one_model_of_a_kind_is_kept_until_it_is_freed(tmp_path: Path, doubler: str) -> None:
    models = HeavyModels(use_card=False)
    first = models.upscaler(doubler)
    assert models.upscaler(doubler) is first
    other = str(heavy_models.write_filter(tmp_path / "soft.onnx"))
    assert models.upscaler(other) is not first
    assert models.upscaler(doubler) is not first
    last = models.upscaler(doubler)
    models.free()
    assert models.upscaler(doubler) is not last
    with pytest.raises(UserError, match="There is no model"):
        models.cutter("nowhere.onnx")


def test_it_can_be_cancelled(project: Project, tmp_path: Path, doubler: str) -> None:
    images = with_steps(project, tmp_path / "in", 2, (Upscale(2, doubler),))
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        make_steps(job, project, images)


def test_what_writes_pictures_makes_what_they_lack(
    project: Project, tmp_path: Path, doubler: str
) -> None:
    images = with_steps(project, tmp_path / "in", 2, (Upscale(2, doubler),))
    project.apply(set_recipes("x", {images[1]: Recipe((Upscale(2, "gone.pth"),))}))
    images = project.images(project.select())
    project.apply(set_rating(images, Rating.PRIMARY))
    images = project.images(project.select())
    unmade = render_images(Job(), project, images, tmp_path / "out")
    assert {why.split(".")[0] for _id, _source, why in unmade.failed} == {
        "Its upscale is not computed yet"
    }
    report = render_images(Job(), project, images, tmp_path / "out", ".webp", make_missing)
    assert [id_ for id_, _path in report.written] == [images[0].id]
    assert "There is no model" in report.failed[0][2]
    shown = render(images[0], project.root, LIMIT)
    with Pillow.open(report.written[0][1]) as written:
        assert written.convert("RGB").tobytes() == shown.tobytes()
    exported = export_dataset(Job(), project, tmp_path / "data", make=make_missing)
    assert exported.images == 1
    assert "There is no model" in exported.failures[0].reason
    (path,) = (tmp_path / "data").rglob("*.png")
    with Pillow.open(path) as written:
        assert written.tobytes() == shown.tobytes()
