"""Our cells against QListView in icon mode, on one model, for bench/window.py."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override
from window_rows import rest

from curator.ui.cell_painter import CellState, paint_cell
from curator.ui.cells_view import USUAL_PX, CellsView
from curator.ui.context import Context
from curator.ui.thumbnail_provider import ThumbnailProvider

SIZES = (10_000, 100_000, 1_000_000)
PAGES = 20
VIEW = QSize(1200, 700)
Index = QModelIndex | QPersistentModelIndex


class _Cell(QStyledItemDelegate):
    """Paints exactly what our cells paint."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        image = self._context.model.record(index.row())
        if image is not None:
            state = CellState(None, is_selected=False, is_current=False, is_hovered=False)
            paint_cell(painter, option.rect, image, state, self._context.theme.colours)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(USUAL_PX, USUAL_PX)


def _list_view(context: Context) -> QListView:
    view = QListView()
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setMovement(QListView.Movement.Static)
    view.setUniformItemSizes(True)
    view.setGridSize(QSize(USUAL_PX, USUAL_PX))
    view.setItemDelegate(_Cell(context))
    view.setModel(context.model)
    return view


def _timed(work: Callable[[], object]) -> float:
    """Seconds until that is done and painted."""
    began = time.perf_counter()
    work()
    QApplication.processEvents()
    return time.perf_counter() - began


def _figures(view: QAbstractItemView, show: Callable[[], None]) -> list[float]:
    """Seconds for: rows shown anew, laid out and painted; a resize; a page."""
    view.resize(VIEW)
    view.show()
    rest(0.3)
    figures = [_timed(show)]
    figures.append(_timed(lambda: view.resize(VIEW.width() - 200, VIEW.height())))
    bar = view.verticalScrollBar()
    began = time.perf_counter()
    for _ in range(PAGES):
        _timed(lambda: bar.setValue(bar.value() + bar.pageStep()))
    figures.append((time.perf_counter() - began) / PAGES)
    view.hide()
    return figures


def compare(context: Context, thumbnails: ThumbnailProvider) -> Sequence[str]:
    """A line per number of rows: both views, and how many times longer QListView takes."""
    model = context.model
    known = array("q", context.project.select())
    lines = [
        f"{'rows':>10}   {'shown anew':^28}   {'resized':^28}   {'a page on':^28}",
        f"{'':>10}" + f"   {'cells':>8} {'QListView':>10} {'ratio':>8}" * 3,
    ]
    for rows in SIZES:
        ids = array("q", [known[at % len(known)] for at in range(rows)])
        found = []
        for make in (lambda: CellsView(context, thumbnails), lambda: _list_view(context)):
            model.show(array("q"))
            view = make()
            found.append(_figures(view, lambda ids=ids: model.show(ids)))
            view.deleteLater()
        cells = "".join(
            f"   {1000 * ours:>5.1f} ms {1000 * theirs:>7.1f} ms {theirs / ours:>7.1f}x"
            for ours, theirs in zip(*found, strict=True)
        )
        lines.append(f"{rows:>10,}{cells}")
    return lines
