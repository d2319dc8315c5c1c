"""Masks for the training from the command line, as far as into the exported pictures."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curator.core.project import Project
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.regions import Stroke
from curator.core.steps import CutOut
from tests.helpers.commands import CommandLine
from trainer.config import RunConfig
from trainer.dataset import read_dataset


def test_a_mask_is_exported_as_transparency_and_read_by_the_trainer(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    curator("rate", root, "1", "id:1", "or", "id:3")
    curator("mask", root, "id:1", "--polygon", "0,0 48,0 48,64 0,64", "--rest", "0.2")
    dest = tmp_path / "dataset"
    exported = curator.ask("export", root, dest)
    folder = dest / exported["folders"][0]["path"]
    with Image.open(folder / "photo 0.png") as picture:
        assert picture.mode == "RGBA"
        alpha = np.asarray(picture.getchannel("A"))
        assert (alpha[32, 10], alpha[32, 90]) == (255, 51)
        hidden = picture.convert("RGB").getpixel((90, 32))
    with Image.open(root / "images" / "photo 0.jpg") as source:
        assert hidden == source.convert("RGB").getpixel((90, 32))  # seen, although it counts less
    assert (folder / "photo 2.jpg").exists()
    (dataset,) = tomllib.loads((dest / "dataset.toml").read_text("utf-8"))["datasets"]
    assert dataset["subsets"][0]["alpha_mask"] is True
    config = RunConfig(dataset_config=dest / "dataset.toml")
    assert all(item.subset.alpha_mask for item in read_dataset(config).items)
    assert curator.ask("export", root, dest)["written"] == 0
    curator("mask", root, "is:masked", "--clear")
    curator("export", root, dest)
    assert not (folder / "photo 0.png").exists()
    assert "alpha_mask" not in (dest / "dataset.toml").read_text("utf-8")


def test_the_subject_of_a_cut_out_becomes_a_mask(curator: CommandLine, root: Path) -> None:
    with Project.open(root) as project:
        kept = (Stroke(((0.4, 0.5), (0.6, 0.5)), 0.2),)
        project.apply(
            set_recipes("Cut out", {project.image(1): Recipe((CutOut("hand", kept=kept),))})
        )
    made = curator.ask("mask", root, "id:1", "or", "id:2", "--subject", "--outside")
    assert (made["matched"], made["changed"]) == (2, 1)
    assert made["failed"][0]["reason"].startswith("photo 1.jpg has no cut-out")
    assert [row["id"] for row in curator.ask("list", root, "is:masked")] == [1]
    curator("undo", root)
    assert curator.ask("list", root, "is:masked") == []


@pytest.mark.parametrize(
    "polygon", ["1,2 3,4", "a,b c,d e,f", "1 2 3", "0,0 1e9,0 5,5", "0,0 nan,0 1,1"]
)
def test_what_is_no_polygon_is_a_sentence(curator: CommandLine, root: Path, polygon: str) -> None:
    assert "no polygon" in curator("mask", root, "", "--polygon", polygon, code=1).err


def test_one_way_to_mask_is_said(curator: CommandLine, root: Path) -> None:
    assert "one of" in curator("mask", root, "", code=2).err
