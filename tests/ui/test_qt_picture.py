"""Pixels on their way from Pillow to Qt."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtGui import QColor, QImage

from curator.ui.qt_picture import PIECE_BYTES, to_qt
from tests.helpers.pictures import photo


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (701, 613)])
def test_every_pixel_arrives(size: tuple[int, int]) -> None:
    picture = photo(1, size)
    made = to_qt(picture)
    pixels = np.frombuffer(made.constBits(), np.uint8).reshape(size[1], size[0], 4)
    assert (pixels[:, :, 2::-1] == np.asarray(picture)).all()
    assert made.format() == QImage.Format.Format_RGB32


def test_a_large_picture_arrives_in_several_pieces() -> None:
    picture = photo(2, (1200, 900))
    assert 3 * PIECE_BYTES < 1200 * 900 * 4
    made = to_qt(picture)
    for at in ((0, 0), (1199, 899), (600, 450)):
        assert made.pixelColor(*at).getRgb()[:3] == picture.getpixel(at)


def test_alpha_arrives_with_the_colours_multiplied() -> None:
    picture = Pillow.new("RGBA", (2, 1), (200, 100, 50, 128))
    picture.putpixel((1, 0), (200, 100, 50, 0))
    made = to_qt(picture)
    assert made.format() == QImage.Format.Format_ARGB32_Premultiplied
    assert made.pixel(0, 0) == 0x80643219
    assert made.pixelColor(1, 0) == QColor(0, 0, 0, 0)
