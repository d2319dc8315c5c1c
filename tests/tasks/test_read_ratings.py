"""Ratings that other programs gave after the import, read again from where the pictures lie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curator.core.edits import judge_images, rate_as_found, set_rating
from curator.core.import_options import ImportOptions
from curator.core.jobs import Cancelled, Job, Progress
from curator.core.project import Project
from curator.core.ratings import JUDGEMENTS, judged, meaning_of, word
from curator.core.records import Rating
from curator.tasks.import_images import import_images
from curator.tasks.mirror_captions import mirror_captions, outside_changes
from curator.tasks.read_ratings import RatingsRead, read_ratings
from tests.helpers.pictures import draw, exif, write, xmp


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures of the user's, the first with five stars in it."""
    for seed, rating in enumerate([5, None, None]):
        write(tmp_path / "mine" / f"{seed}.jpg", draw(seed), xmp=xmp(rating))
    return tmp_path / "mine"


def bring_in(project: Project, folder: Path, in_place: bool) -> None:
    import_images(Job(), project, [folder], ImportOptions(in_place, ratings="none"))


def read(project: Project) -> RatingsRead:
    return read_ratings(Job(), project, project.images(project.select("")))


@pytest.mark.parametrize("in_place", [True, False])
def test_what_stands_in_a_picture_is_found(project: Project, folder: Path, in_place: bool):
    bring_in(project, folder, in_place)
    assert read(project) == RatingsRead({1: 5}, {}, ())
    place = folder if in_place else project.images_dir
    write(place / "1.jpg", draw(1), exif=exif(rating=3))
    write(place / "2.jpg", draw(2), exif=exif(rating=0))
    assert read(project).found == {1: 5, 2: 3}


def test_sidecars_beside_a_picture_in_place_are_believed_as_an_import_does(
    project: Project, folder: Path
):
    bring_in(project, folder, in_place=True)
    (folder / "0.jpg.xmp").write_bytes(xmp(1))
    (folder / "0.xmp").write_bytes(xmp(2))
    (folder / "1.XMP").write_bytes(xmp(-1))
    (folder / "2.json").write_text(json.dumps({"version": 1, "rating": 0.4}))
    (folder / "2.txt").write_bytes(b"\0")  # no caption; nobody asks it
    found = read(project)
    assert found.found == {1: 1, 2: -1, 3: 2}
    assert [(p.image_id, p.source) for p in found.problems] == [(1, str(folder / "0.jpg"))] * 2
    assert "rated 1 in 0.jpg.xmp and 2 in 0.xmp" in found.problems[0].reason


def test_sidecars_beside_a_copys_source_say_nothing_about_the_copy(project: Project, folder: Path):
    bring_in(project, folder, in_place=False)
    (folder / "1.jpg.xmp").write_bytes(xmp(1))
    assert read(project).found == {1: 5}


@pytest.mark.parametrize("in_place", [True, False])
def test_our_own_sidecar_is_no_news_but_what_another_program_writes_there_is(
    project: Project, folder: Path, in_place: bool
):
    project.change_settings({"xmp_supporting": "4", "xmp_rejected": "2"})
    bring_in(project, folder, in_place)
    project.apply(set_rating(project.images([1, 2]), Rating.PRIMARY))
    mirror_captions(Job(), project)
    assert read(project) == RatingsRead({1: 5}, {}, ())
    path = project.images_dir / ("1.xmp" if in_place else "0.jpg.xmp")
    path.write_bytes(path.read_bytes().replace(b'"1"', b'"2"'))
    found = read(project)
    assert found == RatingsRead({}, {1: JUDGEMENTS["rejected"]}, ())
    project.apply(judge_images(project.images([1]), found.judgements({})))
    assert outside_changes(project) == []
    path.write_bytes(b"no xmp")
    (problem,) = read(project).problems
    assert (problem.image_id, problem.source) == (1, str(path))


def test_what_was_found_is_taken_over_in_one_step_and_nothing_else_is_touched(
    project: Project, folder: Path
):
    bring_in(project, folder, in_place=True)
    (folder / "1.jpg.xmp").write_bytes(xmp(-1))
    before = {path: path.read_bytes() for path in folder.iterdir()}
    project.apply(set_rating([project.image(3)], Rating.SUPPORTING))
    found = read(project)
    assert found.counts == {5: 1, -1: 1}
    images = project.images(project.select(""))
    assert [i.rating for i in images] == [0, 0, 2]
    meaning = meaning_of("stars", found.counts)
    project.apply(rate_as_found(images, found.found, meaning))
    words = [word(judged(image)) for image in project.images([1, 2, 3])]
    assert words == ["primary", "rejected", "supporting"]
    project.undo()
    assert project.images([1, 2, 3]) == images
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_lost_picture_and_a_broken_sidecar_are_told(project: Project, folder: Path):
    bring_in(project, folder, in_place=True)
    (folder / "0.jpg").unlink()
    (folder / "1.jpg.xmp").write_text("no xmp")
    found = read(project)
    assert found.found == {}
    assert [(p.image_id, Path(p.source).name) for p in found.problems] == [
        (1, "0.jpg"),
        (2, "1.jpg.xmp"),
    ]
    assert "does not exist" in found.problems[0].reason


def test_it_can_be_cancelled(project: Project, folder: Path):
    bring_in(project, folder, in_place=True)

    def stop(_progress: Progress) -> None:
        job.cancel()

    job = Job(stop)
    with pytest.raises(Cancelled):
        read_ratings(job, project, project.images([1, 2, 3]))
