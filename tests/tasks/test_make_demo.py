"""What the demo puts into its project."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.errors import UserError
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.records import Rating
from curator.tasks.import_images import import_images
from curator.tasks.make_demo import caption_drawn, draw_demo, rate_drawn, rate_unrated
from tests.helpers.projects import fill


def test_the_drawn_pictures_are_imported_rated_and_captioned(
    project: Project, tmp_path: Path
) -> None:
    drawn = draw_demo(Job(), tmp_path / "drawn")
    report = import_images(Job(), project, [tmp_path / "drawn"])
    assert len(report.accepted) == len(drawn) >= 24
    assert not report.rejected
    images = project.images(project.select())
    for edit in [*rate_drawn(images, drawn), caption_drawn(images, drawn)]:
        project.apply(edit)
    assert len(project.select("rating:1")) >= 6
    assert len(project.select("rating:2")) > len(project.select("rating:1"))
    assert len(project.select("is:rejected")) == 2
    assert len(project.select("is:uncaptioned")) == 0


def test_drawing_can_be_cancelled(tmp_path: Path) -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        draw_demo(job, tmp_path)


def test_drawing_where_a_file_is_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "drawn").write_text("")
    with pytest.raises(UserError, match="could not be written"):
        draw_demo(Job(), tmp_path / "drawn")


def test_a_quarter_of_what_nobody_rated_becomes_primary(project: Project) -> None:
    images = fill(project, 9)
    for edit in rate_unrated(images):
        project.apply(edit)
    ratings = [image.rating for image in project.images(project.select())]
    assert ratings == [Rating.PRIMARY] * 3 + [Rating.SUPPORTING] * 6
    assert not any(rate_unrated(project.images(project.select())))
