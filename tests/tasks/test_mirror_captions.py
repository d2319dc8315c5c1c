"""Captions and ratings as files beside the copies, and what happens when others write there.

One task: writing, and what is found there again, are tested against each other.
"""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from curator.core.caption_edits import set_caption
from curator.core.edits import add_images, reject, remove_images, set_rating
from curator.core.errors import UserError
from curator.core.files import TEMP_PREFIX
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.ratings import RatingNumbers
from curator.core.records import Image, MirrorState, MirrorWritten, Rating
from curator.imaging.metadata import parse_xmp
from curator.tasks.mirror_captions import (
    MirrorReport,
    accept_outside,
    keep_ours,
    mirror_captions,
    outside_changes,
    restore_lost,
)
from tests.helpers.pictures import xmp
from tests.helpers.projects import fill, new_image


@pytest.fixture
def image(project: Project) -> Image:
    """A picture with a caption, mirrored."""
    (made,) = fill(project, 1, ["a raccoon"])
    mirror(project)
    return made


def mirror(project: Project) -> MirrorReport:
    return mirror_captions(Job(), project)


def files(project: Project) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in project.images_dir.iterdir()}


def rate(project: Project, image: Image, rating: Rating) -> None:
    project.apply(set_rating([project.image(image.id)], rating))


def caption(project: Project, image: Image, text: str) -> None:
    project.apply(set_caption([project.image(image.id)], text))


def test_captions_and_ratings_appear_beside_the_copies(project: Project):
    first, second, _third = fill(project, 3, ["one, zwölf", "", ""])
    rate(project, second, Rating.SUPPORTING)
    report = mirror(project)
    assert (report.written, report.removed, report.outside) == (2, 0, [])
    found = files(project)
    assert found.pop(f"{first.id}.txt") == "one, zwölf".encode()
    assert parse_xmp(found.pop(f"{second.id}.jpg.xmp")).rating == 2
    assert found == {}
    assert mirror(project).written == 0


def test_pictures_in_place_are_mirrored_in_the_project_by_their_id(
    project: Project, tmp_path: Path
):
    (id_,) = project.new_image_ids(1)
    path = str(tmp_path / "outside" / "photo.jpg")
    project.apply(add_images([id_]), facts=[new_image(id_, path=path, caption="x", rating=1)])
    mirror(project)
    assert set(files(project)) == {f"{id_}.txt", f"{id_}.xmp"}
    assert not (tmp_path / "outside").exists()


def test_mirrors_follow_edits_and_undo(project: Project, image: Image):
    caption(project, image, "changed")
    mirror(project)
    assert files(project) == {"1.txt": b"changed"}
    project.undo()
    mirror(project)
    assert files(project) == {"1.txt": b"a raccoon"}


def test_an_empty_caption_and_no_rating_leave_no_file(project: Project, image: Image):
    caption(project, image, "")
    project.apply(reject([project.image(image.id)]))
    assert mirror(project).removed == 1
    assert parse_xmp(files(project)["1.jpg.xmp"]).rating == -1
    rate(project, image, Rating.UNRATED)
    mirror(project)
    assert files(project) == {}


def test_what_other_programs_add_to_our_sidecar_stays(project: Project, image: Image):
    rate(project, image, Rating.PRIMARY)
    mirror(project)
    path = project.images_dir / "1.jpg.xmp"
    labelled = path.read_bytes().replace(b'xmp:Rating="1"', b'xmp:Label="Red" xmp:Rating="1"')
    path.write_bytes(labelled)
    assert outside_changes(project) == []
    mirror(project)
    for rating in (Rating.SUPPORTING, Rating.UNRATED):
        caption(project, image, f"with {rating}")
        mirror(project)
        rate(project, image, rating)
        mirror(project)
        assert parse_xmp(path.read_bytes()).rating == rating
        assert b'xmp:Label="Red"' in path.read_bytes()


def test_an_outside_change_is_never_overwritten_and_is_shown_as_a_difference(
    project: Project, image: Image
):
    (project.images_dir / "1.txt").write_text("theirs")
    caption(project, image, "ours")
    (change,) = mirror(project).outside
    assert (change.image_id, change.kind, change.old, change.new) == (
        1,
        "caption",
        "ours",
        "theirs",
    )
    assert files(project) == {"1.txt": b"theirs"}
    assert outside_changes(project) == [change]
    assert mirror(project).outside == []


