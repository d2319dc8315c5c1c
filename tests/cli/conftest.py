"""The command line, and a folder of pictures to use it on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.commands import CommandLine
from tests.helpers.pictures import draw, write


@pytest.fixture
def curator(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Runs commands."""
    return CommandLine(capsys)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Four pictures of two sizes, one with a caption beside it."""
    folder = tmp_path / "photos"
    for number, size in enumerate([(96, 64), (64, 96), (96, 64), (128, 128)]):
        write(folder / f"photo {number}.jpg", draw(number, size))
    (folder / "photo 0.txt").write_text("fr3dd1e, on grass", "utf-8")
    return folder


@pytest.fixture
def root(curator: CommandLine, tmp_path: Path, photos: Path) -> Path:
    """A project with these four pictures."""
    folder = tmp_path / "project"
    curator("new", folder)
    curator("import", folder, photos)
    return folder
