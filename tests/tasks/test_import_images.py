"""Bringing pictures into a project, and the report about every file that was met.

One task, and one file of its tests: nearly every one looks at project, folder and report at once.
"""

from __future__ import annotations

import errno
import io
import json
import os
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from curator.core import tag_sources
from curator.core.caption_edits import set_caption
from curator.core.edits import create_set, rate_as_found, remove_images, set_rating
from curator.core.errors import UserError
from curator.core.files import TEMP_PREFIX
from curator.core.import_options import ImportOptions
from curator.core.import_report import ImportReport
from curator.core.jobs import Cancelled, Job, Progress
from curator.core.project import Project
from curator.core.ratings import JUDGEMENTS, Mapped, judged, meaning_of, word
from curator.core.records import ImageSet, Rating, TagSource
from curator.imaging.thumbnails import thumbnail_path
from curator.tasks.import_images import import_images
from tests.helpers.copied import original
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw, encode, exif, write, write_video, xmp

Run = Callable[..., ImportReport]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to import."""
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.fixture
def run(project: Project, folder: Path) -> Run:
    """Imports the folder, or what is named, and checks what holds for every report."""

    def importing(*sources: Path, **options: object) -> ImportReport:
        named = sources or (folder,)
        report = import_images(Job(), project, named, ImportOptions(**options))  # type: ignore[arg-type]
        lists = report.to_json()
        rows = [
            {row["source"] for row in lists[name]}
            for name in ("accepted", "known", "captions", "skipped", "rejected")
        ]
        assert sum(map(len, rows)) == len(set().union(*rows)), "a file is in two lists"
        assert not [p for p in project.images_dir.iterdir() if p.name.startswith(TEMP_PREFIX)]
        return report

    return importing


def names(rows: object) -> list[str]:
    return [row.source.rpartition("/")[2] for row in rows]  # type: ignore[attr-defined]


def test_a_folder_is_copied_in_natural_order_with_all_below_it(
    project: Project, folder: Path, run: Run
):
    for seed, name in enumerate(["10.png", "2.jpg", "sub/1.png"]):
        write(folder / name, draw(seed))
    report = run()
    assert names(report.accepted) == ["2.jpg", "10.png", "1.png"]
    images = project.images(project.select(""))
    assert {image.path for image in images} == {"images/2.jpg", "images/10.png", "images/1.png"}
    for image in images:
        assert (project.root / image.path).read_bytes() == Path(image.source).read_bytes()
        assert thumbnail_path(project.cache_dir, image.sha256, 0).exists()
    first = report.accepted[0]
    assert (first.width, first.height, first.format, first.frames, first.warnings) == (
        96, 64, "jpeg", 1, (),
    )  # fmt: skip


def test_one_undo_takes_the_whole_import_back_and_redo_brings_it_again(
    project: Project, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("curator.core.arrivals.CHUNK", 2)
    for seed in range(5):
        write(folder / f"{seed}.png", draw(seed))
    run()
    assert len(project.select("")) == 5
    assert project.undo() == "Import in"
    assert len(project.select("")) == 0
    project.redo()
    assert len(project.select("")) == 5


def test_what_is_known_is_recognised_by_content_under_any_name(
    project: Project, folder: Path, run: Run
):
    data = encode(draw(1), "PNG")
    (folder / "a.png").write_bytes(data)
    (folder / "b.png").write_bytes(data)
    first = run()
    assert names(first.accepted) == ["a.png"]
    assert [(k.id, k.restored) for k in first.known] == [(first.accepted[0].id, False)]
    (folder / "a.png").rename(folder / "renamed.png")
    write(folder / "new.png", draw(2))
    second = run()
    assert names(second.accepted) == ["new.png"]
    assert sorted(names(second.known)) == ["b.png", "renamed.png"]
    assert len(project.select("")) == 2


def test_a_removed_image_comes_back_and_undo_removes_it_again(
    project: Project, folder: Path, run: Run
):
    write(folder / "a.png")
    write(folder / "a-copy.png")
    image = project.image(run().accepted[0].id)
    project.apply(remove_images([image]))
    report = run()
    assert report.to_json()["known"] == [
        {"id": image.id, "source": str(folder / "a-copy.png"), "restored": True},
        {"id": image.id, "source": str(folder / "a.png")},
    ]
    assert list(project.select("")) == [image.id]
    project.undo()
    assert list(project.select("")) == []


def test_a_copy_that_was_lost_is_brought_back(project: Project, folder: Path, run: Run):
    write(folder / "a.png")
    image = project.image(run().accepted[0].id)
    (project.root / image.path).unlink()
    assert [k.restored for k in run().known] == [True]
    assert (project.root / image.path).read_bytes() == (folder / "a.png").read_bytes()


def test_pictures_in_place_are_referred_to_and_not_touched(
    project: Project, folder: Path, run: Run
):
    path = write(folder / "a.jpg")
    before = path.stat()
    report = run(in_place=True)
    image = project.image(report.accepted[0].id)
    assert image.in_place
    assert image.path == str(path)
    assert list(project.images_dir.iterdir()) == []
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_pictures_in_place_are_followed_when_their_folder_is_renamed(
    project: Project, folder: Path, run: Run
):
    write(folder / "a.jpg")
    taken = run(in_place=True).accepted[0].id
    moved = folder.rename(folder.with_name("renamed"))
    report = run(moved, in_place=True)
    assert [(k.id, k.restored) for k in report.known] == [(taken, True)]
    image = project.image(taken)
    assert image.path == image.source == str(moved / "a.jpg")
    assert list(project.select("path:renamed")) == [taken]
    assert [k.restored for k in run(moved, in_place=True).known] == [False]


def test_a_copy_never_gets_the_mirror_names_of_a_picture_in_place(
    project: Project, folder: Path, run: Run, tmp_path: Path
):
    write(folder / "a.jpg", draw(1))
    taken = run(in_place=True).accepted[0].id
    other = write(tmp_path / "other" / f"{taken}.jpg", draw(2))
    assert run(other).accepted[0].path == f"images/{taken}-2.jpg"
    names_ahead = tmp_path / "ahead"
    for seed in range(3, 9):
        write(names_ahead / f"{seed + 3}.jpg", draw(seed))
    run(names_ahead)
    write(folder / "b.jpg", draw(20))
    stems = {path.stem for path in project.images_dir.iterdir()}
    assert str(run(in_place=True).accepted[0].id) not in stems


def test_no_two_copies_share_a_stem(project: Project, folder: Path, run: Run):
    for seed, name in enumerate(["a.jpg", "a.png", "A.jpg", "sub/a.jpg"]):
        write(folder / name, draw(seed))
    stems = [Path(a.path).stem.casefold() for a in run().accepted]
    assert len(set(stems)) == 4


def test_odd_names_come_in_and_the_report_stays_json(project: Project, folder: Path, run: Run):
    odd = [b"new\nline.jpg", "🦝.jpg".encode(), b"-rf.jpg", b"n" * 250, b"caf\xe9.jpg", b".jpg"]
    for seed, name in enumerate(odd):
        (folder / os.fsdecode(name)).write_bytes(encode(draw(seed)))
    report = run()
    assert len(report.accepted) == len(odd)
    back = json.loads(json.dumps(report.to_json()))
    assert {os.fsencode(row["source"]) for row in back["accepted"]} == {
        os.fsencode(folder) + b"/" + name for name in odd
    }
    for row in report.accepted:
        assert (project.root / row.path).is_file()
        assert len(Path(row.path).name.encode()) <= 124
        assert not Path(row.path).name.startswith("-")


def test_a_name_that_is_no_text_is_kept_byte_for_byte(project: Project, folder: Path, run: Run):
    odd = folder / os.fsdecode(b"caf\xe9")
    odd.mkdir()
    path = write(odd / os.fsdecode(b"\xff.jpg"), format="JPEG")
    (accepted,) = run(odd, in_place=True).accepted
    image = project.image(accepted.id)
    assert (image.path, image.source, image.name) == (str(path), str(path), path.name)
    assert project.imports()[0].sources == (str(odd),)
    assert project.undo() == "Import caf\\xe9"


def test_content_decides_what_a_file_is(folder: Path, run: Run):
    write(folder / "really-a-png.jpg", format="PNG")
    write(folder / "no-extension", draw(1), format="JPEG")
    write(folder / "caption.txt", draw(2), format="JPEG")
    (folder / "page.jpg").write_text("<!DOCTYPE html><html><body>404</body></html>")
    (folder / "empty.png").write_bytes(b"")
    (folder / "notes.md").write_text("# notes")
    (folder / "packed.rar").write_bytes(b"Rar!")
    (folder / "._photo.jpg").write_bytes(b"\x00\x05\x16\x07" + bytes(100))
    report = run()
    assert {Path(a.path).name: a.format for a in report.accepted} == {
        "really-a-png.png": "png",
        "no-extension.jpg": "jpeg",
        "caption.jpg": "jpeg",
    }
    assert sorted(names(report.rejected)) == ["empty.png", "packed.rar", "page.jpg"]
    assert sorted(names(report.skipped)) == ["._photo.jpg", "notes.md"]
    assert all(r.reason.endswith(".") and r.hint for r in report.rejected)


def test_a_picture_over_the_limit_is_rejected_and_nothing_else(
    project: Project, folder: Path, run: Run
):
    project.change_settings({"max_megapixels": "1"})
    write(folder / "big.png", Image.new("RGB", (1200, 1200)))
    write(folder / "small.png")
    report = run()
    assert names(report.accepted) == ["small.png"]
    assert "megapixels" in report.rejected[0].reason


def test_a_truncated_photo_is_taken_with_a_warning(folder: Path, run: Run):
    data = encode(draw(size=(400, 300)))
    (folder / "cut.jpg").write_bytes(data[: len(data) // 2])
    assert "truncated" in run().accepted[0].warnings[0]


def test_a_file_that_vanishes_on_the_way_is_rejected_and_the_rest_comes_in(
    project: Project, folder: Path
):
    for seed in range(40):
        write(folder / f"{seed:02}.png", draw(seed))

    def vanish(progress: Progress) -> None:
        if progress.done == 0 and progress.total:
            (folder / "39.png").unlink()

    report = import_images(Job(vanish), project, [folder])
    assert len(report.accepted) == 39
    assert "does not exist" in report.rejected[0].reason


def test_an_unreadable_file_is_rejected_with_a_hint(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    write(folder / "a.png", draw(1))
    write(folder / "b.png", draw(2))
    opening = Path.open

    def refusing(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == "a.png" and path.parent == folder:  # the superuser may read every file
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opening(path, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)
    report = run()
    assert names(report.accepted) == ["b.png"]
    assert "permission" in report.rejected[0].reason
    assert report.rejected[0].hint


def test_the_project_never_imports_itself(project: Project, folder: Path, run: Run):
    write(folder / "a.png")
    run()
    report = run(project.root)
    assert report.accepted == report.known == report.rejected == []
    assert run(project.images_dir / "a.png").accepted == []
    assert "images" in names(report.skipped)


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
def test_archives_are_taken_in_without_trusting_their_names(
    project: Project, folder: Path, run: Run, kind: str
):
    files = {
        "../../up.png": encode(draw(1), "PNG"),
        "/abs.jpg": encode(draw(2)),
        "sub/10.jpg": encode(draw(3)),
        "sub/2.jpg": encode(draw(4)),
        "sub/2.txt": b"two",
        "sub/broken.jpg": b"<html>",
        "inner.zip": b"PK\x03\x04",
    }
    path = folder / f"x.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    else:
        with tarfile.open(path, "w:gz" if kind == "tgz" else "w") as packed:
            for name, data in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                packed.addfile(member, io.BytesIO(data))
    report = run(in_place=True)
    assert [a.source for a in report.accepted] == [
        f"{path}!/../../up.png",
        f"{path}!//abs.jpg",
        f"{path}!/sub/2.jpg",
        f"{path}!/sub/10.jpg",
    ]
    assert [a.path for a in report.accepted] == [
        "images/up.png", "images/abs.jpg", "images/2.jpg", "images/10.jpg",
    ]  # fmt: skip
    assert all("archive" in a.warnings[0] for a in report.accepted)
    assert project.image(report.accepted[2].id).caption == "two"
    assert names(report.rejected) == ["broken.jpg"]
    assert names(report.skipped) == ["inner.zip"]


def test_captions_ratings_tags_and_addresses_come_along(project: Project, folder: Path, run: Run):
    for seed, name in enumerate(["a.jpg", "b.jpg", "c.jpg", "d.jpg"]):
        write(folder / name, draw(seed))
    (folder / "a.txt").write_text("a raccoon, grass\n")
    (folder / "a.jpg.xmp").write_bytes(xmp(1, ["not used"]))
    (folder / "b.jpg.json").write_text(
        json.dumps({"tags": ["red", "fox"], "post_url": "https://example.org/b"})
    )
    (folder / "c.taggui.json").write_text(json.dumps({"version": 1, "rating": 0.4}))
    write(folder / "d.jpg", draw(9), xmp=xmp(5, ["kept", "words"]))
    (folder / "orphan.txt").write_text("nobody's")
    report = run()
    a, b, c, d = (project.image(row.id) for row in report.accepted)
    assert (a.caption, a.rating) == ("a raccoon, grass", Rating.PRIMARY)
    by_file = TagSource("file")
    assert tag_sources.read(a.tag_sources) == {"a raccoon": by_file, "grass": by_file}
    assert (b.caption, b.source_url) == ("red, fox", "https://example.org/b")
    assert c.rating == Rating.SUPPORTING
    assert (d.caption, d.rating) == ("kept, words", Rating.UNRATED)
    assert report.mapping is Mapped.LITERAL
    assert report.ratings == {1: 1, 2: 1, 5: 1}
    assert sorted((t.source.rpartition("/")[2], t.id) for t in report.captions) == [
        ("a.jpg.xmp", a.id), ("a.txt", a.id), ("b.jpg.json", b.id), ("c.taggui.json", c.id),
    ]  # fmt: skip
    assert names(report.skipped) == ["orphan.txt"]


def test_a_caption_that_is_not_utf_8_is_recognised_and_reported(
    project: Project, folder: Path, run: Run
):
    write(folder / "a.jpg")
    (folder / "a.txt").write_bytes("un café".encode("cp1252"))
    (accepted,) = run().accepted
    assert project.image(accepted.id).caption == "un café"
    assert "cp1252" in accepted.warnings[0]


def test_sidecars_that_cannot_be_understood_are_rejected_and_their_picture_is_not(
    folder: Path, run: Run
):
    write(folder / "a.jpg")
    (folder / "a.txt").write_bytes(b"\0\1\2")
    (folder / "a.xmp").write_text("<x>")
    (folder / "a.jpg.json").write_text("{")
    (folder / "a.caption").write_text(" ")
    report = run()
    assert len(report.accepted) == 1
    assert sorted(names(report.rejected)) == ["a.jpg.json", "a.txt", "a.xmp"]
    assert names(report.skipped) == ["a.caption"]


def test_a_sidecar_of_a_known_picture_changes_nothing(project: Project, folder: Path, run: Run):
    write(folder / "a.jpg")
    image = project.image(run().accepted[0].id)
    project.apply(set_caption([image], "mine"))
    (folder / "a.txt").write_text("theirs")
    report = run()
    assert project.image(image.id).caption == "mine"
    assert names(report.skipped) == ["a.txt"]
    assert names(report.captions) == []


def test_conflicting_ratings_are_told(folder: Path, run: Run):
    write(folder / "a.jpg", exif=exif(rating=2))
    (folder / "a.jpg.xmp").write_bytes(xmp(1))
    report = run()
    assert report.ratings == {1: 1}
    assert "rated 1 in a.jpg.xmp and 2" in report.accepted[0].warnings[0]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", [Rating.SUPPORTING, Rating.PRIMARY, "rejected", Rating.UNRATED]),
        ("stars", [Rating.SUPPORTING, Rating.PRIMARY, "rejected", Rating.UNRATED]),
        ("literal", [Rating.UNRATED, Rating.UNRATED, "rejected", Rating.PRIMARY]),
        ("none", [Rating.UNRATED] * 4),
    ],
)
def test_ratings_are_read_as_asked_or_else_as_they_look(
    project: Project, folder: Path, run: Run, asked: str, expected: list[object]
):
    for seed, rating in enumerate([3, 5, -1, 1]):
        write(folder / f"{seed}.jpg", draw(seed), xmp=xmp(rating))
    images = [project.image(row.id) for row in run(ratings=asked).accepted]
    assert ["rejected" if i.rejected else i.rating for i in images] == expected


def test_each_number_can_be_read_as_asked_and_is_reported_with_its_picture(
    project: Project, folder: Path, run: Run
):
    for seed, rating in enumerate([3, 5, -1, None]):
        write(folder / f"{seed}.jpg", draw(seed), xmp=xmp(rating))
    report = run(ratings="5=reject,3=primary")
    assert [row.rating for row in report.accepted] == [3, 5, -1, None]
    images = [project.image(row.id) for row in report.accepted]
    assert [word(judged(i)) for i in images] == ["primary", "rejected", "unrated", "unrated"]
    assert report.mapping == project.imports()[0].rating_mapping == "3=primary,5=rejected"
    assert report.to_json()["ratings"]["mapping"] == "3=primary,5=rejected"


def test_how_ratings_were_read_can_be_changed_after_the_import_but_not_what_was_rated_since(
    project: Project, folder: Path, run: Run
):
    for seed, rating in enumerate([3, 5, 5]):
        write(folder / f"{seed}.jpg", draw(seed), xmp=xmp(rating))
    report = run()
    found = {row.id: row.rating for row in report.accepted if row.rating}
    project.apply(set_rating([project.image(3)], Rating.SUPPORTING))
    before = meaning_of(report.mapping, report.ratings)
    meaning = before | {5: JUDGEMENTS["rejected"]}
    project.apply(rate_as_found(project.images(found), found, meaning, before))
    judged_now = [word(judged(image)) for image in project.images(found)]
    assert judged_now == ["supporting", "rejected", "supporting"]
    project.undo()
    assert [image.rating for image in project.images(found)] == [2, 1, 2]


def test_ratings_of_early_chunks_are_set_right_when_the_guess_changes(
    project: Project, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("curator.core.arrivals.CHUNK", 2)
    for seed, rating in enumerate([1, 2, 5, 1, 4]):
        write(folder / f"{seed}.jpg", draw(seed), xmp=xmp(rating))
    images = [project.image(row.id) for row in run().accepted]
    assert [image.rating for image in images] == [0, 0, 1, 0, 2]
    assert project.imports()[0].rating_mapping == "stars"
    project.undo()
    assert len(project.select("")) == 0


def test_the_projects_setting_decides_how_ratings_are_read(
    project: Project, folder: Path, run: Run
):
    project.change_settings({"ratings": "none"})
    write(folder / "a.jpg", xmp=xmp(1))
    assert project.image(run().accepted[0].id).rating == Rating.UNRATED


def test_animations_give_their_first_frame_or_as_many_as_are_asked_for(
    project: Project, folder: Path, run: Run
):
    pictures = [draw(seed) for seed in range(7)]
    write(folder / "a.gif", pictures[0], save_all=True, append_images=pictures[1:])
    (first,) = run().accepted
    assert (first.format, first.frames, first.path) == ("gif", 7, "images/a.gif")
    report = run(explode=3)
    assert [(a.path, a.format, a.frames) for a in report.accepted] == [
        ("images/a-00003.png", "gif", 7),
        ("images/a-00006.png", "gif", 7),
    ]
    images = [project.image(a.id) for a in report.accepted]
    assert [image.frame for image in images] == [3, 6]
    assert {image.sha256 for image in images} == {project.image(first.id).sha256}
    again = run(explode=3)
    assert [k.id for k in again.known] == [first.id, *(i.id for i in images)]


def test_videos_give_pictures(project: Project, folder: Path, run: Run, tmp_path: Path):
    write_video(folder / "clip.mp4", [draw(n // 10) for n in range(30)], fps=10)
    (first,) = run().accepted
    assert (first.format, first.path) == ("mp4", "images/clip.png")
    with Image.open(project.root / first.path) as picture:
        assert picture.size == (first.width, first.height)
    assert [project.image(a.id).frame for a in run(explode=1).accepted] == [10, 20]


def test_a_video_in_an_archive_gives_its_first_frame(folder: Path, run: Run, tmp_path: Path):
    clip = write_video(tmp_path / "clip.mp4", [draw(1)] * 5)
    with zipfile.ZipFile(folder / "x.zip", "w") as archive:
        archive.write(clip, "clip.mp4")
        archive.writestr("broken.mp4", clip.read_bytes()[:200])
    report = run()
    assert [a.path for a in report.accepted] == ["images/clip.png"]
    assert report.rejected[0].reason.startswith("broken.mp4")


def test_a_large_file_is_read_in_pieces(
    project: Project, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("curator.imaging.intake.IN_MEMORY_BYTES", 100)
    write(folder / "a.png")
    with zipfile.ZipFile(folder / "x.zip", "w") as archive:
        archive.writestr("b.png", encode(draw(2), "PNG"))
        archive.writestr("c.jpg", b"\xff\xd8\xff" + bytes(500))
    report = run()
    assert [a.path for a in report.accepted] == ["images/a.png", "images/b.png"]
    assert (project.images_dir / "a.png").read_bytes() == (folder / "a.png").read_bytes()
    assert report.rejected[0].reason.startswith("c.jpg")


def test_a_cancelled_import_keeps_what_it_has_and_says_so(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    for seed in range(30):
        write(folder / f"{seed:02}.png", draw(seed))
    (folder / "29.txt").write_text("late")
    parts: list[ImportReport] = []
    job = Job(lambda p: job.cancel() if p.done >= 5 else None, parts.append)
    monkeypatch.setattr("curator.core.jobs.REPORTS_PER_SECOND", 1e9)
    with pytest.raises(Cancelled):
        import_images(job, project, [folder])
    (report,) = parts
    assert report.cancelled
    assert len(project.select("")) == len(report.accepted) == 6
    assert len(report.accepted) + len(report.skipped) == 31
    assert "cancelled" in report.to_text()
    assert not [p for p in project.images_dir.iterdir() if p.name.startswith(TEMP_PREFIX)]
    assert len(import_images(Job(), project, [folder]).accepted) == 24


def test_a_full_disk_stops_the_import_in_a_sentence_and_loses_nothing(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    for seed in range(30):
        write(folder / f"{seed:02}.png", draw(seed))
    syncing, calls = os.fsync, []

    def filling(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        syncing(handle)

    monkeypatch.setattr(os, "fsync", filling)
    with pytest.raises(UserError, match="disk is full"):
        import_images(Job(), project, [folder])
    monkeypatch.undo()
    assert not [p for p in project.images_dir.iterdir() if p.name.startswith(TEMP_PREFIX)]
    for image in project.images(project.select("")):
        assert (project.root / image.path).read_bytes() == Path(image.source).read_bytes()
    report = import_images(Job(), project, [folder])
    assert len(report.accepted) + len(report.known) == 30
    assert len(project.select("")) == 30


def test_a_copy_that_was_named_and_not_recorded_is_adopted(
    project: Project, folder: Path, run: Run
):
    write(folder / "a.png", draw(1))
    write(folder / "b.png", draw(2))
    run(folder / "b.png")
    (project.images_dir / "a.png").write_bytes((folder / "a.png").read_bytes())
    write(folder / "sub" / "b.png", draw(3))
    paths = [accepted.path for accepted in run().accepted]
    assert paths == ["images/a.png", "images/b-2.png"]


def test_the_note_of_an_import_is_kept_with_its_pictures(project: Project, folder: Path, run: Run):
    write(folder / "a.png")
    report = run(note="from a friend", licence="CC0", consent="yes")
    (note,) = project.imports()
    assert (note.note, note.licence, note.consent) == ("from a friend", "CC0", "yes")
    assert note.sources == (str(folder),)
    assert project.image(report.accepted[0].id).import_id == note.id
    run()
    assert len(project.imports()) == 1


def test_the_report_is_saved_for_people_and_programs(project: Project, folder: Path, run: Run):
    write(folder / "a.png", draw(1))
    (folder / "bad.jpg").write_bytes(b"<html>")
    report = run()
    (text,) = project.logs_dir.glob("import-*.txt")
    (data,) = project.logs_dir.glob("import-*.json")
    assert "1 new" in text.read_text()
    assert "bad.jpg" in text.read_text()
    assert json.loads(data.read_text()) == report.to_json()


@pytest.mark.parametrize(
    "options", [{"ratings": "whatever"}, {"explode": 0}, {"explode": float("nan")}]
)
def test_options_that_make_no_sense_are_refused(run: Run, options: dict[str, object]):
    with pytest.raises(UserError):
        run(**options)


def test_a_project_that_is_open_for_reading_takes_nothing(project: Project, folder: Path):
    write(folder / "a.png")
    with Project.open(project.root, read_only=True) as looking, pytest.raises(UserError):
        import_images(Job(), looking, [folder])


def test_a_record_that_points_out_of_the_project_is_never_written_to(
    project: Project, folder: Path, run: Run
):
    write(folder / "a.png")
    [accepted] = run().accepted
    (project.root / accepted.path).unlink()
    forged = sqlite3.connect(project.root / "project.db")
    forged.execute("UPDATE images SET path = '../outside.png'")
    forged.commit()
    forged.close()
    with pytest.raises(UserError, match="points out of it"):
        run()
    assert not (project.root.parent / "outside.png").exists()


def test_what_is_new_goes_into_a_set_and_one_undo_takes_both_back(
    project: Project, folder: Path, run: Run
) -> None:
    write(folder / "known.png", draw(1))
    known = run().accepted[0].id
    regular = ImageSet(project.new_set_id(), "regular", "regularization")
    project.apply(create_set(regular))
    write(folder / "new.png", draw(2))
    report = run(into_set=regular.id)
    assert project.image(report.accepted[0].id).set_id == regular.id
    assert project.image(known).set_id is None
    project.undo()
    assert project.select("").tolist() == [known]
    assert [one.name for one in project.sets()] == ["regular"]


def test_copies_of_what_is_there_are_left_out_by_choice(
    project: Project, tmp_path: Path, folder: Path, run: Run
) -> None:
    bring_in(project, tmp_path / "mine", {f"{n}.png": original(n) for n in range(3)})
    cut = write(folder / "cut.jpg", original(0).crop((20, 10, 220, 160)))
    (folder / "cut.txt").write_text("a caption", "utf-8")
    same = write(folder / "same.png", original(1))
    new = write(folder / "new.jpg", original(9))
    report = run(skip_copies=True)
    assert [row.source for row in report.accepted] == [str(new)]
    assert [row.source for row in report.known] == [str(same)]
    assert {row.source: row.reason for row in report.skipped} == {
        str(cut): "It is already here as 0.png (an edited copy).",
        str(folder / "cut.txt"): "Its picture was not taken.",
    }
    assert len(run().accepted) == 1


def test_a_cancelled_look_for_copies_takes_nothing(
    project: Project, tmp_path: Path, folder: Path
) -> None:
    bring_in(project, tmp_path / "mine", {"0.png": original(0)})
    write(folder / "new.jpg", original(9))
    parts: list[object] = []
    job = Job(lambda _progress: job.cancel(), parts.append)
    with pytest.raises(Cancelled):
        import_images(job, project, [folder], ImportOptions(skip_copies=True))
    (report,) = parts
    assert isinstance(report, ImportReport)
    assert report.cancelled
    assert not report.accepted
    assert len(report.skipped) == 1
