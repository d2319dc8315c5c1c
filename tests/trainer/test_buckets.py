"""Buckets are sd-scripts' to the pixel, and no picture is too odd for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trainer.buckets import BucketRule, bucket_resolutions, choose_bucket
from trainer.config import RunConfig
from trainer.data_options import LEAST_CROP, SD_SCRIPTS
from trainer.errors import TrainerError

VECTORS = json.loads((Path(__file__).parent / "data" / "buckets.json").read_text())
SIDES = st.integers(1, 20_000)


@pytest.mark.parametrize("name", VECTORS["buckets"])
def test_tables_are_those_of_sd_scripts(name: str) -> None:
    size, low, high, step = name.split()
    width, height = (int(side) for side in size.split("x"))
    found = bucket_resolutions(
        (width, height),
        int(low.removeprefix("min")),
        int(high.removeprefix("max")),
        int(step.removeprefix("step")),
    )
    assert found == [tuple(bucket) for bucket in VECTORS["buckets"][name]]


def test_there_are_17_buckets_at_512_and_not_47() -> None:
    assert len(bucket_resolutions((512, 512))) == 17


@pytest.mark.parametrize("mode", ["upscale", "no_upscale"])
@pytest.mark.parametrize("row", VECTORS["select"], ids=lambda row: "x".join(map(str, row["image"])))
def test_choices_are_those_of_sd_scripts(row: dict[str, list[int]], mode: str) -> None:
    rule = BucketRule(no_upscale=mode == "no_upscale")
    placement = choose_bucket((row["image"][0], row["image"][1]), rule)
    expected = row[mode]
    assert isinstance(expected, dict)
    assert placement.bucket == tuple(expected["bucket"])
    assert placement.resized == tuple(expected["resized"])


def test_the_crop_is_taken_from_the_middle() -> None:
    placement = choose_bucket((512, 768), BucketRule())
    assert placement.resized == (427, 640)
    assert placement.crop == (21, 0, 405, 640)


def test_without_buckets_everything_becomes_the_resolution() -> None:
    rule = BucketRule(resolution=(512, 768), enabled=False)
    assert choose_bucket((4000, 300), rule).bucket == (512, 768)


def test_an_exact_size_is_taken_as_it_is() -> None:
    placement = choose_bucket((320, 768), BucketRule())
    assert (placement.bucket, placement.resized) == ((320, 768), (320, 768))


def test_a_picture_thinner_than_a_step_gets_the_smallest_side() -> None:
    placement = choose_bucket((40, 300), BucketRule(no_upscale=True))
    assert placement.bucket == (64, 448)
    assert placement.resized == (64, 480)


def test_the_share_that_is_cropped_is_of_the_scaled_picture() -> None:
    assert choose_bucket((512, 768), BucketRule()).crop_loss == 1 - 384 * 640 / (427 * 640)
    assert choose_bucket((384, 640), BucketRule()).crop_loss == 0


def test_least_crop_is_fair_to_upright_pictures() -> None:
    """0.688 is nearer to 0.6 than to 0.778, but scaled to 0.778 less of it is cut off."""
    size = (688, 1000)
    usual, least = (choose_bucket(size, BucketRule(choice=it)) for it in (SD_SCRIPTS, LEAST_CROP))
    assert (usual.bucket, least.bucket) == ((384, 640), (448, 576))
    assert (round(usual.crop_loss, 3), round(least.crop_loss, 3)) == (0.127, 0.115)


@given(SIDES, SIDES)
def test_no_other_bucket_crops_less_than_the_one_of_least_crop(width: int, height: int) -> None:
    def loss(bucket: tuple[int, int]) -> float:
        ratio, own = bucket[0] / bucket[1], width / height
        return 1 - min(ratio / own, own / ratio)

    chosen = choose_bucket((width, height), BucketRule(choice=LEAST_CROP)).bucket
    assert loss(chosen) == pytest.approx(min(map(loss, bucket_resolutions((512, 512)))))


def test_limits_that_exclude_the_resolution_are_refused() -> None:
    with pytest.raises(TrainerError, match="768x768"):
        bucket_resolutions((768, 768), 256, 640)


def test_limits_are_rounded_outwards_to_the_step() -> None:
    assert bucket_resolutions((512, 512), 300, 1000) == bucket_resolutions((512, 512), 256, 1024)


def test_a_rule_follows_the_options_of_a_run() -> None:
    config = RunConfig(resolution=(640, 512), min_bucket_reso=128, bucket_no_upscale=True)
    assert BucketRule.of(config) == BucketRule((640, 512), 128, 1024, 64, True, True)


@example(width=34, height=8721, step=16, no_upscale=True, enabled=True)
@given(SIDES, SIDES, st.sampled_from([16, 32, 64]), st.booleans(), st.booleans())
def test_every_picture_covers_its_bucket(
    width: int, height: int, step: int, no_upscale: bool, enabled: bool
) -> None:
    rule = BucketRule(step=step, no_upscale=no_upscale, enabled=enabled)
    placement = choose_bucket((width, height), rule)
    left, top, right, bottom = placement.crop
    assert (right - left, bottom - top) == placement.bucket
    assert left >= 0
    assert top >= 0
    assert right <= placement.resized[0]
    assert bottom <= placement.resized[1]
    assert all(side > 0 and side % step == 0 for side in placement.bucket)
    # Without enlarging sd-scripts rounds the first side to a pixel before it counts the other one.
    shorter = min(placement.bucket)
    most = 512 * 512 * (shorter / (shorter - 0.5)) ** 2 + shorter if no_upscale else 512 * 512
    assert placement.bucket[0] * placement.bucket[1] <= most
