"""What is laid over a picture where the training does not look: a veil in a warning colour."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image as Pillow
from PySide6.QtGui import QImage, QPainter

from curator.core.errors import UserError
from curator.core.records import Image
from curator.imaging.masking import weights_of
from curator.ui.picture_painter import target_rect
from curator.ui.qt_picture import to_qt
from curator.ui.view_state import Frame, Place

VEIL_PX = 768  # the longer side at which it is drawn, which takes some milliseconds
STRENGTH = 0.6


def paint_veil(painter: QPainter, image: Image, frame: Frame, place: Place, colour: str) -> None:
    """Draw the veil of a picture's mask; the painter counts in device pixels."""
    veil = _veil(image, colour) if image.mask else None
    if veil is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target_rect(frame, place), veil)


@lru_cache(maxsize=16)
def _veil(image: Image, colour: str) -> QImage | None:
    try:
        weights = weights_of(image, VEIL_PX)
    except UserError:  # told when it is exported
        return None
    if weights is None:
        return None
    veil = Pillow.new("RGB", weights.size, colour)
    veil.putalpha(weights.point([round((255 - level) * STRENGTH) for level in range(256)]))
    return to_qt(veil)
