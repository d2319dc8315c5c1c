"""The one window: menus from the action table, docks for panels, and the place for pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QToolBar,
    QWidget,
)
from typing_extensions import override

from curator.ui.action_rows import MENUS, VIEW
from curator.ui.actions import ACTIONS, ActionTable
from curator.ui.preferences import Preferences
from curator.ui.start_page import StartPage, dropped_paths

TITLE = "Curator"
FIRST_SIZE = (1280, 800)
STATE_VERSION = 3  # raise it when docks are renamed
LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
CULL, PREPARE, CAPTION, TRAIN = "cull", "prepare", "caption", "train"


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A panel as a dock: `workspaces` are those in which it is shown at first.

    `size_px`: its width, or at the bottom its height, at first; `tall_px`: its height beside
    others above or below it. `behind`: the panel that stands
    before it in the same place, with tabs to choose. `begin` puts the keyboard into it.
    """

    name: str
    title: str
    widget: QWidget
    area: Qt.DockWidgetArea
    workspaces: tuple[str, ...]
    size_px: int = 0
    tall_px: int = 0
    behind: str = ""
    begin: Callable[[], object] | None = None


class MainWindow(QMainWindow):
    """Shows the start page or a project; keeps its own size and the places of docks."""

    files_dropped = Signal(list)  # of paths, on a project
    close_asked = Signal(object)  # the QCloseEvent, to be ignored where something still runs
    workspace_changed = Signal(str)
    keyboard_lost = Signal()  # it was in a panel that is no longer seen

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.preferences = preferences
        self.actions_table = ActionTable(self, preferences.keys)
        self.workspace = CULL
        self.start_page = StartPage(preferences)
        self._top: QToolBar | None = None
        self._docks: list[tuple[PanelRow, QDockWidget]] = []
        self._seen: set[QDockWidget] = set()
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._keep_keyboard_seen)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.start_page)
        self.setCentralWidget(self._middle)
        self.setWindowTitle(TITLE)
        self.setDockNestingEnabled(True)
        self.setCorner(Qt.Corner.BottomRightCorner, RIGHT)
        self.setAcceptDrops(True)
        self.menus = {title: self.menuBar().addMenu(title) for title in MENUS}
        self._fill_menus()
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().hide()
        self._restore_size()

    def _fill_menus(self) -> None:
        for row in ACTIONS:
            self.menus[row.menu].addAction(self.actions_table[row.name])
        self.menus[VIEW].addSeparator()
        self.panels_menu = QMenu("Panels", self)
        self.menus[VIEW].addMenu(self.panels_menu)

    def _restore_size(self) -> None:
        kept = self.preferences.remembered("geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(*FIRST_SIZE)

    # -- a project comes and goes

    def show_project(
        self, root: Path, top: QWidget, page: QWidget, panels: Sequence[PanelRow]
    ) -> None:
        """Show a project's page in the middle, its bar on top of all, its panels around it."""
        self.setWindowTitle(f"{root.name} - {TITLE}")
        self._top = _top_bar(top)
        self.addToolBar(self._top)
        self._middle.addWidget(page)
        self._middle.setCurrentWidget(page)
        for row in panels:
            self._add_dock(row)
        self.statusBar().show()
        self.workspace = CULL
        self._arrange()
        self.actions_table.allow(has_project=True)

    def _add_dock(self, row: PanelRow) -> None:
        dock = QDockWidget(row.title, self)
        dock.setObjectName(row.name)
        dock.setWidget(row.widget)
        dock.visibilityChanged.connect(partial(self._note_seen, dock))
        self.addDockWidget(row.area, dock)
        before = self._dock(row.behind)
        if before is not None:
            self.tabifyDockWidget(before, dock)
            before.raise_()
        self.panels_menu.addAction(dock.toggleViewAction())
        self._docks.append((row, dock))

    def show_start(self) -> None:
        """Take the project's parts away and show the start page."""
        self.setWindowTitle(TITLE)
        for _row, dock in self._docks:
            self.removeDockWidget(dock)
            dock.deleteLater()
        self._docks.clear()
        self._seen.clear()
        self.panels_menu.clear()
        if self._top is not None:
            self.removeToolBar(self._top)
            self._top.deleteLater()
            self._top = None
        page = self._middle.currentWidget()
        if page is not None and page is not self.start_page:
            self._middle.removeWidget(page)
            page.deleteLater()
        self.statusBar().hide()
        self.start_page.look_again()
        self.actions_table.allow(has_project=False)

    # -- workspaces

    def go_to_workspace(self, name: str) -> None:
        """Change the panels around the pictures, never the pictures."""
        if name != self.workspace:
            self.remember_places()
            self.workspace = name
            left = self._dock_with_keyboard()
            self._arrange()
            if left is not None and left.isHidden():
                self.keyboard_lost.emit()  # Qt gave it to whatever comes next
            self.workspace_changed.emit(name)

    def _arrange(self) -> None:
        kept = self.preferences.remembered(f"docks-{self.workspace}")
        if isinstance(kept, QByteArray) and self.restoreState(kept, STATE_VERSION):
            return
        shown = [dock for row, dock in self._docks if self.workspace in row.workspaces]
        upright = Qt.Orientation.Vertical
        for _row, dock in self._docks:
            if dock not in shown:
                dock.hide()  # before others come, or the window grows to hold both
        for row, dock in self._docks:
            dock.setVisible(dock in shown)
            way = upright if row.area == BOTTOM else Qt.Orientation.Horizontal
            if row.size_px:
                self.resizeDocks([dock], [row.size_px], way)
        tall = [(dock, row.tall_px) for row, dock in self._docks if row.tall_px]
        self.resizeDocks([dock for dock, _px in tall], [px for _dock, px in tall], upright)

    def _dock(self, name: str) -> QDockWidget | None:
        return next((dock for row, dock in self._docks if row.name == name), None)

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, wherever it is."""
        dock = self._dock(name)
        if dock is not None:
            dock.show()
            dock.raise_()

    def hide_panel(self, name: str) -> None:
        """Put a panel away."""
        dock = self._dock(name)
        if dock is not None:
            dock.hide()

    def _note_seen(self, dock: QDockWidget, is_seen: bool) -> None:
        (self._seen.add if is_seen else self._seen.discard)(dock)
        self._rest.start()

    def _keep_keyboard_seen(self) -> None:
        """Take the keyboard out of a panel that others hide; Qt would let one type there unseen."""
        here = self._dock_with_keyboard()
        if here is None or here in self._seen:
            return
        front = self._seen.intersection(self.tabifiedDockWidgets(here))
        begins = (row.begin for row, dock in self._docks if dock in front and row.begin)
        begin = next(begins, self.keyboard_lost.emit)
        begin()

    def _dock_with_keyboard(self) -> QDockWidget | None:
        at = self.focusWidget()
        return next((dock for _row, dock in self._docks if at and dock.isAncestorOf(at)), None)

    def remember_places(self) -> None:
        """Keep the size of the window and where the docks of this workspace are."""
        self.preferences.remember("geometry", self.saveGeometry())
        if self._docks:
            self.preferences.remember(f"docks-{self.workspace}", self.saveState(STATE_VERSION))

    # -- what Qt asks

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        first = self.focusWidget()
        while (is_moved := super().focusNextPrevChild(next)) and self.focusWidget() is not first:
            here = self._dock_with_keyboard()
            if here is None or here in self._seen:
                break  # else Tab would lead through panels that others hide
        return is_moved

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        is_project = self._middle.currentWidget() is not self.start_page
        if is_project and dropped_paths(event.mimeData()) and event.source() is None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files_dropped.emit(dropped_paths(event.mimeData()))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.close_asked.emit(event)
        if event.isAccepted():
            self.remember_places()
            self.preferences.save()


def _top_bar(inner: QWidget) -> QToolBar:
    bar = QToolBar("Filter")
    bar.setObjectName("top")
    bar.setMovable(False)
    bar.toggleViewAction().setVisible(False)  # it is never put away
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.addWidget(inner)
    return bar
