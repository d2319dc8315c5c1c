"""One picture large, a tool upon it, the tool's options above and what it says below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from curator.ui.actions import ActionTable
from curator.ui.context import Context
from curator.ui.picture_pane import PicturePane
from curator.ui.picture_provider import PictureProvider
from curator.ui.picture_wishes import PictureWishes
from curator.ui.theme import MUTED, STEP_PX, WARNING, embolden
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.tools.workbench import Workbench
from curator.ui.view_state import ViewState

ACTIONS = (
    "tool_ratio",
    "tool_ratio_back",
    "tool_lock",
    "tool_thirds",
    "tool_full",
    "tool_upper_body",
    "tool_head",
    "tool_smaller",
    "tool_larger",
    "tool_softer",
    "tool_harder",
    "tool_other",
    "tool_take_back",
)
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class ToolView(QWidget):
    """Accepting is one edit; the picture stays what it is until then."""

    left = Signal()  # the person wants back
    menu_asked = Signal(QPoint)  # global

    def __init__(
        self,
        context: Context,
        pictures: PictureProvider,
        thumbnails: ThumbnailProvider,
        state: ViewState,
    ) -> None:
        super().__init__()
        self.pane = PicturePane(context, pictures, thumbnails, state)
        self.pane.canvas.shows_lost = False  # tools that change it show it themselves
        self.bench = Workbench(context, self.pane, state)
        self._wishes = PictureWishes([self.pane.canvas], pictures, thumbnails, state, self)
        self.title, self.words, self.warning = QLabel(), QLabel(), QLabel()
        self.hint = QLabel()
        self.cancel_button = QPushButton("Cancel", autoDefault=False)
        self.accept_button = QPushButton("Accept", autoDefault=False)
        self._context = context
        self._options = QVBoxLayout()
        self._bar: QWidget | None = None
        self._undo: QAction | None = None
        self._redo: QAction | None = None
        self.setFocusProxy(self.pane)
        self._lay_out()
        self.cancel_button.clicked.connect(self.bench.cancel)
        self.accept_button.clicked.connect(self.bench.accept)
        self.pane.menu_asked.connect(self.menu_asked)
        self.bench.left.connect(self.left)
        self.bench.began.connect(self._begin)
        self.bench.changed.connect(self._tell)

    def _lay_out(self) -> None:
        embolden(self.title)
        self.warning.setForegroundRole(WARNING)
        self.hint.setForegroundRole(MUTED)
        for label in (self.words, self.warning, self.hint):
            label.setMinimumWidth(1)  # what is long must not hold the window wide
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.title)
        top.addWidget(self.words)
        top.addWidget(self.warning)
        top.addStretch(1)
        top.addWidget(self.cancel_button)
        top.addWidget(self.accept_button)
        foot.addWidget(self.hint, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, STEP_PX, 0, STEP_PX)
        column.setSpacing(STEP_PX)
        for row in (top, self._options, foot):
            row.setContentsMargins(3 * STEP_PX, 0, 3 * STEP_PX, 0)
            row.setSpacing(3 * STEP_PX)
        column.addLayout(top)
        column.addLayout(self._options)
        column.addWidget(self.pane, 1)
        column.addLayout(foot)

    def take_actions(self, table: ActionTable) -> None:
        """Have the buttons say their keys."""
        self._undo, self._redo = table["undo"], table["redo"]
        buttons = {"tool_cancel": self.cancel_button, "tool_accept": self.accept_button}
        for name, button in buttons.items():
            key = table.keys_text(name)
            button.setText(f"{button.text()}   {key}" if key else button.text())

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the actions of tools do."""
        return {
            "tool_accept": self.bench.accept,
            "tool_cancel": self.bench.cancel,
            "tool_next": self.bench.accept_and_go_on,
            **{name: partial(self._do, name) for name in ACTIONS},
        }

    def _do(self, name: str) -> None:
        if self.bench.tool is not None:
            self.bench.tool.do(name)
            self.bench.stage.update()

    def _begin(self, _name: str) -> None:
        tool = self.bench.tool
        if tool is None:
            return
        if self._bar is not tool.bar:
            if self._bar is not None:
                self._bar.hide()
            self._bar = tool.bar
            self._options.addWidget(tool.bar)
            tool.bar.show()
        self.title.setText(tool.title)
        self.hint.setText(tool.hint)
        self.hint.setVisible(bool(tool.hint))
        self._tell()
        self._wish()

    def _wish(self) -> None:
        """The next picture is likely to be framed like this one."""
        model, row = self._context.model, self._context.current_row + 1
        record = model.record(row) if row < len(model.ids) else None
        self._wishes.follow([record] if record is not None else [])

    def _tell(self) -> None:
        tool = self.bench.tool
        if tool is not None:
            words = tool.words()
            self.words.setText(words.text)
            self.warning.setText(words.warning)

    # -- keys

    def _stroke_key(self, event: QKeyEvent) -> Callable[[], bool] | None:
        """What the keys of undo and redo do to strokes, which comes before the project's steps."""
        tool, key = self.bench.tool, QKeySequence(event.keyCombination())
        if tool is None:
            return None
        if self._undo is not None and key in self._undo.shortcuts() and tool.can_take_back:
            return tool.take_back
        if self._redo is not None and key in self._redo.shortcuts() and tool.can_put_back:
            return tool.put_back
        return None

    @override
    def event(self, event: QEvent) -> bool:
        """Arrows are the tool's, Space is its options'; neither is that of pictures."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_own = event.key() in ARROWS or event.key() == Qt.Key.Key_Space
            if is_own or self._stroke_key(event) is not None:
                event.accept()
                return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        way, tool = ARROWS.get(Qt.Key(event.key())), self.bench.tool
        if (work := self._stroke_key(event)) is not None:
            work()
        elif way is None or tool is None or not tool.nudge(*way, event.modifiers()):
            event.ignore()

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.bench.stage.show_before(False)
        event.ignore()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._wish()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._wishes.stop()
        self.bench.accept_touched()
        self.bench.end()
