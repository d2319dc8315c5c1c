"""The command that tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.commands import CommandLine
from tests.helpers.pictures import write
from tests.helpers.taggers import BLUE, RED, coloured, write_tagger


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    return write_tagger(tmp_path / "tiny")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    write(folder / "red.png", coloured(RED))
    write(folder / "blue.png", coloured(BLUE))
    (folder / "red.txt").write_text("fr3dd1e, outdoors", "utf-8")
    return folder


def captions(curator: CommandLine, root: Path) -> dict[str, str]:
    return {Path(row["path"]).name: row["caption"] for row in curator.ask("list", root)}


def test_pictures_are_tagged_and_one_undo_takes_it_back(
    curator: CommandLine, root: Path, model: Path
) -> None:
    answer = curator.ask("tag", root, "", "--model", model)
    assert (answer["model"], answer["scored"], answer["known"]) == ("tiny", 2, 0)
    assert captions(curator, root) == {
        "red.png": "fr3dd1e, outdoors, red hat, miku (append)",
        "blue.png": "blue sky, outdoors, miku (append)",
    }
    (red,) = [row for row in answer["pictures"] if row["path"].endswith("red.png")]
    assert red["added"] == ["red hat", "miku (append)"]
    assert red["removed"] == []
    curator("undo", root)
    assert captions(curator, root)["blue.png"] == ""


def test_other_thresholds_need_no_second_look(
    curator: CommandLine, root: Path, model: Path, tmp_path: Path
) -> None:
    curator("tag", root, "", "--model", model)
    never = tmp_path / "never.txt"
    never.write_text("Red_Hat,unheard of\n", "utf-8")
    said = curator(
        *("tag", root, "name:red", "--model", model, "--threshold", 0.6),
        *("--character-threshold", 0.99, "--undesired", never),
    )
    assert "0 pictures scored now by tiny, 1 before; 1 caption changed." in said.out
    assert "-red hat, -miku (append)" in said.out
    assert captions(curator, root)["red.png"] == "fr3dd1e, outdoors"
    first = ("--threshold", 0.25, "--place", "before", "--by-score")
    curator("tag", root, "name:red", "--model", model, *first)
    assert captions(curator, root)["red.png"] == ("miku (append), red hat, ^_^, fr3dd1e, outdoors")


def test_a_dry_run_changes_nothing(curator: CommandLine, root: Path, model: Path) -> None:
    said = curator("tag", root, "", "--model", model, "--mcut", "--dry-run", "--cpu")
    assert "would change" in said.out
    assert "It runs on the processor." in said.err
    assert captions(curator, root)["blue.png"] == ""
    assert curator.ask("list", root, "safety:explicit")[0]["path"] == "images/red.png"


def test_a_model_that_is_missing_is_told_with_the_way_to_one(
    curator: CommandLine, root: Path, model: Path, tmp_path: Path
) -> None:
    assert "models download" in curator("tag", root, "", code=1).err
    assert "not there" in curator("tag", root, "", "--model", "wd-vit-v3", code=1).err
    assert "no model" in curator("tag", root, "", "--model", tmp_path / "x.onnx", code=1).err
    curator("models", "use", "tagger", model)
    assert curator.ask("tag", root, "")["model"] == "tiny"
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    assert "no text" in curator("tag", root, "", "--undesired", tmp_path / "latin.txt", code=1).err
    assert "could not be read" in curator("tag", root, "", "--undesired", tmp_path, code=1).err
