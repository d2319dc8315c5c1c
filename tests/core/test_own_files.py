"""Which files are an image's own: what a forged record or a link leads to is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from curator.core.own_files import copy_size, own_files
from curator.core.project import Project
from curator.core.records import Image
from tests.helpers.projects import fill


@pytest.fixture
def image(project: Project) -> Image:
    """A picture with a copy of 5 bytes and a caption beside it."""
    [made] = fill(project, 1)
    (project.images_dir / "1.jpg").write_bytes(b"12345")
    (project.images_dir / "1.txt").write_text("a raccoon")
    return made


def names(project: Project, image: Image) -> list[str]:
    return [
        path.relative_to(project.root).as_posix() for path in own_files(project.images_dir, image)
    ]


def test_the_copy_goes_last_after_its_mirrors(project: Project, image: Image) -> None:
    assert names(project, image) == ["images/1.txt", "images/1.jpg"]
    (project.images_dir / "1.jpg.xmp").touch()
    assert names(project, image) == ["images/1.txt", "images/1.jpg.xmp", "images/1.jpg"]
    assert copy_size(project.images_dir, image) == 5


def test_of_a_picture_in_place_only_the_mirrors_are_the_projects_own(
    project: Project, image: Image, tmp_path: Path
) -> None:
    outside = tmp_path / "photo.jpg"
    outside.touch()
    assert names(project, replace(image, path=str(outside))) == ["images/1.txt"]
    assert copy_size(project.images_dir, replace(image, path=str(outside))) == 0


def test_where_the_copy_is_gone_nothing_is_its_own(project: Project, image: Image) -> None:
    (project.images_dir / "1.jpg").unlink()
    assert names(project, image) == []
    assert copy_size(project.images_dir, image) == 0


@pytest.mark.parametrize(
    "path",
    ["../victim.jpg", "images/../victim.jpg", "images/..", "images/.", "images/deep/victim.jpg",
     "images/..\\victim.jpg", "images/nul\0.jpg", "project.db", "images/link.jpg", "images/folder"],
)  # fmt: skip
def test_a_forged_path_leads_nowhere(project: Project, image: Image, path: str) -> None:
    victim = project.root.parent / "victim.jpg"
    (project.images_dir / "deep").mkdir()
    (project.images_dir / "folder").mkdir()
    for place in (victim, project.root / "victim.jpg", project.images_dir / "deep" / "victim.jpg"):
        place.touch()
    (project.images_dir / "link.jpg").symlink_to(victim)
    forged = replace(image, id=7, path=path)
    assert names(project, forged) == []
    assert copy_size(project.images_dir, forged) == 0


def test_a_folder_of_images_that_leads_out_holds_nothing_of_ours(
    project: Project, image: Image, tmp_path: Path
) -> None:
    project.images_dir.rename(tmp_path / "elsewhere")
    project.images_dir.symlink_to(tmp_path / "elsewhere")
    assert names(project, image) == []
    assert copy_size(project.images_dir, image) == 0


def test_a_project_may_itself_be_reached_through_a_link(
    project: Project, image: Image, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(project.root)
    found = own_files(tmp_path / "link" / "images", image)
    assert [path.name for path in found] == ["1.txt", "1.jpg"]
