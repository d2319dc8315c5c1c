"""The commands to begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from safetensors import safe_open

from curator.cli import demo_commands
from tests.helpers.commands import CommandLine

QUICK = ("resolution=64", "max_train_epochs=1", "train_batch_size=8", "torch_threads=1",
         "network_dim=2", "max_validation_steps=1", "sample_prompts=")  # fmt: skip


def test_the_demo_goes_from_pictures_to_checkpoints(
    curator: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_commands, "TRAINING", QUICK)
    monkeypatch.chdir(tmp_path)
    said = curator("demo", "--no-window", "--json")
    root = Path(said.json["project"])
    assert root == tmp_path / "curator-demo"
    assert len(curator.ask("list", root)) >= 24
    assert curator.ask("list", root, "rating:1")
    assert curator.ask("list", root, "is:uncaptioned") == []
    for path in said.json["checkpoints"]:
        with safe_open(path, "pt") as file:
            assert any(name.startswith("lora_unet_") for name in file.keys())  # noqa: SIM118
    assert "Reject 2 images" in said.err


def test_the_demo_takes_ones_own_photos(
    curator: CommandLine, tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_commands, "TRAINING", QUICK)
    said = curator("demo", tmp_path / "mine", "--photos", photos)
    assert "the first quarter counts as primary" in said.err
    assert "1 checkpoint of the run" in said.out
    assert f"curator open {tmp_path / 'mine'}" in said.out
    assert len(curator.ask("list", tmp_path / "mine", "rating:1")) == 1


def test_a_demo_without_pictures_is_a_sentence(curator: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = curator("demo", tmp_path / "p", "--photos", tmp_path / "empty", code=1)
    assert "There are no pictures in" in said.err


def test_a_demo_of_photos_that_are_not_there_leaves_nothing_behind(
    curator: CommandLine, tmp_path: Path
) -> None:
    said = curator("demo", tmp_path / "p", "--photos", tmp_path / "nowhere", code=1)
    assert said.err.startswith(f"There is no folder {tmp_path / 'nowhere'}.")
    assert not (tmp_path / "p").exists()


def test_the_doctor_says_what_works(curator: CommandLine) -> None:
    findings = {row["name"]: row for row in curator.ask("doctor")}
    assert findings["Python"]["ok"]
    assert findings["Training"]["says"]
    lines = curator("doctor").out.splitlines()
    assert lines[0].startswith("ok  Python: ")
