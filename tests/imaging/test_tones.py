"""Clipping, contrast, colourfulness and hue follow what was done to a picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from curator.imaging.tones import clipped, colourfulness, contrast, hue
from tests.helpers.degraded import gray_of
from tests.helpers.pictures import photo

PHOTO = photo(9, (320, 240))


def rgb(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("RGB"))


def test_clipping_orders_pictures_by_their_exposure() -> None:
    exposed = [ImageEnhance.Brightness(PHOTO).enhance(times) for times in (1, 1.4, 2, 4)]
    found = [clipped(rgb(picture)) for picture in exposed]
    assert found == sorted(found)
    assert found[0] < 10 < found[-1]


def test_contrast_orders_pictures_by_their_contrast() -> None:
    changed = [ImageEnhance.Contrast(PHOTO).enhance(times) for times in (0, 0.3, 0.6, 1)]
    found = [contrast(gray_of(picture)) for picture in changed]
    assert found == sorted(found)
    assert found[0] == pytest.approx(0, abs=0.5)


def test_colourfulness_orders_pictures_by_their_saturation() -> None:
    changed = [ImageEnhance.Color(PHOTO).enhance(times) for times in (0, 0.5, 1, 2)]
    found = [colourfulness(rgb(picture)) for picture in changed]
    assert found == sorted(found)
    assert found[0] == pytest.approx(0, abs=0.5)


def test_hues_stand_in_the_order_of_the_rainbow_and_greys_after_them_by_lightness() -> None:
    colours = ["red", "orange", "yellow", "green", "deepskyblue", "blue", "magenta"]
    plain = [hue(rgb(Image.new("RGB", (20, 20), colour))) for colour in colours]
    assert plain == sorted(plain)
    greys = [hue(rgb(Image.new("RGB", (20, 20), grey))) for grey in ("black", "gray", "white")]
    assert max(plain) < 360 <= greys[0]
    assert greys == sorted(greys)


def test_the_dominant_hue_decides() -> None:
    picture = Image.new("RGB", (30, 30), "blue")
    picture.paste((255, 0, 0), (0, 0, 10, 30))
    assert hue(rgb(picture)) == pytest.approx(hue(rgb(Image.new("RGB", (9, 9), "blue"))), abs=2)