def test_an_outside_change_can_be_taken_over_and_undone(project: Project, image: Image):
    (project.images_dir / "1.txt").write_text("theirs\n")
    (project.images_dir / "1.jpg.xmp").write_bytes(xmp(2))
    accept_outside(project, outside_changes(project))
    now = project.image(image.id)
    assert (now.caption, now.rating) == ("theirs", Rating.SUPPORTING)
    assert outside_changes(project) == []
    assert mirror(project).outside == []
    assert files(project)["1.txt"] == b"theirs\n"
    assert project.undo() == "Take over 2 changes from files"
    assert project.image(image.id) == image
    mirror(project)
    assert files(project) == {"1.txt": b"a raccoon", "1.jpg.xmp": xmp(0)}


@pytest.mark.parametrize("theirs", [b"caf\xe9", b"", b" \n"])
def test_a_caption_file_that_stops_trainers_is_mended_once_it_was_taken_over(
    project: Project, image: Image, theirs: bytes
):
    (project.images_dir / "1.txt").write_bytes(theirs)
    accept_outside(project, outside_changes(project))
    assert project.image(image.id).caption.strip() == theirs.decode("cp1252").strip()
    assert files(project).get("1.txt") == ("café".encode() if theirs.strip() else None)
    assert outside_changes(project) == []


def test_what_is_edited_right_after_a_change_was_taken_over_does_not_contradict_it(
    project: Project, image: Image
):
    (project.images_dir / "1.jpg.xmp").write_bytes(xmp(5))
    rate(project, image, Rating.SUPPORTING)
    caption(project, image, "edited before")
    accept_outside(project, outside_changes(project))
    assert files(project) == {"1.txt": b"edited before", "1.jpg.xmp": xmp(5)}
    rate(project, image, Rating.SUPPORTING)
    assert mirror(project).outside == []
    assert files(project)["1.jpg.xmp"] == xmp(2)


def test_ours_can_be_kept_instead(project: Project, image: Image):
    (project.images_dir / "1.txt").write_text("theirs")
    (project.images_dir / "1.jpg.xmp").write_text("no xmp")
    changes = outside_changes(project)
    assert keep_ours(project, changes) == []
    assert files(project) == {"1.txt": b"a raccoon"}
    assert outside_changes(project) == []


def test_a_file_that_changed_again_is_not_overwritten_by_keeping_ours(
    project: Project, image: Image
):
    path = project.images_dir / "1.txt"
    path.write_text("theirs")
    changes = outside_changes(project)
    path.write_text("theirs, later")
    (again,) = keep_ours(project, changes)
    assert again.new == "theirs, later"
    assert path.read_text() == "theirs, later"


def test_a_caption_put_beside_a_picture_that_had_none_is_noticed(project: Project):
    fill(project, 2)
    mirror(project)
    (project.images_dir / "2.txt").write_text("tagged elsewhere")
    (project.images_dir / "unknown.txt").write_text("nobody's")
    (change,) = outside_changes(project)
    assert (change.image_id, change.old, change.new) == (2, "", "tagged elsewhere")


@pytest.mark.parametrize(
    ("number", "word"),
    [(-1, "rejected"), (1, "primary"), (2, "supporting"), (3, "supporting"), (5, "primary")],
)
def test_ratings_given_elsewhere_are_taken_over(
    project: Project, image: Image, number: int, word: str
):
    (project.images_dir / "1.jpg.xmp").write_bytes(xmp(number))
    (change,) = outside_changes(project)
    assert (change.kind, change.old, change.new) == ("rating", "unrated", word)
    accept_outside(project, [change])
    now = project.image(image.id)
    assert word == ("rejected" if now.rejected else Rating(now.rating).name.lower())


def test_a_reject_taken_back_elsewhere_comes_back(project: Project, image: Image):
    project.apply(reject([image]))
    mirror(project)
    path = project.images_dir / "1.jpg.xmp"
    path.write_bytes(path.read_bytes().replace(b'"-1"', b'"1"'))
    accept_outside(project, outside_changes(project))
    now = project.image(image.id)
    assert (now.rating, now.rejected) == (Rating.PRIMARY, False)


def test_ratings_are_written_and_read_by_the_projects_own_numbers(project: Project, image: Image):
    second = fill(project, 1)[0]
    project.apply(reject([second]))
    rate(project, image, Rating.PRIMARY)
    mirror(project)
    project.change_settings({"xmp_primary": "5", "xmp_supporting": "4", "xmp_rejected": "1"})
    assert mirror(project).written == 2
    path = project.images_dir / "1.jpg.xmp"
    assert parse_xmp(path.read_bytes()).rating == 5
    assert parse_xmp((project.images_dir / "2.jpg.xmp").read_bytes()).rating == 1
    path.write_bytes(path.read_bytes().replace(b'"5"', b'"1"'))
    (change,) = outside_changes(project)
    assert (change.old, change.new) == ("primary", "rejected")
    accept_outside(project, [change])
    assert project.image(image.id).rejected
    project.undo()
    path.write_bytes(path.read_bytes().replace(b'"1"', b'"3"'))  # stars
    assert [change.new for change in outside_changes(project)] == ["supporting"]
    assert keep_ours(project, outside_changes(project)) == []
    project.undo()
    mirror(project)
    assert parse_xmp(path.read_bytes()).rating == 1


