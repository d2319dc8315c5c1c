"""The lists of known tags: what the program brings, and what the person adds and removes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.errors import UserError
from curator.core.readable import count, size
from curator.ui.context import Context
from curator.ui.field_editors import ask_file
from curator.ui.theme import MUTED, STEP_PX

TITLE = "Tag lists"
HOW = (
    "Lists of known tags are offered while you type, with their aliases, counts and categories. A"
    " small list of common tags comes with the program. Larger ones for danbooru or e621, as"
    " a1111-tagcomplete has them (.csv: name, category, count, aliases), are added here and hold"
    " for every project."
)
EMPTY = "No list is added yet."
SIZE_PX = (520, 360)


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    size_bytes: int


class TagListsDialog(QDialog):
    """One line for each list that was added; what is done here is done at once."""

    changed = Signal()  # lists were added or removed

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(TITLE)
        self.resize(*SIZE_PX)
        self.list = QListWidget()
        self.list.setAccessibleName("Added lists of tags")
        self.told = QLabel(wordWrap=True)
        self.add_button = QPushButton("Add a list…", autoDefault=False)
        self.remove_button = QPushButton("Remove", autoDefault=False)
        close = QPushButton("Close", autoDefault=False)
        how = QLabel(HOW, wordWrap=True)
        how.setForegroundRole(MUTED)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(how)
        column.addWidget(self.list, 1)
        column.addWidget(self.told)
        column.addLayout(buttons)
        self.add_button.clicked.connect(self._ask)
        self.remove_button.clicked.connect(self._remove)
        self.list.itemSelectionChanged.connect(self._choose)
        close.clicked.connect(self.close)
        self._choose()

    def bring_up(self) -> None:
        """Show it, in front of the others."""
        self._look("")
        self.show()
        self.raise_()
        self.activateWindow()

    def _look(self, told: str) -> None:
        def work() -> list[_Row]:
            from curator.core.installed_tag_lists import installed  # NumPy

            return [_Row(one.name, one.size_bytes) for one in installed()]

        self._context.read(work, self._show, key="tag-lists")
        self.told.setText(told)

    def _show(self, rows: list[_Row]) -> None:
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.name}   {size(row.size_bytes)}")
            item.setData(0x0100, row.name)
            self.list.addItem(item)
        if not rows and not self.told.text():
            self.told.setText(EMPTY)
        self._choose()

    def _choose(self) -> None:
        self.remove_button.setEnabled(bool(self.list.selectedItems()))

    def _ask(self) -> None:
        path = ask_file(self, "A list of tags", "Lists of tags (*.csv);;All files (*)")
        if path:
            self.add(Path(path))

    def add(self, path: Path) -> None:
        """Add a copy of a list of tags."""

        def work() -> str:
            from curator.core.installed_tag_lists import install  # NumPy

            found = install(path)
            unread = f"; {count(found.unread, 'line')} could not be read" if found.unread else ""
            return f"{found.title}: {count(len(found.tags), 'tag')} added{unread}."

        self._do(work)

    def _remove(self) -> None:
        items = self.list.selectedItems()
        if items:
            name = str(items[0].data(0x0100))

            def work() -> str:
                from curator.core.installed_tag_lists import remove  # NumPy

                remove(name)
                return f"{name} is removed."

            self._do(work)

    def _do(self, work: Callable[[], str]) -> None:
        def safely() -> str | UserError:
            try:
                return work()
            except UserError as error:
                return error

        self._context.read(safely, self._done, of_files=True)

    def _done(self, told: str | UserError) -> None:
        self._look(f"{told}")
        if isinstance(told, str):
            self.changed.emit()
