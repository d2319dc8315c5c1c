"""The keys of every action, to be looked up and changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from curator.core.fuzzy import score
from curator.ui.action_rows import ActionRow
from curator.ui.actions import ACTIONS, ActionTable, clashes
from curator.ui.preferences import Preferences
from curator.ui.theme import MUTED, STEP_PX, WARNING

TITLE = "Keyboard"
SIZE_PX = (560, 600)
HOW = "Choose an action, press its new key, then Add. Keys that two actions share do nothing."
NATIVE = QKeySequence.SequenceFormat.NativeText


class KeyboardDialog(QDialog):
    """Shows and changes keys; every change holds at once and can be set back."""

    def __init__(self, parent: QWidget, table: ActionTable, preferences: Preferences) -> None:
        super().__init__(parent)
        self._table, self._preferences = table, preferences
        self._rows = {row.name: row for row in ACTIONS}
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE_PX)
        self.search = QLineEdit(placeholderText="Search", clearButtonEnabled=True)
        self.search.setAccessibleName("Search actions")
        self.tree = QTreeWidget(columnCount=3)
        self.tree.setHeaderLabels(["Action", "Menu", "Keys"])
        self.tree.setAccessibleName("Actions and their keys")
        self.tree.setRootIsDecorated(False)
        self.tree.setAlternatingRowColors(True)
        self.key = QKeySequenceEdit()
        self.key.setMaximumSequenceLength(1)
        self.key.setAccessibleName("New key")
        titles = ("Add", "No key", "As it was", "All as they were")
        buttons = [QPushButton(title, autoDefault=False) for title in titles]
        self.add, self.clear, self.reset, self.reset_all = buttons
        self.problem = QLabel(wordWrap=True)
        self.problem.setForegroundRole(WARNING)
        self._lay_out()
        self._connect()
        self._fill()

    def _lay_out(self) -> None:
        how = QLabel(HOW, wordWrap=True)
        how.setForegroundRole(MUTED)
        row = QHBoxLayout()
        row.addWidget(self.key, 1)
        for button in (self.add, self.clear, self.reset, self.reset_all):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(how)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        column.addWidget(self.problem)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._narrow)
        self.add.clicked.connect(self._add)
        self.clear.clicked.connect(lambda: self._set([]))
        self.reset.clicked.connect(lambda: self._set(None))
        self.reset_all.clicked.connect(lambda: self._keep({}))

    def _fill(self) -> None:
        chosen = self._chosen()
        self.tree.clear()
        for row in ACTIONS:
            keys = self._keys(row)
            shown = ", ".join(QKeySequence(key).toString(NATIVE) for key in keys)
            item = QTreeWidgetItem([row.title, row.menu.replace("&", ""), shown])
            item.setData(0, Qt.ItemDataRole.UserRole, row.name)
            font = item.font(2)
            font.setBold(row.name in self._preferences.keys)
            item.setFont(2, font)
            self.tree.addTopLevelItem(item)
            if row.name == chosen:
                self.tree.setCurrentItem(item)
        for column in range(3):
            self.tree.resizeColumnToContents(column)
        shared = clashes(self._preferences.keys)
        self.problem.setText(
            "  ".join(
                f"{key} is both {self._rows[one].title} and {self._rows[other].title}."
                for key, one, other in shared
            )
        )
        self._narrow(self.search.text())

    def _keys(self, row: ActionRow) -> list[str]:
        return list(self._preferences.keys.get(row.name, row.keys))

    def _chosen(self) -> str:
        item = self.tree.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole)) if item else ""

    def _narrow(self, typed: str) -> None:
        for at in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(at)
            if item is not None:
                words = f"{item.text(0)} {item.text(2)}"
                item.setHidden(bool(typed.strip()) and score(typed, words) is None)

    def _add(self) -> None:
        name, key = self._chosen(), self.key.keySequence().toString()
        if name and key:
            self._set([*self._keys(self._rows[name]), key])
            self.key.clear()

    def _set(self, keys: list[str] | None) -> None:
        """Give the chosen action these keys; None for its own."""
        name = self._chosen()
        if not name:
            return
        kept = dict(self._preferences.keys)
        if keys is None:
            kept.pop(name, None)
        else:
            kept[name] = list(dict.fromkeys(keys))
        self._keep(kept)

    def _keep(self, keys: dict[str, list[str]]) -> None:
        self._preferences.rebind(keys)
        self._table.bind_keys(keys)
        self._fill()
