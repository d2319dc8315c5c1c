"""Pictures are described once, by their content, and related."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from curator.core.duplicates import Kind
from curator.core.jobs import Job
from curator.core.project import Project
from curator.imaging.described import Subject, fingerprints_for, key_of
from tests.helpers.copied import original
from tests.helpers.pictures import encode, write


def subject(path: Path, key: str = "") -> Subject:
    return Subject(key or path.name, path, path.name)


def test_each_content_is_described_once(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "a.png", original(0))
    notes: list[str] = []
    with fingerprints_for(project) as prints:
        job = Job(lambda progress: notes.append(progress.note))
        assert prints.make(job, [subject(path, "x"), subject(path, "x")]) == {}
        assert prints.known(["x", "y"]) == {"x"}
        assert notes[0] == "a.png"
    path.unlink()
    with fingerprints_for(project) as prints:
        assert prints.make(Job(), [subject(path, "x")]) == {}
        assert prints.hashes(["x"]).shape == (1, 2)
        assert prints.hashes([]).shape == (0, 2)
        assert len(prints.words(["x"])[0]) == len(prints.of(["x"])["x"].points)


def test_what_can_not_be_read_is_told_by_its_key(project: Project, tmp_path: Path) -> None:
    with fingerprints_for(project) as prints:
        failed = prints.make(Job(), [subject(tmp_path / "gone.png")])
        assert "gone.png" in failed["gone.png"].message


@pytest.mark.parametrize("in_archive", [False, True])
def test_the_same_pixels_are_told_from_nearly_the_same(
    project: Project, tmp_path: Path, in_archive: bool
) -> None:
    picture = original(0)
    other = picture.copy()
    other.putpixel((3, 3), (1, 2, 3))
    pictures = {"a.png": picture, "b.bmp": picture, "c.png": other, "d.png": picture.convert("L")}
    asked = []
    for name, one in pictures.items():
        path = write(tmp_path / name, one)
        data = path.read_bytes()
        if in_archive:
            path.unlink()
            asked.append(Subject(name, path, name, read=partial(bytes, data)))
        else:
            asked.append(Subject(name, path, name, picture.size))
    with fingerprints_for(project) as prints:
        prints.make(Job(), asked)
        kinds = [
            related and related[0] for one in asked for related in [prints.relate(asked[0], one)]
        ]
    assert kinds[:3] == [Kind.PIXELS, Kind.PIXELS, Kind.REENCODED]
    assert kinds[3] is not Kind.PIXELS


def test_one_that_vanished_since_is_not_called_the_same(project: Project, tmp_path: Path) -> None:
    one, other = (subject(write(tmp_path / name, original(0))) for name in ("a.png", "b.bmp"))
    with fingerprints_for(project) as prints:
        prints.make(Job(), [one, other])
        other.path.unlink()
        related = prints.relate(one, other)
    assert related is not None
    assert related[0] is Kind.REENCODED


def test_transparent_pictures_are_laid_on_white(project: Project, tmp_path: Path) -> None:
    clear = original(0).convert("RGBA")
    clear.putalpha(0)
    path = tmp_path / "a.png"
    path.write_bytes(encode(clear, "PNG"))
    with fingerprints_for(project) as prints:
        prints.make(Job(), [subject(path)])
        assert prints.of(["a.png"])["a.png"].gray.min() == 255


def test_a_key_names_content_and_frame() -> None:
    assert key_of("abc") == "abc-0"
    assert key_of("abc", 7) == "abc-7"
