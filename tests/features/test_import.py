"""Importing, in the user's words."""

from __future__ import annotations

import zipfile
from pathlib import Path

from curator.core.edits import set_rating
from curator.core.import_options import ImportOptions
from curator.core.import_report import ImportReport
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.records import Rating
from curator.tasks.import_images import import_images
from curator.tasks.mirror_captions import mirror_captions
from tests.helpers.awkward import Expected, make_awkward_folder
from tests.helpers.pictures import draw, encode, write, xmp


def drop(project: Project, *what: Path, **options: object) -> ImportReport:
    return import_images(Job(), project, what, ImportOptions(**options))  # type: ignore[arg-type]


def test_i_drop_a_heap_of_everything_and_each_file_is_where_it_belongs(
    project: Project, tmp_path: Path
):
    expected = make_awkward_folder(tmp_path / "heap")
    report = drop(project, tmp_path / "heap").to_json()
    became = {
        row["source"]: (name, row)
        for name in ("accepted", "known", "skipped", "rejected")
        for row in report[name]
    }
    assert len(became) == len(expected)
    wrong = [e for e in expected if not fits(e, *became[str(e.path)])]
    assert wrong == []


def fits(expected: Expected, became: str, row: dict[str, object]) -> bool:
    if became == "known":  # drawn twice alike
        return True
    if became != "accepted":
        return became == expected.outcome
    found = (row["format"], row["frames"], row["width"], row["height"], bool(row["warnings"]))
    return found == (expected.format, expected.frames, 96, 64, expected.warned)


def test_i_scrape_more_into_the_same_folder_and_only_the_new_come_in(
    project: Project, tmp_path: Path
):
    folder = tmp_path / "scraped"
    for seed in range(3):
        write(folder / f"{seed}.jpg", draw(seed))
    drop(project, folder)
    for seed in range(2, 5):
        write(folder / "more" / f"{seed}.jpg", draw(seed))
    report = drop(project, folder)
    assert (len(report.accepted), len(report.known)) == (2, 4)
    assert len(project.select("")) == 5


def test_i_rated_in_bridge_and_find_my_primaries_here(project: Project, tmp_path: Path):
    folder = tmp_path / "rated"
    for seed, rating in enumerate([1, 1, 2, 5, 0]):
        write(folder / f"{seed}.jpg", draw(seed), xmp=xmp(rating))
    report = drop(project, folder)
    assert len(project.select("rating:1")) == 2
    assert len(project.select("rating:2")) == 1
    assert "  5: 1 -> unrated (already used)" in report.summary()


def test_i_import_my_old_project_folder_into_a_new_one_with_all_i_decided(
    project: Project, tmp_path: Path
):
    write(tmp_path / "in" / "a.jpg")
    (tmp_path / "in" / "a.txt").write_text("a creature with a hat")
    (accepted,) = drop(project, tmp_path / "in").accepted
    project.apply(set_rating([project.image(accepted.id)], Rating.SUPPORTING))
    mirror_captions(Job(), project)
    with Project.create(tmp_path / "second") as second:
        drop(second, project.images_dir)
        (image,) = second.images(second.select(""))
        assert (image.caption, image.rating) == ("a creature with a hat", Rating.SUPPORTING)


def test_i_drop_an_archive_and_its_pictures_come_with_their_captions(
    project: Project, tmp_path: Path
):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr("hats/1.jpg", encode(draw(1)))
        archive.writestr("hats/1.txt", "red hat")
    drop(project, tmp_path / "set.zip")
    assert len(project.select("tag:red*")) == 1


def test_i_import_by_mistake_and_one_undo_takes_it_all_back(project: Project, tmp_path: Path):
    write(tmp_path / "mine" / "a.jpg", draw(1))
    drop(project, tmp_path / "mine")
    for seed in range(5):
        write(tmp_path / "mistake" / f"{seed}.jpg", draw(seed + 2))
    drop(project, tmp_path / "mistake")
    assert project.undo() == "Import mistake"
    assert len(project.select("")) == 1


def test_my_own_files_are_never_touched(project: Project, tmp_path: Path):
    folder = tmp_path / "mine"
    write(folder / "a.jpg")
    (folder / "a.txt").write_text("caption")
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}
    for in_place in (True, False):
        drop(project, folder, in_place=in_place)
        mirror_captions(Job(), project)
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()} == before
