"""The command about buckets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curator.core import edits
from curator.core.project import Project
from tests.helpers.commands import REPOSITORY, CommandLine
from tests.helpers.projects import new_image

VECTORS = json.loads((REPOSITORY / "tests" / "trainer" / "data" / "buckets.json").read_text())


@pytest.fixture
def sized(tmp_path: Path) -> Path:
    """A project with a picture for each size that sd-scripts was asked about."""
    with Project.create(tmp_path / "sized") as made:
        sizes = [row["image"] for row in VECTORS["select"]]
        ids = made.new_image_ids(len(sizes))
        found = [
            new_image(id_, width=width, height=height)
            for id_, (width, height) in zip(ids, sizes, strict=True)
        ]
        made.apply(edits.add_images(ids), facts=found)
    return tmp_path / "sized"


@pytest.mark.parametrize("mode", ["upscale", "no_upscale"])
def test_buckets_and_losses_are_those_of_sd_scripts(
    curator: CommandLine, sized: Path, mode: str
) -> None:
    if mode == "no_upscale":
        curator("set", sized, "options=bucket_no_upscale=yes")
    answer = curator.ask("buckets", sized)
    assert len(answer) == len(VECTORS["select"])
    for row, vector in zip(answer, VECTORS["select"], strict=True):
        bucket, resized = vector[mode]["bucket"], vector[mode]["resized"]
        assert row["bucket"] == bucket
        kept = bucket[0] * bucket[1] / (resized[0] * resized[1])
        assert row["crop_loss"] == pytest.approx(1 - kept)
        sides = zip(resized, vector["image"], strict=True)
        assert row["scale"] == pytest.approx(max(new / old for new, old in sides))


def test_they_are_counted_for_people(curator: CommandLine, sized: Path) -> None:
    said = curator("buckets", sized, "width:<1000 -height:<300").out
    assert "384x640" in said
    assert "are enlarged." in said
    assert "Best 5 buckets: " in said
    assert curator.ask("buckets", sized, "crop_loss:>99%") == []


def test_a_turned_picture_trains_in_the_other_bucket(curator: CommandLine, root: Path) -> None:
    before = curator.ask("buckets", root)
    curator("turn", root, "left", "")
    after = curator.ask("buckets", root)
    assert [row["bucket"] for row in after] == [row["bucket"][::-1] for row in before]
