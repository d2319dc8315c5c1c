"""The command that measures pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.commands import CommandLine


@pytest.fixture(autouse=True)
def _no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_pictures_are_measured_and_listed(curator: CommandLine, root: Path) -> None:
    answer = curator.ask("quality", root)
    assert answer["measured"] == 4
    assert answer["failed"] == []
    assert len(answer["pictures"]) == 4
    assert answer["pictures"][0]["measures"]["jpeg_quality"] == 92
    said = curator("quality", root, "sort:sharp").out
    assert "0 pictures measured now, 4 listed." in said
    assert "photo 0.jpg" in said
    assert len(curator.ask("list", root, "sharp:<50%")) == 2


def test_a_cover_is_chosen(curator: CommandLine, root: Path) -> None:
    answer = curator.ask("quality", root, "--cover", 2)
    assert answer["of"] == 4
    assert len(answer["cover"]) == 2
    assert "2 of 4 pictures that cover most" in curator("quality", root, "--cover", 2).out
    assert curator.ask("quality", root, "name:nothing", "--cover", 2)["cover"] == []


def test_likely_rejects_need_ratings(curator: CommandLine, root: Path) -> None:
    said = curator("quality", root, "--rejects", code=1)
    assert "need 50 pictures" in said.err
    answer = curator.ask("quality", root, "--rejects")
    assert answer["guessed"] == 0
    assert "need 50" in answer["why_not"]


def test_what_can_not_be_read_is_told(curator: CommandLine, root: Path) -> None:
    next((root / "images").glob("*.jpg")).write_bytes(b"spoilt")
    said = curator("quality", root)
    assert "3 pictures measured now" in said.out
    assert "photo" in said.err


def test_a_broken_face_detector_is_told(curator: CommandLine, root: Path, tmp_path: Path) -> None:
    models = tmp_path / "data" / "curator" / "models"
    models.mkdir(parents=True)
    (models / "face_detection_yunet_2023mar.onnx").write_bytes(b"broken")
    said = curator("quality", root)
    assert "no face detector" in said.err
    assert "models download yunet" in said.err
