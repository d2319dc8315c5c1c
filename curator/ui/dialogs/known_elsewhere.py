"""Which pictures of another place are in the project already, as they are or as a copy."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from curator.core.duplicates import WORDS
from curator.core.readable import count
from curator.tasks.find_known import KnownReport
from curator.ui.theme import STEP_PX

TITLE = "Have I had these before?"
HEADS = ("Picture there", "How", "Picture here")
UNREAD = "could not be read"
SIZE_PX = (760, 460)


class KnownElsewhereDialog(QDialog):
    """A line per picture that is known or could not be read; what is new can be imported."""

    import_asked = Signal()

    def __init__(self, parent: QWidget, place: Path, report: KnownReport) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE_PX)
        self.summary = QLabel(in_words(place, report), wordWrap=True)
        self.tree = QTreeWidget(columnCount=len(HEADS))
        self.tree.setAccessibleName("Pictures that are here already")
        self.tree.setHeaderLabels(HEADS)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self._fill(place, report)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.AcceptRole
        self.import_button = buttons.addButton("Import what is new", role)
        self.import_button.setEnabled(bool(report.new))
        buttons.accepted.connect(self._import)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(self.summary)
        column.addWidget(self.tree, 1)
        column.addWidget(buttons)

    def _fill(self, place: Path, report: KnownReport) -> None:
        known = ((one.path, WORDS[one.kind], one.name) for one in report.known)
        unread = ((path, UNREAD, reason) for path, reason in report.failed)
        items = []
        for path, how, here in (*known, *unread):
            item = QTreeWidgetItem([path.removeprefix(f"{place}{os.sep}"), how, here])
            for at, text in enumerate((path, how, here)):
                item.setToolTip(at, text)
            items.append(item)
        self.tree.addTopLevelItems(items)
        self.tree.setVisible(bool(items))
        for at in range(len(HEADS)):
            self.tree.resizeColumnToContents(at)
            self.tree.setColumnWidth(at, min(self.tree.columnWidth(at), SIZE_PX[0] // 2))

    def _import(self) -> None:
        self.import_asked.emit()
        self.close()


def in_words(place: Path, report: KnownReport) -> str:
    """The counts in a sentence."""
    unread = f" {count(len(report.failed), 'file')} could not be read." if report.failed else ""
    known, new = len(report.known), len(report.new)
    if not known + new:
        return f"There is no picture in {place}.{unread}"
    return f"{place}: {count(known, 'picture')} here already, {new:,} new.{unread}"
