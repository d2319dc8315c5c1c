"""Sees what the window paints, for bench/window.py."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent

from curator.core.records import Image
from curator.ui import cells_view
from curator.ui.canvas import Canvas
from curator.ui.cell_painter import CellState
from curator.ui.cells_view import CellsView
from curator.ui.theme import Colours


class Eye:
    """Sees every paint of the cells: how long it took, and as what each picture stands there."""

    def __init__(self) -> None:
        self.paints_s: list[float] = []
        self.seen: dict[int, tuple[int, bool]] = {}  # rating and whether current, by image id
        self.large: list[bool] = []  # for each paint of the loupe, whether it had all it shows
        paint, paint_cell = CellsView.paintEvent, cells_view.paint_cell

        def timed(view: CellsView, event: QPaintEvent) -> None:
            began = time.perf_counter()
            paint(view, event)
            self.paints_s.append(time.perf_counter() - began)

        def noted(
            painter: QPainter, rect: QRect, image: Image, state: CellState, colours: Colours
        ) -> None:
            paint_cell(painter, rect, image, state, colours)
            self.seen[image.id] = image.rating, state.is_current

        show = Canvas.paintEvent

        def looked(canvas: Canvas, event: QPaintEvent) -> None:
            show(canvas, event)
            self.large.append(is_sharp(canvas))

        Canvas.paintEvent = looked  # type: ignore[method-assign]
        CellsView.paintEvent = timed  # type: ignore[method-assign]
        cells_view.paint_cell = noted

    def sees_paint(self) -> Callable[[], bool]:
        """A condition that is met by the next paint."""
        before = len(self.paints_s)
        return lambda: len(self.paints_s) > before


def is_sharp(canvas: Canvas) -> bool:
    """Whether the picture is there with as many pixels as the canvas shows."""
    image = canvas.image
    levels = canvas._pictures.get(image) if image is not None else ()
    return (
        bool(levels)
        and image is not None
        and max(levels[-1].width(), levels[-1].height()) >= canvas.fitted_side(image)
    )
