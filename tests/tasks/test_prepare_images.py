"""The steps of a preset on many pictures at once."""

from __future__ import annotations

import pytest

from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.recipe_plans import CropTo, UpscaleTo
from curator.core.steps import Crop, Turn, Upscale
from curator.tasks.prepare_images import preparation, prepare_images
from tests.helpers.projects import fill


def steps(project: Project, id_: int) -> list[str]:
    return [step.kind for step in Recipe.from_json(project.image(id_).recipe).steps]


def test_one_step_of_undo_takes_all_of_it_back(project: Project) -> None:
    images = fill(project, 450)
    project.apply(set_recipes("Turn", {images[0]: Recipe((Turn(1),))}))
    ids = [image.id for image in images]
    how = preparation(project, (CropTo("square"),))
    report = prepare_images(Job(), project, ids, how)
    assert (report.changed, report.same, report.failed) == (450, 0, ())
    assert (steps(project, 1), steps(project, 2)) == (["turn", "crop"], ["crop"])
    assert project.undo() == "Prepare 450 images"
    assert (steps(project, 1), steps(project, 2)) == (["turn"], [])


def test_steps_take_the_place_of_others_where_that_is_wished(project: Project) -> None:
    images = fill(project, 2)
    project.apply(set_recipes("Turn", {images[0]: Recipe((Turn(1),))}))
    report = prepare_images(Job(), project, [1, 2], preparation(project, (Turn(1),), anew=True))
    assert (report.changed, report.same) == (1, 1)
    assert steps(project, 1) == steps(project, 2) == ["turn"]


def test_a_picture_that_would_become_too_large_is_reported_and_stays(project: Project) -> None:
    images = fill(project, 2)
    tiny = Recipe((Crop(0, 0, 64, 64, 640, 480),))
    project.apply(set_recipes("Crop", {images[0]: tiny}))
    report = prepare_images(Job(), project, [1, 2], preparation(project, (Upscale(60.0),)))
    assert report.changed == 1
    ((failed, name, why),) = report.failed
    assert (failed, name) == (2, "photo 2.jpg")
    assert "would become" in why
    assert steps(project, 2) == []


def test_a_cancelled_job_changes_nothing(project: Project) -> None:
    fill(project, 3)
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        prepare_images(job, project, [1, 2, 3], preparation(project, (UpscaleTo(2),)))
    assert steps(project, 1) == []
