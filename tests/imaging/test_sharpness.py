"""Sharpness falls with blur, whatever the contrast, the noise and the background."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from curator.imaging.noise import noise
from curator.imaging.sharpness import sharpness
from tests.helpers.degraded import blurred, gray_of, noisy
from tests.helpers.pictures import photo

CLEAN = photo(3, (768, 640), grain=0)


def of(picture: Image.Image) -> float:
    gray = gray_of(picture)
    return sharpness(gray, noise(gray))


def test_sharpness_orders_pictures_by_their_blur() -> None:
    found = [of(blurred(CLEAN, sigma)) for sigma in (0, 0.5, 1, 2, 4, 8)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 2 * found[3]


def test_noise_does_not_make_a_picture_sharp() -> None:
    soft = blurred(CLEAN, 3)
    assert of(noisy(soft, 12)) < of(soft) + 12
    assert of(noisy(soft, 12)) < of(blurred(CLEAN, 1))


def test_contrast_makes_no_difference() -> None:
    faint = Image.fromarray((np.asarray(CLEAN) * 0.5 + 60).astype(np.uint8))
    assert of(faint) == pytest.approx(of(CLEAN), abs=8)


def test_a_sharp_subject_before_a_blurred_background_is_sharp() -> None:
    portrait = blurred(CLEAN, 8)
    portrait.paste(CLEAN.crop((200, 200, 450, 450)), (200, 200))
    assert of(portrait) > 0.8 * of(CLEAN)


def test_a_plain_picture_is_not_sharp() -> None:
    assert of(Image.new("RGB", (300, 200), "gray")) < 0.01


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 255))
@settings(max_examples=30)
def test_the_smallest_pictures_have_a_number(width: int, height: int, seed: int) -> None:
    levels = np.random.default_rng(seed).uniform(0, 255, (height, width)).astype(np.float32)
    assert 0 <= sharpness(levels, 0) <= 100
