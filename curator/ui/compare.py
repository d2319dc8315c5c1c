"""Two to four pictures side by side, moved and made larger together; keys judge the chosen one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from curator.core.shown_size import shown_size
from curator.ui.canvas import Canvas
from curator.ui.context import Context
from curator.ui.notices import Notice
from curator.ui.picture_pane import PicturePane
from curator.ui.picture_provider import PictureProvider
from curator.ui.picture_wishes import PictureWishes
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.view_state import ViewState, columns_for

LEAST, MOST = 2, 4
TOO_FEW = Notice("Comparing takes two pictures; there are fewer to choose from.")
TOO_MANY = Notice("More than four pictures are selected; four are compared at a time.")


class Compare(QWidget):
    """The picture of the chosen pane is the current one; that pane has the focus."""

    left = Signal()  # the person wants back, or too few pictures are left
    strayed = Signal()  # the current picture is another one than these
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
        self._ids: list[int] = []
        self._at, self._columns = 0, 1
        self.panes = [PicturePane(context, pictures, thumbnails, state) for _ in range(MOST)]
        canvases = [pane.canvas for pane in self.panes]
        self._wishes = PictureWishes(canvases, pictures, thumbnails, state, self)
        # What was removed is left out once the finder has found its new current picture.
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._leave_out)
        self._cells = QGridLayout(self)
        self._cells.setContentsMargins(0, 0, 0, 0)
        self._cells.setSpacing(0)
        self._connect()

    def _connect(self) -> None:
        for at, pane in enumerate(self.panes):
            pane.setParent(self)
            pane.hide()
            pane.focused.connect(partial(self.choose, at))
            pane.menu_asked.connect(self.menu_asked)
            pane.canvas.double_clicked.connect(self.left)
        model = self._context.model
        self._context.selection.current_changed.connect(self._follow)
        model.modelReset.connect(self._look_for_removed)
        model.dataChanged.connect(lambda _top, _bottom: self._look_again())

    # -- which pictures

    def begin(self) -> bool:
        """Take what is selected, or the current picture and the next; False where that is one."""
        ids = self._selected()
        if len(ids) < LEAST:
            self._context.tell(TOO_FEW)
            return False
        current = self._context.selection.current
        at = ids.index(current) if current in ids else 0
        if len(ids) > MOST:
            self._context.tell(TOO_MANY)
            first = min(at, len(ids) - MOST)
            ids, at = ids[first : first + MOST], at - first
        self._lay_out(ids)
        self.choose(at)
        return True

    def _selected(self) -> list[int]:
        selection, ids = self._context.selection, self._context.model.ids
        if len(selection) >= LEAST:
            return [image_id for image_id in ids if image_id in selection]
        row = min(max(0, self._context.current_row), max(0, len(ids) - LEAST))
        return list(ids[row : row + LEAST])

    def _lay_out(self, ids: list[int]) -> None:
        self._ids = ids
        for at, pane in enumerate(self.panes):
            if at >= len(ids):
                pane.show_image(None)
            pane.setVisible(at < len(ids))
        self._look_again()
        self._arrange()

    def _arrange(self) -> None:
        """Place the panes so that the pictures are as large as they can be."""
        images = [pane.image for pane in self.panes if pane.image is not None]
        if not images:
            return
        sizes = [shown_size(image) for image in images]
        self._columns = columns_for(sizes, (self.width(), self.height()))
        for at, pane in enumerate(self.panes[: len(images)]):
            self._cells.addWidget(pane, at // self._columns, at % self._columns)

    def _look_again(self) -> None:
        """Show the records as they are now."""
        for pane, image_id in zip(self.panes, self._ids, strict=False):
            image = self._context.model.image(image_id)
            width, height = shown_size(image) if image else (0, 0)
            pane.show_image(image, f"{width:,} x {height:,}")
        if self.isVisible():
            self._wishes.follow()

    def _look_for_removed(self) -> None:
        if self.isVisible() and not set(self._ids) <= set(self._context.model.ids):
            self._settle.start()

    def _leave_out(self) -> None:
        shown = set(self._context.model.ids)
        ids = [image_id for image_id in self._ids if image_id in shown]
        if len(ids) < LEAST:
            if ids:
                self._context.selection.go_to(ids[0])
            self.left.emit()
            return
        self._lay_out(ids)
        self.choose(self._at)

    # -- which one of them

    def choose(self, at: int) -> None:
        """Make a pane the chosen one; beyond the ends means the ends."""
        self._at = at = min(max(at, 0), len(self._ids) - 1)
        for number, pane in enumerate(self.panes):
            pane.choose(number == at)
        had_focus = any(pane.hasFocus() for pane in self.panes)
        self.setFocusProxy(self.panes[at])
        if had_focus:
            self.panes[at].setFocus()
        selection = self._context.selection
        if self._ids[at] in selection:
            selection.point_at(self._ids[at])
        else:
            selection.go_to(self._ids[at])

    def step(self, by: int) -> None:
        """Choose a pane further on or back."""
        self.choose(self._at + by)

    def _follow(self) -> None:
        if not self.isVisible() or self._settle.isActive():
            return
        current = self._context.selection.current
        if current in self._ids:
            self.choose(self._ids.index(current))
        else:
            self.strayed.emit()

    def canvas_for_keys(self) -> Canvas:
        """The canvas under the mouse, else that of the chosen pane."""
        panes = self.panes[: len(self._ids)]
        hovered = (pane.canvas for pane in panes if pane.canvas.underMouse())
        return next(hovered, panes[self._at].canvas)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -self._columns, Qt.Key.Key_Down: self._columns}
        by = steps.get(Qt.Key(event.key()), 0)
        if by and 0 <= self._at + by < len(self._ids):
            self.step(by)
        elif not by:
            event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(self._context.theme.colours.surround))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._wishes.follow()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._wishes.stop()
