"""Describing pictures: written below the tags, in one group, as far as it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image as Pillow

from curator.core.caption_edits import set_caption
from curator.core.crops import add_crops
from curator.core.describing import TextRule
from curator.core.errors import UserError
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.records import Image
from curator.core.steps import Crop, Upscale
from curator.tasks.caption_images import (
    DescribeReport,
    Endpoint,
    LocalCaptioner,
    caption_images,
)
from curator.tasks.make_steps import make_missing
from tests.helpers.captioners import SAID, chat_server, write_blip
from tests.helpers.heavy_models import write_doubler
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw


@dataclass
class Scripted:
    """Says what it is told to; an error is raised."""

    says: list[str | UserError]
    name: str = "scripted"
    batch: int = 1
    runs_on: str = "It runs nowhere."
    given: list[Pillow.Image] = field(default_factory=list)

    def describe(self, pictures: Sequence[Pillow.Image]) -> list[str]:
        self.given += pictures
        said = [self.says.pop(0) for _ in pictures]
        for one in said:
            if isinstance(one, UserError):
                raise one
        return [str(one) for one in said]


def describe(
    project: Project, *says: str | UserError, rule: str = "empty", batch: int = 1
) -> DescribeReport:
    captioner = Scripted([*says], batch=batch)
    ids = project.select("sort:name")
    return caption_images(Job(), project, ids, lambda: captioner, TextRule(rule))


@pytest.fixture
def images(project: Project, tmp_path: Path) -> list[Image]:
    found = bring_in(project, tmp_path / "a", {f"{n}.png": draw(n) for n in range(4)})
    project.apply(set_caption([found["0.png"]], "a, b"))
    project.apply(set_caption([found["1.png"]], "c\nOld."))
    return [found[f"{n}.png"] for n in range(4)]


def captions(project: Project) -> list[str]:
    return [image.caption for image in project.images(project.select("sort:name"))]


@pytest.mark.parametrize("batch", [1, 2, 8])
def test_what_has_no_text_gets_one_and_one_undo_takes_all_back(
    project: Project, images: list[Image], batch: int
) -> None:
    before = captions(project)
    report = describe(project, "One.", "Two.", "Three.", batch=batch)
    assert report.described == (images[0].id, images[2].id, images[3].id)
    assert (report.passed, report.model) == (1, "scripted")
    assert captions(project) == ["a, b\nOne.", "c\nOld.", "\nTwo.", "\nThree."]
    assert project.undo_label() == "Describe 3 images"
    project.undo()
    assert captions(project) == before


def test_texts_are_replaced_or_appended_where_that_is_wished(
    project: Project, images: list[Image]
) -> None:
    describe(project, *"WXYZ", rule="append")
    assert captions(project) == ["a, b\nW", "c\nOld.\nX", "\nY", "\nZ"]
    describe(project, *"1234", rule="replace")
    assert captions(project) == ["a, b\n1", "c\n2", "\n3", "\n4"]
    assert describe(project).described == ()


def test_silence_and_a_failure_in_between_are_told(project: Project, images: list[Image]) -> None:
    (project.root / images[1].path).write_bytes(b"spoilt")
    report = describe(project, "One.", UserError("Oh no.", ""), " \n", rule="replace")
    assert captions(project)[0] == "a, b\nOne."
    assert [id_ for id_, _source, _why in report.failed] == [i.id for i in images[1:]]
    assert report.lines()[2].endswith("the model said nothing")
    assert report.as_json()["described"] == 1


def test_a_model_that_fails_at_once_or_again_and_again_ends_it(
    project: Project, images: list[Image]
) -> None:
    trouble = UserError("The server is gone.", "")
    with pytest.raises(UserError, match="gone"):
        describe(project, trouble, rule="replace")
    with pytest.raises(UserError, match="gone"):
        describe(project, "One.", trouble, trouble, trouble, rule="replace")
    assert captions(project)[0] == "a, b\nOne."


def test_a_stop_keeps_what_was_written(project: Project, images: list[Image]) -> None:
    job = Job(on_part=lambda _ids: job.cancel())
    with pytest.raises(Cancelled):
        caption_images(job, project, project.select(), lambda: Scripted([*"1234"]))
    assert captions(project) == ["a, b\n1", "c\nOld.", "", ""]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_model_in_a_folder_and_one_at_an_address_are_used_alike(
    project: Project, images: list[Image], tmp_path: Path
) -> None:
    local = LocalCaptioner(write_blip(tmp_path / "tiny-blip"), use_card=False)
    report = caption_images(Job(), project, [images[0].id], local.opened)
    assert report.model == "tiny-blip"
    assert set(captions(project)[0].partition("\n")[2].split()) == {SAID}
    with chat_server("A far dog.") as (address, _answers):
        report = caption_images(Job(), project, [images[2].id], Endpoint(address).opened)
    assert report.runs_on.startswith("Pictures are sent to 127.0.0.1:")
    assert captions(project)[2] == "\nA far dog."


def test_of_a_crop_what_its_steps_make_is_described(
    project: Project, images: list[Image], tmp_path: Path
) -> None:
    edit, crops = add_crops(project, images[:1], project.new_image_ids, 1.0)
    project.apply(edit, crops)
    (child,) = project.images([crops[0].id])
    steps = Crop(0, 0, 30, 20, *(images[0].width, images[0].height)), Upscale(2, "none.onnx")
    project.apply(set_recipes("Prepare", {child: Recipe(steps)}))
    captioner = Scripted(["A part."])
    report = caption_images(Job(), project, [child.id], lambda: captioner, make=make_missing)
    assert "There is no model" in report.failed[0][2]
    doubler = str(write_doubler(tmp_path / "doubler.onnx"))
    (child,) = project.images([child.id])
    project.apply(set_recipes("Prepare", {child: Recipe((steps[0], Upscale(2, doubler)))}))
    report = caption_images(Job(), project, [child.id], lambda: captioner, make=make_missing)
    assert report.described == (child.id,)
    assert captioner.given[0].size == (60, 40)
