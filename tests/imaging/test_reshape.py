"""Steps that change the frame."""

from __future__ import annotations

import numpy as np
from PIL import Image as Pillow

from curator.core.steps import Crop, Pad, Straighten
from curator.imaging.reshape import crop, pad, resized, straighten
from tests.helpers import pictures


def test_a_crop_keeps_its_pixels() -> None:
    drawn = pictures.draw()
    made = crop(Crop(10, 5, 50, 45, 96, 64), drawn)
    assert made.tobytes() == drawn.crop((10, 5, 50, 45)).tobytes()
    outside = crop(Crop(-50, -50, -10, 900, 96, 64), drawn)
    assert outside.size == (1, 64)


def test_straightening_by_nothing_changes_nothing_and_is_clockwise() -> None:
    drawn = pictures.draw(size=(96, 64))
    assert straighten(Straighten(0.0), drawn).tobytes() == drawn.tobytes()
    there = straighten(Straighten(10.0), drawn)
    expected = drawn.rotate(-10, Pillow.Resampling.BICUBIC)
    left, top = (96 - there.width) // 2, (64 - there.height) // 2
    cut = expected.crop((left, top, left + there.width, top + there.height))
    assert pictures.difference(there, cut) < 8


def test_borders_are_of_a_colour_of_the_edge_of_itself_or_clear() -> None:
    drawn = pictures.draw(size=(96, 64))
    white = pad(Pad(1, 1, "white"), drawn)
    assert white.size == (96, 96)
    assert white.getpixel((5, 2)) == (255, 255, 255)
    assert white.crop((0, 16, 96, 80)).tobytes() == drawn.tobytes()
    edge = pad(Pad(1, 1, "edge", y=0), drawn)
    assert edge.getpixel((40, 90)) == drawn.getpixel((40, 63))
    assert pad(Pad(1, 1, "transparent"), drawn).getpixel((5, 2)) == (0, 0, 0, 0)
    blurred = np.asarray(pad(Pad(3, 1, "blur"), drawn), np.float32)
    assert np.abs(np.diff(blurred[:, :40], axis=1)).max() < 20


def test_clear_pixels_lend_no_colour_when_resized() -> None:
    half = Pillow.new("RGBA", (40, 40), (255, 0, 0, 255))
    half.paste((0, 255, 0, 0), (20, 0, 40, 40))
    small = np.asarray(resized(half, (8, 8)))
    assert (small[small[..., 3] > 0][:, 1] < 3).all()
