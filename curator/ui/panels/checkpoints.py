"""The checkpoints of a project: what each is, and what one can do with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QIcon, QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core import readable
from curator.core.checkpoints import Checkpoint, list_checkpoints
from curator.core.view import ProjectView
from curator.tasks.delete_checkpoints import DeleteReport, delete_checkpoints
from curator.ui.context import Context
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.notices import Notice
from curator.ui.theme import MUTED, STEP_PX
from curator.ui.training import Training
from trainer.events import Sampled, Saved

COLUMNS = ("Run", "Epoch", "Step", "Loss", "Validation", "Size", "File")
NUMBERS = range(1, 6)
ICON_PX = 40
ROWS = 3  # are seen at first
TO_THE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
EMPTY = "Checkpoints are listed here: one after each epoch of a training."
Found = tuple[list[Checkpoint], dict[Path, QImage]]


class _List(QTreeWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setRootIsDecorated(False)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), ROWS * ICON_PX)


class CheckpointsPanel(QWidget):
    """Lists them newest run first; a picture stands beside those it was drawn with."""

    def __init__(self, context: Context, training: Training) -> None:
        super().__init__()
        self._context = context
        self._training = training
        self._icons: dict[Path, QIcon] = {}
        self._is_stale = True
        self.list = _List()
        self.list.setHeaderLabels(COLUMNS)
        for column in NUMBERS:
            self.list.headerItem().setTextAlignment(column, TO_THE_RIGHT)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setIconSize(QSize(ICON_PX, ICON_PX))
        self.list.setAccessibleName("Checkpoints")
        self.empty = QLabel(EMPTY, wordWrap=True)
        self.empty.setForegroundRole(MUTED)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.go_on = QPushButton("Continue from this")
        self.folder = QPushButton("Show in folder")
        self.delete = QPushButton("Delete…")
        self._lay_out()
        self.list.itemSelectionChanged.connect(self._enable)
        self.go_on.clicked.connect(lambda: training.proposed.emit(self.chosen()[0].path))
        self.folder.clicked.connect(self._show_folder)
        self.delete.clicked.connect(self._ask_delete)
        training.heard.connect(self._hear)
        training.ended.connect(self.look_again)
        self._enable()

    def _lay_out(self) -> None:
        self.go_on.setToolTip("A new run begins with what this one has learned.")
        self.delete.setToolTip("They go to the trash of the system.")
        buttons = QHBoxLayout()
        buttons.setSpacing(STEP_PX)
        for button in (self.go_on, self.folder, self.delete):
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(STEP_PX)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.list)
        column.addWidget(self._pages, 1)
        column.addLayout(buttons)

    # -- what is listed

    def look_again(self) -> None:
        """List what is there now, once the panel is looked at."""
        self._is_stale = True
        if self.isVisible():
            self._look()

    def _look(self) -> None:
        self._is_stale = False
        project, known = self._context.project, frozenset(self._icons)
        self._context.read(lambda: _look(project, known), self._show, key="checkpoints")

    def _hear(self, event: Any) -> None:
        if isinstance(event, Saved | Sampled):
            self.look_again()

    def _show(self, found: Found) -> None:
        checkpoints, images = found
        self._icons |= {path: QIcon(QPixmap.fromImage(it)) for path, it in images.items()}
        chosen = {one.path for one in self.chosen()}
        self.list.clear()
        for one in checkpoints:
            item = self._item(one)
            self.list.addTopLevelItem(item)
            item.setSelected(one.path in chosen)
        for column in range(len(COLUMNS)):
            self.list.resizeColumnToContents(column)
        self._pages.setCurrentWidget(self.list if checkpoints else self.empty)
        self._enable()

    def _item(self, one: Checkpoint) -> QTreeWidgetItem:
        item = QTreeWidgetItem(list(cells(one)))
        item.setData(0, Qt.ItemDataRole.UserRole, one)
        item.setToolTip(0, f"{one.path}")
        for column in NUMBERS:
            item.setTextAlignment(column, TO_THE_RIGHT)
        if one.samples and one.samples[0] in self._icons:
            item.setIcon(0, self._icons[one.samples[0]])
        return item

    def chosen(self) -> list[Checkpoint]:
        """Those that are selected."""
        return [item.data(0, Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()]

    def _enable(self) -> None:
        count = len(self.list.selectedItems())
        self.go_on.setEnabled(count == 1)
        self.folder.setEnabled(count == 1)
        self.delete.setEnabled(count > 0)

    # -- what one can do

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.chosen()[0].path.parent)))

    def _ask_delete(self) -> None:
        chosen = self.chosen()
        words, size = (
            readable.count(len(chosen), "checkpoint"),
            readable.size(sum(one.size_bytes for one in chosen)),
        )
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Delete checkpoints",
            f"Move {words} ({size}) to the trash?",
            parent=self,
        )
        box.setInformativeText("Undo does not bring them back; the trash of the system does.")
        yes = box.addButton(f"Move {words}", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        paths = [one.path for one in chosen]
        yes.clicked.connect(lambda: self._delete(paths))
        box.open()

    def _delete(self, paths: Sequence[Path]) -> None:
        self._context.jobs.start(
            "Deleting checkpoints",
            delete_checkpoints,
            self._context.project,
            paths,
            on_end=self._deleted,
        )

    def _deleted(self, ticket: Ticket) -> None:
        self.look_again()
        if ticket.error is not None:
            self._context.tell_error(ticket.error)
        elif ticket.state is JobState.DONE:
            report: DeleteReport = ticket.result
            for path, reason in report.failed:
                self._context.tell(Notice(f"{path.name} stays: {reason}", is_error=True))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._look()


def _look(project: ProjectView, known: frozenset[Path]) -> Found:
    checkpoints = list_checkpoints(project)
    wanted = {one.samples[0] for one in checkpoints if one.samples} - known
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    side = 2 * ICON_PX
    return checkpoints, {it: QImage(str(it)).scaled(side, side, keep, smooth) for it in wanted}


def cells(one: Checkpoint) -> Iterable[str]:
    """A checkpoint as the texts of its row."""
    yield one.run
    yield f"{one.epoch:,}" if one.epoch else ""
    yield f"{one.step:,}" if one.step else ""
    yield f"{one.loss:.4f}" if one.loss is not None else ""
    yield f"{one.validation_loss:.4f}" if one.validation_loss is not None else ""
    yield readable.size(one.size_bytes)
    yield one.path.name
