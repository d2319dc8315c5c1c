"""A picture on a canvas under one quiet line: its name, a note and how large it is shown."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from curator.core.fit_words import short_words
from curator.core.records import Image
from curator.ui.canvas import Canvas
from curator.ui.context import Context
from curator.ui.image_model import judgement
from curator.ui.picture_provider import PictureProvider
from curator.ui.rating_marks import ring_pen
from curator.ui.theme import STEP_PX
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.view_state import ViewState

FRAME_PX = 2


class PicturePane(QWidget):
    """Takes the focus for its canvas, and frames it where it is the chosen one of several."""

    focused = Signal()
    menu_asked = Signal(QPoint)  # global

    def __init__(
        self,
        context: Context,
        pictures: PictureProvider,
        thumbnails: ThumbnailProvider,
        state: ViewState,
    ) -> None:
        super().__init__()
        self._context, self._note, self._pictures = context, "", pictures
        self._is_chosen = self._came_by_tab = False
        self.canvas = Canvas(context, pictures, thumbnails, state)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._line_px = self.fontMetrics().height() + 2 * STEP_PX
        column = QVBoxLayout(self)
        column.setContentsMargins(FRAME_PX, self._line_px, FRAME_PX, FRAME_PX)
        column.addWidget(self.canvas)
        self.canvas.pressed.connect(lambda: self.setFocus(Qt.FocusReason.MouseFocusReason))
        shared = context.theme.changed, context.eye.changed
        for changed in (state.changed, pictures.arrived, *shared):
            changed.connect(self.update)

    @property
    def image(self) -> Image | None:
        """The picture it shows."""
        return self.canvas.image

    def show_image(self, image: Image | None, note: str = "") -> None:
        """Show another picture."""
        self._note = note
        self.canvas.show_image(image)
        spoken = f"{image.name}, {judgement(image)}, {note}".strip(", ") if image else "No picture"
        self.setAccessibleName(spoken)
        self.update()

    def choose(self, is_chosen: bool) -> None:
        """Frame it as the one that keys act on."""
        self._is_chosen = is_chosen
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = self._context.theme.colours
        painter.fillRect(self.rect(), QColor(colours.surround))
        if self._is_chosen or (self.hasFocus() and self._came_by_tab):
            painter.setPen(ring_pen(colours.accent, FRAME_PX))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        if self.image is not None:
            note = ", ".join(filter(None, [self._note, self._pictures.lack(self.image)]))
            self._paint_line(painter, self.image.name, note)

    def _paint_line(self, painter: QPainter, name: str, note: str) -> None:
        colours, metrics = self._context.theme.colours, self.fontMetrics()
        line = QRect(0, 0, self.width(), self._line_px).adjusted(3 * STEP_PX, 0, -3 * STEP_PX, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        zoom = self.canvas.zoom_words()
        if self.image is not None and self._context.eye.is_open:
            zoom = f"{short_words(self._context.eye.fit(self.image))},  {zoom}"
        painter.setPen(QColor(colours.muted))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, zoom)
        note_px = metrics.horizontalAdvance(note) + 4 * STEP_PX if note else 0
        room = line.width() - metrics.horizontalAdvance(zoom) - note_px - 4 * STEP_PX
        name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(0, room))
        after = metrics.horizontalAdvance(name) + 3 * STEP_PX
        painter.drawText(line.adjusted(after, 0, 0, 0), flags, note)
        painter.setPen(QColor(colours.text))
        painter.drawText(line, flags, name)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        tabs = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._came_by_tab = event.reason() in tabs
        self.focused.emit()
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
