"""The kinds of steps: what each makes of a picture's size."""

from __future__ import annotations

from curator.core.geometry import Box
from curator.core.steps import Adjust, Crop, Pad, Resize, Upscale


def test_a_crop_scales_to_pictures_of_another_size() -> None:
    crop = Crop(10, 10, 60, 110, 100, 200)
    assert crop.box((100, 200)) == Box(10, 10, 60, 110)
    assert crop.box((200, 200)) == Box(20, 10, 120, 110)
    assert crop.size_after((50, 100)) == (25, 50)


def test_a_resize_with_one_side_keeps_the_ratio() -> None:
    assert Resize(512).size_after((1024, 768)) == (512, 384)
    assert Resize(0, 384).size_after((1024, 768)) == (512, 384)
    assert Resize(10, 20).size_after((1024, 768)) == (10, 20)
    assert Resize(1).size_after((1000, 3)) == (1, 1)


def test_pads_upscales_and_adjustments() -> None:
    assert Pad(1, 1).size_after((100, 60)) == (100, 100)
    assert Pad(2, 3).size_after((100, 60)) == (100, 150)
    assert Upscale(1.5).size_after((101, 50)) == (152, 75)
    assert Adjust(exposure=1).size_after((3, 4)) == (3, 4)
