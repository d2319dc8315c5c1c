"""Preparing pictures from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image as Pillow

from curator.core.model_folder import VARIABLE
from tests.helpers import heavy_models
from tests.helpers.commands import CommandLine


def test_steps_follow_in_one_order_and_are_one_edit(curator: CommandLine, root: Path) -> None:
    said = curator.ask(
        "recipe", root, "width:96", "--upscale", "2", "--crop", "square", "--pad", "2:1:edge",
        "--turn", "right",
    )  # fmt: skip
    assert (said["matched"], said["changed"], said["failed"]) == (2, 2, [])
    (row, _other) = said["images"]
    assert [step["kind"] for step in row["steps"]] == ["turn", "crop", "upscale", "pad"]
    assert row["steps"][3]["fill"] == "edge"
    assert row["size"] == [256, 128]
    assert curator.ask("undo", root) == {"undone": "Prepare 2 images"}
    assert curator.ask("recipe", root, "width:96")["images"][0]["steps"] == []


def test_what_a_picture_has_already_is_left_out_and_clear_takes_all_back(
    curator: CommandLine, root: Path
) -> None:
    curator("recipe", root, "width:96", "--crop", "3:2", "--upscale", "bucket")
    first = curator.ask("recipe", root, "width:96")["images"][0]
    assert [step["kind"] for step in first["steps"]] == ["upscale"]
    assert curator.ask("recipe", root, "width:96", "--upscale", "bucket")["changed"] == 0
    said = curator.ask("recipe", root, "width:96", "--clear", "--crop", "1:1")
    assert [step["kind"] for step in said["images"][0]["steps"]] == ["crop"]
    assert curator.ask("recipe", root, "width:96", "--clear")["images"][0]["size"] == [96, 64]


def test_a_preset_goes_first_and_a_dry_run_changes_nothing(
    curator: CommandLine, root: Path
) -> None:
    told = curator(
        "recipe", root, "width:96", "--preset", "crop to square", "--upscale", "2", "--dry-run"
    )
    assert "96x64 to 128x128" in told.out
    assert "crop, upscale" in told.out
    assert "Would be changed: 2 of 2 pictures." in told.out
    assert curator.ask("recipe", root, "width:96")["images"][0]["steps"] == []
    assert "There are" in curator("recipe", root, "", "--preset", "no such", code=1).err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--crop", "wide", "no ratio"),
        ("--crop", "0:1", "no ratio"),
        ("--pad", "square:nocolour", "no colour"),
        ("--cutout", "nocolour", "no colour"),
        ("--turn", "upwards", "no way to turn"),
        ("--upscale", "much", "no factor"),
        ("--upscale", "0", "no factor"),
        ("--upscale", "nan", "no factor"),
    ],
)
def test_what_can_not_be_meant_is_a_sentence(
    curator: CommandLine, root: Path, option: str, value: str, said: str
) -> None:
    refused = curator("recipe", root, "width:96", option, value, code=1)
    assert said in refused.err
    assert curator.ask("recipe", root, "width:96")["images"][0]["steps"] == []


def test_a_picture_that_would_become_too_large_is_reported(
    curator: CommandLine, root: Path
) -> None:
    curator("recipe", root, "width:96", "--upscale", "16")
    curator("recipe", root, "width:96", "--upscale", "10")
    said = curator("recipe", root, "", "--upscale", "16")
    assert "would become" in said.err
    assert "Changed: 2 of 4 pictures" in said.out


def test_heavy_steps_are_computed_at_once_and_rendered(
    curator: CommandLine, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "models"))
    none = curator("recipe", root, "width:96", "--cutout", "white", code=1)
    assert "There is no cut-out model yet" in none.err
    cutter = heavy_models.write_bright_cutter(tmp_path / "bright.onnx")
    curator("models", "use", "cutout", cutter)
    doubler = heavy_models.write_doubler(tmp_path / "doubler.onnx")
    said = curator(
        "recipe", root, "width:96", "--cutout", "transparent", "--upscale", "4",
        "--upscaler", doubler,
    )  # fmt: skip
    assert "computed for 2" in said.out
    assert "It runs on" in said.err
    assert len(list((root / "cache" / "steps").rglob("*.png"))) == 4
    curator("render", root, tmp_path / "out", "width:96", "--format", "webp")
    with Pillow.open(tmp_path / "out" / "1.webp") as made:
        assert (made.size, made.mode) == ((384, 256), "RGBA")
    curator("render", root, tmp_path / "out", "width:96", "--format", "jpg")
    with Pillow.open(tmp_path / "out" / "1.jpg") as made:
        assert (made.size, made.mode) == ((384, 256), "RGB")
    gone = curator.ask("recipe", root, "width:96", "--upscale", "2", "--upscaler", "gone.pth")
    assert [row["id"] for row in gone["failed"]] == [1, 3]
    assert "There is no model" in gone["failed"][0]["reason"]
