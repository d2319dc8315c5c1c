"""Where mirrors lie: beside the copy, by id for what has none, and never outside the project."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curator.core.mirror_files import CAPTION, RATING, mirror_name
from curator.core.project import Project
from tests.helpers.projects import fill


def test_mirrors_lie_beside_the_copy(project: Project) -> None:
    [image] = fill(project, 1)
    assert mirror_name(image, CAPTION) == "1.txt"
    assert mirror_name(replace(image, path="images/cat.jpg"), CAPTION) == "cat.txt"
    assert mirror_name(replace(image, path="images/cat.jpg"), RATING) == "cat.jpg.xmp"


@pytest.mark.parametrize(
    "path", ["/photos/cat.jpg", "../cat.jpg", "images/a\\..\\..\\cat.jpg", "images/.."]
)
def test_pictures_outside_the_project_are_mirrored_inside_by_id(
    project: Project, path: str
) -> None:
    [image] = fill(project, 1)
    for kind, suffix in ((CAPTION, ".txt"), (RATING, ".xmp")):
        assert mirror_name(replace(image, path=path), kind) == f"{image.id}{suffix}"
