"""What other programs wrote beside the pictures, each to be taken over or written over."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from curator.tasks.mirror_captions import OutsideChange
from curator.ui.mirroring import Mirroring
from curator.ui.theme import MUTED, STEP_PX

TITLE = "Changes made by other programs"
HOW = (
    "These files stand beside the pictures and say something else than the project. Untick what"
    " you want to leave as it is for now."
)
NONE = "No file beside the pictures says anything else than the project."
SIZE_PX = (760, 460)


class OutsideChangesDialog(QDialog):
    """A line per file: what the project holds, what the file says."""

    def __init__(self, parent: QWidget, mirroring: Mirroring) -> None:
        super().__init__(parent)
        self._mirroring = mirroring
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE_PX)
        self._how = QLabel("Looking …", wordWrap=True)
        self._how.setForegroundRole(MUTED)
        self.tree = QTreeWidget(columnCount=4)
        self.tree.setAccessibleName(TITLE)
        self.tree.setHeaderLabels(["File", "What", "The project", "The file"])
        self.tree.setRootIsDecorated(False)
        self.accept_button = QPushButton("Take over what the files say")
        self.keep_button = QPushButton("Write the project's own")
        self.accept_button.clicked.connect(lambda: self._settle(take_over=True))
        self.keep_button.clicked.connect(lambda: self._settle(take_over=False))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.keep_button)
        row.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(self._how)
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        mirroring.outside_found.connect(self._fill)
        mirroring.look()

    def _fill(self, found: list[OutsideChange]) -> None:
        self.tree.clear()
        for change in found:
            new = change.problem or change.new or "nothing"
            item = QTreeWidgetItem([change.path.name, change.kind, change.old or "nothing", new])
            item.setData(0, Qt.ItemDataRole.UserRole, change)
            item.setCheckState(0, Qt.CheckState.Checked)
            for at in range(4):
                item.setToolTip(at, item.text(at))
            self.tree.addTopLevelItem(item)
        for at in range(4):
            self.tree.resizeColumnToContents(at)
            self.tree.setColumnWidth(at, min(self.tree.columnWidth(at), SIZE_PX[0] // 3))
        self._how.setText(HOW if found else NONE)
        self.accept_button.setEnabled(any(not change.problem for change in found))
        self.keep_button.setEnabled(bool(found))

    def _settle(self, *, take_over: bool) -> None:
        items = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        ticked: list[OutsideChange] = [
            item.data(0, Qt.ItemDataRole.UserRole)
            for item in items
            if item is not None and item.checkState(0) == Qt.CheckState.Checked
        ]
        accepted, kept = (ticked, []) if take_over else ([], ticked)
        self._mirroring.settle(accepted, kept, self._mirroring.look)
