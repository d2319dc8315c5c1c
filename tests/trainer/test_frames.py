"""What SDXL is told of a picture's sizes and cuts."""

from __future__ import annotations

from trainer.buckets import BucketRule, choose_bucket
from trainer.config import RunConfig
from trainer.frames import Frame, frame_of, whole


def test_the_numbers_go_by_height_and_width() -> None:
    assert Frame((640, 480), 3, 5, (512, 448)).numbers == (480, 640, 5, 3, 448, 512)
    assert whole((512, 768)).numbers == (768, 512, 0, 0, 768, 512)


def test_the_cuts_are_those_of_the_bucket_after_resizing() -> None:
    placement = choose_bucket((1920, 1080), BucketRule.of(RunConfig()))
    assert placement.resized == (683, 384)
    left = (683 - 640) // 2
    frame = frame_of((1920, 1080), placement, mirrored=False)
    assert frame == Frame((1920, 1080), left, 0, (640, 384))


def test_a_mirrored_picture_was_cut_at_its_other_side() -> None:
    placement = choose_bucket((1920, 1080), BucketRule.of(RunConfig()))
    cut = 683 - 640
    plain, mirrored = (frame_of((1, 1), placement, mirrored=it) for it in (False, True))
    assert (plain.left + mirrored.left, mirrored.target) == (cut, (640, 384))
