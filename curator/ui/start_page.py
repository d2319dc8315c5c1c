"""The first screen: projects opened before, and how to make one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.ui.notice_bar import NoticeBar
from curator.ui.preferences import Preferences
from curator.ui.theme import MUTED, STEP_PX, embolden, enlarge

WIDTH_PX = 640
GREETING = "Curator"
SENTENCE = "From a heap of photos to a dataset worth training on, and a LoRA."
DROP_HINT = "Drop a folder of photos anywhere on this window to make a project of it."
NO_RECENT = "Projects that you open are listed here."
GONE = "is not there any more"
DATABASE = "project.db"


class StartPage(QWidget):
    """Offers the recent projects and the ways to a new one."""

    project_chosen = Signal(Path)
    folder_dropped = Signal(list)  # of paths

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self.setAcceptDrops(True)
        self.new_from_folder = QPushButton("New project from a folder of photos…")
        self.new_project = QPushButton("New empty project…")
        self.open_project = QPushButton("Open a project…")
        self.new_from_folder.setDefault(True)
        self.notices = NoticeBar()
        self.recent = QListWidget()
        self.recent.setAccessibleName("Recent projects")
        self.recent.itemActivated.connect(self._choose)
        self.recent.itemClicked.connect(self._choose)
        self._lay_out()
        self.look_again()

    def _lay_out(self) -> None:
        title, heading = _label(GREETING), _label("Recent projects")
        enlarge(title)
        embolden(heading)
        sentence, hint, self._none = _muted(SENTENCE), _muted(DROP_HINT), _muted(NO_RECENT)
        middle = QWidget()
        middle.setMaximumWidth(WIDTH_PX)
        column = QVBoxLayout(middle)
        column.setSpacing(2 * STEP_PX)
        buttons = QHBoxLayout()
        for button in (self.new_from_folder, self.new_project, self.open_project):
            button.setMinimumHeight(9 * STEP_PX)
            buttons.addWidget(button)
        column.addWidget(title)
        column.addWidget(sentence)
        column.addSpacing(3 * STEP_PX)
        column.addLayout(buttons)
        column.addWidget(hint)
        column.addSpacing(4 * STEP_PX)
        column.addWidget(heading)
        column.addWidget(self._none)
        column.addWidget(self.recent, 1)
        column.addStretch()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.notices)
        row = QHBoxLayout()
        outer.addLayout(row, 1)
        row.setContentsMargins(8 * STEP_PX, 12 * STEP_PX, 8 * STEP_PX, 8 * STEP_PX)
        row.addStretch(1)
        row.addWidget(middle, 8)
        row.addStretch(1)

    def look_again(self) -> None:
        """Show the recent projects as they are now."""
        self.recent.clear()
        for root in self._preferences.recent_projects:
            is_there = (root / DATABASE).is_file()
            item = QListWidgetItem(f"{root.name}\n{root}" + ("" if is_there else f"  {GONE}"))
            item.setData(Qt.ItemDataRole.UserRole, str(root))
            if not is_there:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.recent.addItem(item)
        self._none.setVisible(self.recent.count() == 0)
        self.recent.setVisible(self.recent.count() > 0)

    def _choose(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.project_chosen.emit(Path(item.data(Qt.ItemDataRole.UserRole)))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.folder_dropped.emit(paths)


def _label(text: str) -> QLabel:
    return QLabel(text, wordWrap=True)


def _muted(text: str) -> QLabel:
    label = _label(text)
    label.setForegroundRole(MUTED)
    return label


def dropped_paths(data: QMimeData) -> list[Path]:
    """The local files and folders that a drag from another program carries."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
