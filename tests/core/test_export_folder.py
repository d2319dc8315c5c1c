"""What a dataset's folder knows about its own files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curator.core.errors import UserError
from curator.core.export_folder import MANIFEST, ExportFolder


def put(folder: ExportFolder, path: str, key: str = "k", data: bytes = b"data") -> None:
    folder.plan([path])
    folder.write(path, data)
    folder.wrote(path, key)


def test_a_file_is_current_until_its_key_or_its_bytes_change(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path)
    put(folder, "img/1_a/x.png")
    assert folder.is_current("img/1_a/x.png", "k")
    assert not folder.is_current("img/1_a/x.png", "other")
    (tmp_path / "img/1_a/x.png").write_bytes(b"other data")
    assert not folder.is_current("img/1_a/x.png", "k")
    (tmp_path / "img/1_a/x.png").unlink()
    assert not folder.is_current("img/1_a/x.png", "k")


def test_what_is_known_survives(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path)
    put(folder, "img/1_a/x.png")
    folder.save()
    assert ExportFolder(tmp_path).is_current("img/1_a/x.png", "k")


def test_planned_files_are_ours_even_before_they_are_written(tmp_path: Path) -> None:
    ExportFolder(tmp_path).plan(["img/1_a/x.png"])
    (tmp_path / "img/1_a").mkdir(parents=True)
    (tmp_path / "img/1_a/x.png").write_bytes(b"written, then killed")
    again = ExportFolder(tmp_path)
    again.plan(["img/1_a/x.png"])
    assert again.strangers() == []
    assert again.drop_others([]) == ["img/1_a/x.png"]
    assert not (tmp_path / "img/1_a").exists()


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path)
    folder.refresh("img/1_a/x.txt", b"caption")
    before = (tmp_path / "img/1_a/x.txt").stat().st_ino
    folder.refresh("img/1_a/x.txt", b"caption")
    assert (tmp_path / "img/1_a/x.txt").stat().st_ino == before
    folder.refresh("img/1_a/x.txt", b"other")
    assert (tmp_path / "img/1_a/x.txt").read_bytes() == b"other"


def test_a_folder_that_was_renamed_in_case_keeps_its_files(tmp_path: Path) -> None:
    """On a file system that ignores case both names are one file; a hard link is the same here."""
    folder = ExportFolder(tmp_path)
    put(folder, "img/1_Dog/x.png")
    (tmp_path / "img/1_dog").mkdir()
    (tmp_path / "img/1_dog/x.png").hardlink_to(tmp_path / "img/1_Dog/x.png")
    folder.plan(["img/1_Dog/x.png"])
    folder.drop_others(["img/1_dog/x.png"])
    assert (tmp_path / "img/1_dog/x.png").read_bytes() == b"data"


@pytest.mark.parametrize("name", ["img", "reg", "dataset.toml"])
def test_something_that_is_not_ours_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("somebody's")
    with pytest.raises(UserError, match=f"{name} is there already"):
        ExportFolder(tmp_path)


def test_other_files_beside_the_dataset_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "img").mkdir()
    ExportFolder(tmp_path).plan(["img/1_a/x.png"])
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": {"img/a/b.png": 3}}', '{"files": []}'])
def test_a_damaged_manifest_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(UserError, match="is damaged"):
        ExportFolder(tmp_path)


def test_the_manifest_says_who_made_it(tmp_path: Path) -> None:
    ExportFolder(tmp_path).plan(["dataset.toml"])
    rows = json.loads((tmp_path / MANIFEST).read_text())
    assert rows == {"made_by": "curator", "version": 1, "files": {"dataset.toml": None}}
