"""The middle of the window: pictures as a grid, large in the loupe, side by side, as duplicates."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from curator.ui.action_rows import Scope
from curator.ui.canvas import Canvas
from curator.ui.compare import Compare
from curator.ui.context import Context
from curator.ui.duplicates_view import DuplicatesView
from curator.ui.flash import Flash
from curator.ui.grid import Grid
from curator.ui.loupe import Loupe
from curator.ui.picture_provider import PictureProvider
from curator.ui.sweep import SweepView
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.tools.tool_view import ToolView
from curator.ui.view_state import ViewState, Zoom

CELL_STEP = 1.2  # how much larger or smaller one key makes the grid's cells


class PicturesArea(QWidget):
    """Holds the views; which one is shown changes neither the filter nor the selection."""

    judged_by_button = Signal(str)  # the picture in the loupe
    menu_asked = Signal(QPoint)  # global, in any view
    keys_changed = Signal(object)  # the Scope whose keys stand in for those of pictures, or None

    def __init__(
        self, context: Context, thumbnails: ThumbnailProvider, pictures: PictureProvider
    ) -> None:
        super().__init__()
        self._context, self._pictures = context, pictures
        self.view_state = ViewState()
        self.grid = Grid(context, thumbnails)
        self.loupe = Loupe(context, pictures, thumbnails, self.view_state)
        self.compare = Compare(context, pictures, thumbnails, self.view_state)
        self._stack = QStackedWidget()
        self.duplicates = DuplicatesView(context, pictures, thumbnails)
        self.sweep = SweepView(context, pictures, thumbnails)
        self.tools = ToolView(context, pictures, thumbnails, self.view_state)
        self._views = (
            self.grid,
            self.loupe,
            self.compare,
            self.duplicates,
            self.sweep,
            self.tools,
        )
        for view in self._views:
            self._stack.addWidget(view)
        self._before_compare: QWidget = self.grid
        self._before_tool: QWidget = self.grid
        self.loupe.strip.setVisible(self.has_filmstrip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.flash = Flash(self)
        self._connect()

    def _connect(self) -> None:
        self.grid.opened.connect(lambda _id: self.show_loupe())
        self.loupe.left.connect(self.show_grid)
        self.loupe.judged.connect(self.judged_by_button)
        self.compare.left.connect(self._end_compare)
        self.compare.strayed.connect(self.show_loupe)
        self.duplicates.left.connect(self.show_grid)
        self.sweep.left.connect(self.show_grid)
        self.tools.left.connect(self._end_tool)
        for view in self._views:
            view.menu_asked.connect(self.menu_asked)
        self._context.selection.current_changed.connect(self._leave_empty)
        self._context.preferences.changed.connect(self._heed_preferences)

    def _heed_preferences(self) -> None:
        self._pictures.most_bytes = self._context.preferences.liking.picture_memory_mb << 20

    # -- which view

    @property
    def is_comparing(self) -> bool:
        """Whether pictures stand side by side."""
        return self._stack.currentWidget() is self.compare

    @property
    def is_deciding(self) -> bool:
        """Whether duplicates are shown."""
        return self._stack.currentWidget() is self.duplicates

    @property
    def is_sweeping(self) -> bool:
        """Whether a tag is swept."""
        return self._stack.currentWidget() is self.sweep

    @property
    def is_tooling(self) -> bool:
        """Whether a tool works on a picture."""
        return self._stack.currentWidget() is self.tools

    def open_tool(self, name: str, place: int | None = None) -> None:
        """Begin with a tool on the current picture, at a place among its steps."""
        if self.tools.bench.open(name, place):
            if not self.is_tooling:
                is_grid = self._stack.currentWidget() is self.grid
                self._before_tool = self.grid if is_grid else self.loupe
            self._show(self.tools)

    def _end_tool(self) -> None:
        if self._before_tool is self.loupe:
            self.show_loupe()
        else:
            self.show_grid()

    def show_before(self) -> None:
        """Show the picture without its steps, or without what the tool does, till a key goes up."""
        if self.is_tooling:
            self.tools.bench.stage.show_before(True)
        elif self._stack.currentWidget() is self.loupe:
            self.loupe.show_before(True)

    def show_sweep(self, tag: str = "") -> None:
        """Have a tag chosen and asked about in the pictures on show, or begin with this one."""
        self._show(self.sweep)
        self.sweep.begin(tag)

    def toggle_duplicates(self) -> None:
        """The groups of duplicates; from there, the grid."""
        if self.is_deciding:
            self.show_grid()
        else:
            self._show(self.duplicates)

    def show_grid(self) -> None:
        """Back to the grid, where the current picture is in sight."""
        self._show(self.grid)
        row = self._context.current_row
        if row >= 0:
            self.grid.scrollTo(self._context.model.index(row, 0))

    def show_loupe(self) -> None:
        """The current picture, large."""
        if self._context.selection.current is not None:
            self._show(self.loupe)

    def toggle_loupe(self) -> None:
        """The current picture large; from there, the grid."""
        if self._stack.currentWidget() is self.loupe:
            self.show_grid()
        else:
            self.show_loupe()

    def toggle_compare(self) -> None:
        """The selected pictures side by side; from there, where one was before."""
        if self.is_comparing:
            self._end_compare()
        elif self.compare.begin():
            is_loupe = self._stack.currentWidget() is self.loupe
            self._before_compare = self.loupe if is_loupe else self.grid
            self._show(self.compare)

    def _end_compare(self) -> None:
        if self._before_compare is self.loupe:
            self.show_loupe()
        else:
            self.show_grid()

    def _show(self, view: QWidget) -> None:
        if view is not self._stack.currentWidget():
            self._pictures.wish(())
            self.setFocus()  # else the stack would give it to any part of the view
            before = self._stand_in()
            self._stack.setCurrentWidget(view)
            if before is not self._stand_in():
                self.keys_changed.emit(self._stand_in())
        self._context.selection.narrow(view is not self.grid)
        view.setFocus()

    def _stand_in(self) -> Scope | None:
        if self.is_deciding:
            return Scope.DECIDING
        if self.is_tooling:
            return Scope.TOOLING
        return Scope.SWEEPING if self.is_sweeping else None

    def take_keyboard(self) -> None:
        """Let the keys of pictures hold."""
        if view := self._stack.currentWidget():
            view.setFocus()

    def _leave_empty(self) -> None:
        is_free = self._stack.currentWidget() in (self.grid, self.duplicates, self.sweep)
        if self._context.selection.current is None and not is_free:
            self.show_grid()

    # -- what keys do in whichever view

    def step(self, by: int) -> None:
        """Go so many pictures on, side by side so many panes."""
        if self.is_comparing:
            self.compare.step(by)
        elif self.is_deciding:
            self.duplicates.deciding.step(by)
        elif self.is_sweeping:
            self.sweep.sweeping.step(by)
        elif self.is_tooling:
            self.tools.bench.step(by)
        else:
            self._context.go_to_row(self._context.current_row + by)

    def judged(self, judgement: str, count: int) -> None:
        """Tell what was done; side by side, go on to the next pane where that is wished."""
        self.flash.show_judgement(judgement, count)
        if self.is_comparing and self._context.preferences.liking.auto_advance == "yes":
            self.compare.step(1)

    def zoom_actual(self) -> None:
        """A pixel of the picture on one of the screen's, or all of it."""
        if canvas := self._canvas():
            canvas.zoom_actual()

    def zoom_fit(self) -> None:
        """All of the picture."""
        state = self.sweep.view_state if self.is_sweeping else self.view_state
        state = self.duplicates.view_state if self.is_deciding else state
        state.set(replace(state.view, zoom=Zoom.FIT))

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller pictures, in the grid cells."""
        if canvas := self._canvas():
            canvas.zoom_by(steps)
        else:
            self.grid.set_cell_px(round(self.grid.cell_px * CELL_STEP**steps))

    def _canvas(self) -> Canvas | None:
        if self.is_comparing:
            return self.compare.canvas_for_keys()
        if self.is_deciding:
            return self.duplicates.canvas
        if self.is_sweeping:
            return self.sweep.pane.canvas
        if self.is_tooling:
            return self.tools.pane.canvas
        is_loupe = self._stack.currentWidget() is self.loupe
        return self.loupe.pane.canvas if is_loupe else None

    def show_filmstrip(self, is_shown: bool) -> None:
        """Have the neighbours below the loupe, or not; kept for the next time."""
        self.loupe.strip.setVisible(is_shown)
        self._context.preferences.remember("filmstrip", int(is_shown))

    @property
    def has_filmstrip(self) -> bool:
        """Whether the loupe has its neighbours below it."""
        return bool(int(self._context.preferences.remembered("filmstrip", 1)))

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_button = isinstance(self.window().focusWidget(), QAbstractButton)
            if is_button and event.key() == Qt.Key.Key_Space:
                event.accept()  # it presses the button, and does not open the loupe
                return True
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.flash.place()
