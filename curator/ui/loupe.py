"""The loupe: the current picture large, with the line of its neighbours below."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from curator.ui.context import Context
from curator.ui.filmstrip import Filmstrip
from curator.ui.image_model import judgement
from curator.ui.picture_pane import PicturePane
from curator.ui.picture_provider import PictureProvider
from curator.ui.picture_wishes import PictureWishes
from curator.ui.rating_bar import RatingBar
from curator.ui.theme import STEP_PX
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.view_state import ViewState

NEAR = (1, -1, 2, -2, 3, -3)  # the pictures that are made ready, the likeliest first
KEYS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}


class Loupe(QWidget):
    """Follows the current picture as long as it is shown."""

    left = Signal()  # the person wants back
    judged = Signal(str)  # by the buttons
    menu_asked = Signal(QPoint)  # global

    def __init__(
        self,
        context: Context,
        pictures: PictureProvider,
        thumbnails: ThumbnailProvider,
        state: ViewState,
    ) -> None:
        super().__init__()
        self._context = context
        self.pane = PicturePane(context, pictures, thumbnails, state)
        self.strip = Filmstrip(context, thumbnails)
        self.bar = RatingBar(self.pane.canvas)
        self._wishes = PictureWishes([self.pane.canvas], pictures, thumbnails, state, self)
        self.setFocusProxy(self.pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pane, 1)
        column.addWidget(self.strip)
        self._connect()

    def _connect(self) -> None:
        context, canvas = self._context, self.pane.canvas
        context.selection.current_changed.connect(self._follow)
        context.model.modelReset.connect(self._follow)
        context.model.dataChanged.connect(lambda _top, _bottom: self._follow())
        canvas.double_clicked.connect(self.left)
        canvas.hovered.connect(self.bar.heed)
        canvas.resized.connect(self._place_bar)
        self.pane.menu_asked.connect(self.menu_asked)
        self.bar.judged.connect(self.judged)

    def _follow(self) -> None:
        if not self.isVisible():
            return
        context = self._context
        row, image = context.current_row, context.current
        before = self.pane.image
        place = f"{row + 1:,} of {len(context.model.ids):,}" if row >= 0 else ""
        self.pane.show_image(image, place)
        if image is None:
            return
        self.bar.show_judgement(judgement(image))
        if before is None or (before.id, before.recipe) != (image.id, image.recipe):
            rows = [row + step for step in NEAR if 0 <= row + step < len(context.model.ids)]
            records = (context.model.record(near) for near in rows)
            self._wishes.follow([record for record in records if record is not None])

    def show_before(self, is_before: bool) -> None:
        """Show the picture as it was imported, as long as so wished."""
        image = self._context.current
        if image is not None and self.pane.image is not None:
            self.pane.canvas.show_image(replace(image, recipe="") if is_before else image)
            self._wishes.follow()

    def _place_bar(self) -> None:
        area = self.pane.canvas.rect()
        self.bar.move(
            area.center().x() - self.bar.width() // 2,
            area.bottom() - self.bar.height() - 3 * STEP_PX,
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        context = self._context
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(context.model.ids) - 1}
        if event.key() in ends:
            context.go_to_row(ends[Qt.Key(event.key())])
        elif event.key() in KEYS:
            context.go_to_row(context.current_row + KEYS[Qt.Key(event.key())])
        else:
            event.ignore()

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        current, shown = self._context.current, self.pane.canvas.image
        if not event.isAutoRepeat() and current != shown:
            self.show_before(False)
        event.ignore()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self.pane.show_image(None)
        self._follow()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._wishes.stop()
        self.bar.hide()
