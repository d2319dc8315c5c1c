"""Scoring pictures with a tagger: what is new, in batches that outlive a stop."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PIL import Image as Pillow
from typing_extensions import override

from curator.core.crops import add_crops
from curator.core.edits import turn_images
from curator.core.errors import UserError
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.recipe import Recipe, Turn
from curator.core.recipe_edits import set_recipes
from curator.core.steps import Crop, Upscale
from curator.core.tag_scores import Thresholds
from curator.ml.taggers import Batch, OpenTagger
from curator.tasks import tag_images as task
from curator.tasks.make_steps import make_missing
from curator.tasks.tag_images import Tagging, TagReport, tag_images
from tests.helpers import pictures
from tests.helpers.heavy_models import write_doubler
from tests.helpers.imported import bring_in
from tests.helpers.taggers import BLUE, GREEN, RED, coloured, write_tagger


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_tagger(tmp_path / "tiny")


def tag(project: Project, model: Path, query: str = "", **how: object) -> TagReport:
    wanted = project.select(query)
    return tag_images(Job(), project, wanted, Tagging(model, use_card=False, **how))  # type: ignore[arg-type]


def found(project: Project, report: TagReport, image_id: int) -> list[str]:
    scores = project.scores(report.tagger)
    return [one.tag for one in scores.of(image_id, scores.proposed(Thresholds()))]


def test_pictures_are_scored_once(project: Project, tmp_path: Path, model: Path) -> None:
    images = bring_in(project, tmp_path / "a", {"a.png": coloured(RED), "b.png": coloured(BLUE)})
    report = tag(project, model)
    assert len(report.scored) == 2
    assert report.tagger.name == "tiny"
    assert report.runs_on == "It runs on the processor."
    assert found(project, report, images["a.png"].id) == [
        "red hat", "outdoors", "miku (append)",
    ]  # fmt: skip
    assert "blue sky" in found(project, report, images["b.png"].id)
    assert list(project.select("safety:explicit")) == [images["a.png"].id]
    assert list(project.select("safety:sensitive")) == [images["b.png"].id]
    more = bring_in(project, tmp_path / "b", {"c.png": coloured(GREEN)})
    again = tag(project, model)
    assert (again.scored, again.known) == ((more["c.png"].id,), 2)
    nothing = tag(project, model)
    assert (nothing.scored, nothing.known, nothing.runs_on) == ((), 3, "")
    assert len(tag(project, model, again=True).scored) == 3
    assert project.undo_label() == "Import b"


def test_another_name_is_taken_over_and_another_model_scores_for_itself(
    project: Project, tmp_path: Path, model: Path
) -> None:
    bring_in(project, tmp_path / "a", {"a.png": coloured(RED)})
    tag(project, model)
    assert tag(project, model, name="other").tagger.name == "other"
    assert [one.name for one in project.taggers()] == ["other"]
    assert tag(project, write_tagger(tmp_path / "cl", "cl")).scored
    assert [one.name for one in project.taggers()] == ["cl", "other"]


def test_a_picture_is_scored_upright_and_turned_as_its_recipe_says(
    project: Project, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upright = Pillow.new("RGB", (32, 16), "red")
    upright.paste("blue", (16, 0, 32, 16))
    stored = pictures.stored_for(upright, 6)
    pictures.write(tmp_path / "a" / "a.png", stored, exif=pictures.exif(6))
    images = bring_in(project, tmp_path / "a", {})
    given: list[np.ndarray] = []
    scores = OpenTagger.scores
    monkeypatch.setattr(
        OpenTagger, "scores", lambda tagger, batch: (given.append(batch), scores(tagger, batch))[1]
    )
    tag(project, model)
    assert np.array_equal(given[0][0][8, 2], [0, 0, 255])
    assert np.array_equal(given[0][0][8, 13], [255, 0, 0])
    project.apply(turn_images([images["a.png"]], Turn(2)))
    assert len(tag(project, model).scored) == 1
    assert np.array_equal(given[1][0][8, 2], [255, 0, 0])


@pytest.fixture
def crop(project: Project, tmp_path: Path) -> int:
    """The id of a crop to the blue half of a picture that is red else, enlarged by a model."""
    source = Pillow.new("RGB", (64, 32), "red")
    source.paste("blue", (32, 0, 64, 32))
    images = bring_in(project, tmp_path / "a", {"a.png": source})
    edit, crops = add_crops(project, [images["a.png"]], project.new_image_ids, 1.0)
    project.apply(edit, crops)
    (child,) = project.images([crops[0].id])
    doubler = str(write_doubler(tmp_path / "doubler.onnx"))
    steps = Recipe((Crop(32, 0, 64, 32, 64, 32), Upscale(2, doubler)))
    project.apply(set_recipes("Prepare", {child: steps}))
    return child.id


def test_of_a_crop_what_it_keeps_is_scored_once_its_steps_are_made(
    project: Project, model: Path, crop: int
) -> None:
    how = Tagging(model, use_card=False)
    report = tag_images(Job(), project, project.select(), how, make_missing)
    assert not report.failed
    assert "blue sky" in found(project, report, crop)
    assert "red hat" not in found(project, report, crop)


def test_steps_that_are_not_made_and_those_that_can_not_be_are_a_sentence(
    project: Project, model: Path, crop: int, tmp_path: Path
) -> None:
    assert (
        tag(project, model)
        .lines()[0]
        .endswith("Its upscale is not computed yet. Wait for it, or write the pictures.")
    )
    (tmp_path / "doubler.onnx").unlink()
    how = Tagging(model, use_card=False)
    report = tag_images(Job(), project, [crop], how, make_missing)
    ((id_, _source, why),) = report.failed
    assert id_ == crop
    assert "There is no model" in why


def test_what_can_not_be_read_is_told_and_the_others_are_scored(
    project: Project, tmp_path: Path, model: Path
) -> None:
    images = bring_in(
        project, tmp_path / "a", {f"{n}.png": coloured(RED, (32, 30 + n)) for n in range(6)}
    )
    (project.root / images["3.png"].path).write_bytes(b"spoilt")
    report = tag(project, model)
    assert len(report.scored) == 5
    assert report.lines()[0].startswith(images["3.png"].source)
    assert report.as_json()["failed"][0]["id"] == images["3.png"].id


def test_a_stop_keeps_what_was_scored(
    project: Project, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = {f"{n:02}.png": coloured(RED, (20, 20 + n)) for n in range(20)}
    bring_in(project, tmp_path / "a", drawn)
    monkeypatch.setattr(task, "RECORD_S", 0)
    job = Job(on_part=lambda _ids: job.cancel())
    with pytest.raises(Cancelled):
        tag_images(job, project, project.select(), Tagging(model, use_card=False))
    kept = project.scored_by(project.taggers()[0].sha256)
    assert 0 < len(kept) < 20
    assert len(tag(project, model).scored) == 20 - len(kept)


class _StoppedOnce(Job):
    """A job that somebody stops once something was scored, when eleven pictures were opened."""

    def __init__(self, is_scored: Event) -> None:
        super().__init__()
        self._is_scored = is_scored

    @override
    def progress(self, done: int, total: int, note: str = "") -> None:
        if done == 11:
            self._is_scored.wait()
            self.cancel()
        super().progress(done, total, note)


def test_a_stop_keeps_the_batches_that_nobody_asked_for_yet(
    project: Project, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = {f"{n:02}.png": coloured(RED, (20, 20 + n)) for n in range(20)}
    bring_in(project, tmp_path / "a", drawn)
    is_scored, scores = Event(), OpenTagger.scores

    def telling(tagger: OpenTagger, pictures: Batch) -> Batch:
        found = scores(tagger, pictures)
        is_scored.set()
        return found

    monkeypatch.setattr(OpenTagger, "scores", telling)
    with pytest.raises(Cancelled):
        tag_images(
            _StoppedOnce(is_scored), project, project.select(), Tagging(model, use_card=False)
        )
    assert len(project.scored_by(project.taggers()[0].sha256)) in (4, 8)


@pytest.mark.parametrize("batch", ["n", 3])
def test_any_batch_gives_the_same(project: Project, tmp_path: Path, batch: int | str) -> None:
    colours = [RED, BLUE, GREEN, "gray", "olive", "navy", "teal"]
    drawn = {f"{n}.png": coloured(c) for n, c in enumerate(colours)}
    images = bring_in(project, tmp_path / "a", drawn)
    report = tag(project, write_tagger(tmp_path / "tiny", batch=batch))
    one = tag(project, write_tagger(tmp_path / "one", batch=1, side=32))
    assert len(report.scored) == 7
    for image in images.values():
        assert found(project, report, image.id) == found(project, one, image.id)


def test_a_model_that_is_not_there_or_is_none_is_told(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no model"):
        tag(project, tmp_path / "none.onnx")
    (tmp_path / "broken.onnx").write_bytes(b"broken")
    with pytest.raises(UserError, match="no tags beside"):
        tag(project, tmp_path / "broken.onnx")
    (tmp_path / "selected_tags.csv").write_text("name,category\na,0", "utf-8")
    with pytest.raises(UserError, match="no model that can be used"):
        tag(project, tmp_path / "broken.onnx")