def test_switched_off_nothing_is_written_or_deleted_until_it_is_on_again(
    project: Project, image: Image
):
    project.change_settings({"sidecars": "no"})
    rate(project, image, Rating.PRIMARY)
    caption(project, image, "")
    assert mirror(project) == MirrorReport()
    assert files(project) == {"1.txt": b"a raccoon"}
    (project.images_dir / "1.txt").write_text("theirs")
    assert outside_changes(project) == []
    for asked in (lambda: keep_ours(project, []), lambda: restore_lost(Job(), project)):
        with pytest.raises(UserError, match="sidecars=yes switches that on"):
            asked()
    (project.images_dir / "1.txt").write_text("a raccoon")
    project.change_settings({"sidecars": "yes"})
    report = mirror(project)
    assert (report.written, report.removed, report.outside) == (1, 1, [])
    assert set(files(project)) == {"1.jpg.xmp"}


def test_a_file_that_cannot_be_understood_is_told_and_left(project: Project, image: Image):
    (project.images_dir / "1.txt").write_bytes(b"\0\1")
    (change,) = outside_changes(project)
    assert "not a text file" in change.problem
    accept_outside(project, [change])
    assert project.image(image.id).caption == "a raccoon"
    assert files(project)["1.txt"] == b"\0\1"


@pytest.mark.parametrize("text", [b"a raccoon\n", b"\xef\xbb\xbfa raccoon\r\n"])
def test_a_file_that_an_editor_saved_unchanged_is_no_change(
    project: Project, image: Image, text: bytes
):
    (project.images_dir / "1.txt").write_bytes(text)
    assert outside_changes(project) == []
    caption(project, image, "ours")
    project.undo()
    assert mirror(project).outside == []
    assert files(project)["1.txt"] == text
    caption(project, image, "ours again")
    assert mirror(project).outside == []
    assert files(project)["1.txt"] == b"ours again"


def test_a_mirror_that_was_deleted_is_written_again_with_the_next_change(
    project: Project, image: Image
):
    (project.images_dir / "1.txt").unlink()
    assert outside_changes(project) == []
    caption(project, image, "new")
    assert mirror(project).written == 1


def test_lost_mirrors_are_written_again_when_asked_for(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("curator.tasks.mirror_captions.CHUNK", 2)
    fill(project, 5, ["a", "b", "", "d", "e"])
    mirror(project)
    before = files(project)
    for name in ("1.txt", "5.txt"):
        (project.images_dir / name).unlink()
    (project.images_dir / "2.txt").write_text("theirs")
    assert restore_lost(Job(), project) == 2
    assert files(project) == before | {"2.txt": b"theirs"}


def test_files_that_were_not_touched_since_are_not_looked_into(project: Project, image: Image):
    path = project.images_dir / "1.txt"
    path.write_text("theirs")
    assert len(outside_changes(project, path.stat().st_ctime - 1)) == 1
    assert outside_changes(project, time.time() + 60) == []


def test_a_full_disk_is_told_in_a_sentence_and_the_list_stays(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    fill(project, 3, ["a", "b", "c"])

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match="disk is full"):
            mirror(project)
    assert not [name for name in files(project) if name.startswith(TEMP_PREFIX)]
    assert mirror(project).written == 3


def test_many_mirrors_are_written_in_parts(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("curator.tasks.mirror_captions.CHUNK", 4)
    fill(project, 10, [f"caption {n}" for n in range(10)])
    assert mirror(project).written == 10
    assert project.mirrors_due(1) == []


def test_of_a_picture_that_was_forgotten_meanwhile_nothing_is_noted_or_taken_over(
    project: Project, image: Image
):
    (project.images_dir / "1.txt").write_text("theirs")
    changes = outside_changes(project)
    project.apply(remove_images([image]))
    project.forget([1], lambda _image: True, "emptying")
    project.record([MirrorWritten(image, (MirrorState(1, "caption", "d1"),), RatingNumbers())])
    assert project.mirror_states([1]) == {}
    accept_outside(project, changes)
    assert keep_ours(project, changes) == []
    assert files(project) == {"1.txt": b"theirs"}
