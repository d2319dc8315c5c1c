"""Which pictures of a project others are copies of."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from PIL import Image, ImageOps

from curator.core.duplicates import Kind
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.sources import Found, Sources
from curator.imaging.described import Subject
from curator.imaging.known import Match, find_in_project, subject_in
from tests.helpers.copied import original
from tests.helpers.imported import bring_in
from tests.helpers.pictures import write


def subject(path: Path) -> Subject:
    found = subject_in(Found(str(path), path.stat().st_size))
    assert isinstance(found, Subject)
    return found


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = write(tmp_path / "a.png", original(0))
    found = subject(path)
    assert found.key == f"{hashlib.sha256(path.read_bytes()).hexdigest()}-0"
    assert (found.path, found.name, found.read()) == (path, "a.png", None)
    lost = subject_in(Found(str(tmp_path / "gone.png"), 1))
    assert isinstance(lost, UserError)


def test_what_lies_in_an_archive_is_read_from_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.png", original(0))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "inner/a.png")
    with Sources([], lambda: tmp_path / "scratch", lambda: None) as sources:
        sources.add([tmp_path / "a.zip"])
        found = subject_in(sources.files[0])
        assert isinstance(found, Subject)
        assert found.read() == path.read_bytes()
        assert found.key == subject(path).key


def test_the_surest_relation_counts(project: Project, tmp_path: Path) -> None:
    whole = original(0)
    pictures = {"a.png": whole, "b.png": whole.crop((20, 10, 220, 160)), "c.png": original(1)}
    images = bring_in(project, tmp_path / "mine", pictures)
    asked = {
        "same": subject(write(tmp_path / "same.bmp", whole)),
        "cut": subject(write(tmp_path / "cut.jpg", pictures["b.png"])),
        "mirrored": subject(write(tmp_path / "mirrored.png", ImageOps.mirror(original(1)))),
        "other": subject(write(tmp_path / "other.png", original(2))),
    }
    found = find_in_project(Job(), project, list(asked.values()))
    assert found == {
        asked["same"].key: Match(images["a.png"], Kind.PIXELS),
        asked["cut"].key: Match(images["b.png"], Kind.REENCODED),
        asked["mirrored"].key: Match(images["c.png"], Kind.EDITED),
    }
    assert str(found[asked["mirrored"].key]) == "already here as c.png (an edited copy)"
    assert find_in_project(Job(), project, []) == {}


def test_pictures_of_one_colour_are_new(project: Project, tmp_path: Path) -> None:
    bring_in(project, tmp_path / "mine", {"a.png": Image.new("RGB", (60, 40), "red")})
    other = subject(write(tmp_path / "b.png", Image.new("RGB", (80, 40), "red")))
    assert find_in_project(Job(), project, [other]) == {}
