"""Pixels from Pillow to Qt, in pieces, so that no other thread waits for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from PIL import Image as Pillow

PIECE_BYTES = 1 << 20  # a millisecond; one piece of a whole photo would hold up the window


def prepare() -> None:
    """Have PySide prepare what `to_qt` calls, which must not happen in two threads at once."""
    made = QImage(1, 1, QImage.Format.Format_RGB32)
    if not made.isNull():
        made.bits()


def to_qt(picture: Pillow.Image) -> QImage:
    """The picture, in mode RGB or RGBA, in the form that Qt paints fastest.

    Raises MemoryError when there is no room for it.
    """
    import numpy as np

    has_alpha = picture.mode == "RGBA"
    form = QImage.Format.Format_ARGB32_Premultiplied if has_alpha else QImage.Format.Format_RGB32
    made = QImage(picture.width, picture.height, form)
    if made.isNull():
        raise MemoryError
    lines = np.frombuffer(made.bits(), np.uint8).reshape(picture.height, picture.width * 4)
    step = max(1, PIECE_BYTES // (picture.width * 4))
    for top in range(0, picture.height, step):
        piece = picture.crop((0, top, picture.width, min(top + step, picture.height)))
        if has_alpha:
            pixels = piece.convert("RGBa").tobytes("raw", "BGRa")
        else:
            pixels = piece.tobytes("raw", "BGRX")
        lines[top : top + piece.height] = np.frombuffer(pixels, np.uint8).reshape(piece.height, -1)
    return made
