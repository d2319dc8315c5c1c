"""Pictures as taggers take them, pixel by pixel as the references say it in words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps

from curator.core.tagger_records import Preparation
from curator.imaging.tagger_input import prepare

WD = Preparation(16, "white", bgr=True, channels_last=True)
CL = Preparation(16, "white", bgr=True, channels_last=False, scale=1 / 127.5, offset=-1.0)
DEEPDANBOORU = Preparation(16, "edge", bgr=False, channels_last=True, scale=1 / 255)

sides = st.integers(1, 40)


@st.composite
def pictures(draw: st.DrawFn) -> Pillow.Image:
    """Pictures of noise, of any shape, some with alpha."""
    dice = np.random.default_rng(draw(st.integers(0, 1000)))
    shape = (draw(sides), draw(sides), draw(st.sampled_from([3, 4])))
    return Pillow.fromarray(dice.integers(0, 256, shape, np.uint8))


def by_the_words(picture: Pillow.Image, side: int) -> NDArray[np.float32]:
    """BGR, raw 0-255, no mean or std; alpha on white; padded to a square, white, centred; bicubic.

    Put together of Pillow's own parts, apart from the program's.
    """
    white = Pillow.new("RGBA", picture.size, (255, 255, 255, 255))
    white.alpha_composite(picture.convert("RGBA"))
    opaque = white.convert("RGB")
    longest = max(opaque.size)
    left, top = (longest - opaque.width) // 2, (longest - opaque.height) // 2
    rest = (longest - opaque.width - left, longest - opaque.height - top)
    square = ImageOps.expand(opaque, (left, top, *rest), (255, 255, 255))
    red, green, blue = square.resize((side, side), Pillow.Resampling.BICUBIC).split()
    return np.stack([np.asarray(one, np.float32) for one in (blue, green, red)], axis=-1)


@settings(max_examples=200)
@given(pictures(), st.sampled_from([16, 33]))
def test_wd_taggers_get_every_pixel_as_the_words_say(picture: Pillow.Image, side: int) -> None:
    how = Preparation(side, "white", bgr=True, channels_last=True)
    found = prepare(picture, how)
    assert found.dtype == np.float32
    assert found.flags.c_contiguous
    assert np.array_equal(found, by_the_words(picture, side))


@given(pictures())
def test_cl_taggers_get_the_same_from_minus_one_to_one_channels_first(
    picture: Pillow.Image,
) -> None:
    wanted = by_the_words(picture, 16).transpose(2, 0, 1) / 127.5 - 1
    assert np.allclose(prepare(picture, CL), wanted, atol=1e-6)


def test_a_picture_of_the_right_size_is_not_scaled() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (16, 16, 3), np.uint8)
    assert np.array_equal(prepare(Pillow.fromarray(noise), WD), noise[:, :, ::-1])


def test_white_is_left_and_right_of_an_upright_picture_and_behind_what_is_clear() -> None:
    found = prepare(Pillow.new("RGB", (4, 16), "red"), WD)
    assert np.array_equal(found[8, 0], [255, 255, 255])
    assert np.array_equal(found[8, 8], [0, 0, 255])
    assert np.all(prepare(Pillow.new("RGBA", (9, 5), (200, 10, 10, 0)), WD) == 255)


def by_the_other_words(picture: Pillow.Image, side: int) -> NDArray[np.float64]:
    """Scaled by areas, in the middle, padded by its edge pixels; bilinear where that is between."""
    values = np.asarray(picture, np.float64)
    height, width = values.shape[:2]
    factor = max(height, width) // side
    small = values.reshape(height // factor, factor, width // factor, factor, 3).mean(axis=(1, 3))

    def placed(length: int) -> NDArray[np.float64]:
        return np.clip(np.arange(side) - (side - length) / 2, 0, length - 1)

    ys, xs = placed(small.shape[0]), placed(small.shape[1])
    top, left = np.floor(ys).astype(int), np.floor(xs).astype(int)
    down, right = np.ceil(ys).astype(int), np.ceil(xs).astype(int)
    fy, fx = (ys - top)[:, None, None], (xs - left)[None, :, None]
    above = small[top][:, left] * (1 - fx) + small[top][:, right] * fx
    below = small[down][:, left] * (1 - fx) + small[down][:, right] * fx
    return (above * (1 - fy) + below * fy) / 255


@pytest.mark.parametrize("size", [(16, 16), (32, 32), (32, 20), (32, 22), (12, 32), (48, 21)])
def test_deepdanbooru_gets_a_fitted_picture_within_its_own_rim(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (size[1], size[0], 3), np.uint8)
    picture = Pillow.fromarray(noise)
    found = prepare(picture, DEEPDANBOORU)
    assert found.shape == (16, 16, 3)
    assert np.abs(found - by_the_other_words(picture, 16)).max() < 1e-4


@given(pictures())
def test_any_picture_fits(picture: Pillow.Image) -> None:
    found = prepare(picture, DEEPDANBOORU)
    assert found.shape == (16, 16, 3)
    assert 0 <= found.min() <= found.max() <= 1.0001
