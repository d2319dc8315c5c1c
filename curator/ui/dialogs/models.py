"""The page of models: what there is, downloading, choosing and removing one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
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

from curator.core.errors import UserError
from curator.core.extras import install_hint, missing_modules
from curator.core.installed_models import remove, use_file, use_model, use_none
from curator.core.model_folder import models_folder
from curator.core.model_rows import ModelRow, model_rows
from curator.core.model_table import KINDS, KnownModel
from curator.core.readable import duration, size
from curator.ui.context import Context
from curator.ui.field_editors import ask_file, ask_folder
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.theme import MUTED, STEP_PX, WARNING

TITLE = "Models"
HOW = (
    "Neural models that tag, describe, enlarge, cut out and compare pictures, or find faces."
    " Nothing is downloaded unless you ask for it, and nothing is ever sent; pictures are looked at"
    " on this machine."
)
LACKING = " They run once {module} is installed. {hint}"
COLUMNS = ("Model", "Licence", "Size", "State")
SIZE_PX = (760, 520)
READ_KEY = "models"
_ROW = Qt.ItemDataRole.UserRole


class ModelsDialog(QDialog):
    """A line for each model by kind; the buttons are about the current one."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._tickets: dict[str, Ticket] = {}  # downloads by key
        self._items: dict[str, QTreeWidgetItem] = {}  # models of the table by key
        self._wished = ""  # the kind whose line is to be the current one
        self._wished_own: Path | None = None  # the person's own file whose line is to be it
        self.setWindowTitle(TITLE)
        self.resize(*SIZE_PX)
        self.tree = QTreeWidget(columnCount=len(COLUMNS))
        self.tree.setAccessibleName("Models")
        self.tree.setHeaderLabels(list(COLUMNS))
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.about = QLabel(wordWrap=True)
        self.about.setForegroundRole(MUTED)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem = QLabel(wordWrap=True)
        self.problem.setForegroundRole(WARNING)
        self.problem.hide()
        self.download = QPushButton("&Download", autoDefault=False)
        self.use = QPushButton("&Use", autoDefault=False)
        self.use_own = QPushButton("Use a &file…", autoDefault=False)
        self.remove = QPushButton("&Remove", autoDefault=False)
        self.folder = QPushButton("&Open folder", autoDefault=False)
        self.close_button = QPushButton("&Close", autoDefault=False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        missing = missing_modules("models")
        lack = LACKING.format(module=missing[0], hint=install_hint("models")) if missing else ""
        how = QLabel(HOW + lack, wordWrap=True)
        how.setForegroundRole(MUTED)
        buttons = QHBoxLayout()
        for button in (self.download, self.use, self.use_own, self.remove, self.folder):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        for widget in (how, self.tree, self.about, self.problem):
            column.addWidget(widget, 1 if widget is self.tree else 0)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.tree.currentItemChanged.connect(lambda _now, _before: self._show_current())
        self.tree.itemActivated.connect(lambda _item, _column: self._begin_or_stop())
        self.download.clicked.connect(self._begin_or_stop)
        self.use.clicked.connect(self._use_or_not)
        self.use_own.clicked.connect(self._ask_own)
        self.remove.clicked.connect(self._remove)
        self.folder.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.close)

    def bring_up(self, kind: str = "", why: str = "") -> None:
        """Show it in front, at a kind of model, with a sentence why that is asked for."""
        self._wished = kind
        self._complain(why)
        self._read()
        self.show()
        self.raise_()
        self.activateWindow()
        self.tree.setFocus()

    # -- what is shown

    def _read(self) -> None:
        self._context.read(model_rows, self._fill, READ_KEY, of_files=True)

    def _fill(self, rows: Sequence[ModelRow]) -> None:
        row = self.row()
        kept = (row.kind, row.key) if row else None
        self.tree.clear()
        self._items.clear()
        for kind, words in KINDS.items():
            of_kind = [row for row in rows if row.kind == kind]
            if not of_kind:
                continue
            head = QTreeWidgetItem([words.title])
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = head.font(0)
            font.setBold(True)
            head.setFont(0, font)
            self.tree.addTopLevelItem(head)
            head.setFirstColumnSpanned(True)
            for row in of_kind:
                self._add(head, row, kept)
            head.setExpanded(True)
        for at in range(len(COLUMNS) - 1):  # the last one takes the rest
            self.tree.resizeColumnToContents(at)
            self.tree.setColumnWidth(at, self.tree.columnWidth(at) + 3 * STEP_PX)
        if self.tree.currentItem() is None and self._items:
            self.tree.setCurrentItem(next(iter(self._items.values())))
        self._show_current()

    def _add(self, head: QTreeWidgetItem, row: ModelRow, kept: tuple[str, str] | None) -> None:
        licence = row.model.licence if row.model else "your own file"
        bytes_ = size(row.size) if row.size else ""
        item = QTreeWidgetItem([row.title, licence, bytes_, self._state(row)])
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setData(0, _ROW, row)
        head.addChild(item)
        if row.key:
            self._items[row.key] = item
        if row.there and not row.key and row.there.path == self._wished_own:
            self.tree.setCurrentItem(item)
            self._wished_own = None
        elif self._wished == row.kind or (not self._wished and (row.kind, row.key) == kept):
            self.tree.setCurrentItem(item)
            self._wished = ""

    def _state(self, row: ModelRow) -> str:
        ticket = self._tickets.get(row.key)
        if ticket is None:
            return row.state
        latest = ticket.latest
        if ticket.is_stopping or latest is None:
            return "Stopping…" if ticket.is_stopping else "Asking the hub…"
        left = f", {duration(latest.left_s)} left" if latest.left_s is not None else ""
        return f"{latest.done / max(1, latest.total):.0%}{left}".replace("%", " %")

    def row(self) -> ModelRow | None:
        """The model of the current line."""
        item = self.tree.currentItem()
        return item.data(0, _ROW) if item else None

    def _show_current(self) -> None:
        row = self.row()
        there = row.there if row else None
        is_running = bool(row and row.key in self._tickets)
        self.download.setText("S&top" if is_running else "&Download")
        self.download.setEnabled(is_running or bool(row and row.model and not there))
        self.use.setText("Don't &use" if row and row.is_chosen else "&Use")
        self.use.setEnabled(bool(there and row and (row.is_chosen or not row.in_use)))
        self.use_own.setEnabled(row is not None)
        self.remove.setEnabled(bool(row and row.model and (there or row.begun) and not is_running))
        self.about.setText(_about(row) if row else "")

    # -- what is done

    def _begin_or_stop(self) -> None:
        row = self.row()
        if row is None or row.model is None:
            return
        if ticket := self._tickets.get(row.key):
            ticket.cancel()
        elif row.there is None:
            self._begin(row.model)

    def _begin(self, model: KnownModel) -> None:
        from curator.tasks.download_model import download_model

        self._complain("")
        ticket = self._context.jobs.start(
            f"Download {model.title}", download_model, model, on_end=self._ended
        )
        self._tickets[model.key] = ticket
        ticket.changed.connect(self._show_progress)
        self._show_progress()

    def _show_progress(self) -> None:
        for key in self._tickets:
            if item := self._items.get(key):
                item.setText(3, self._state(item.data(0, _ROW)))
        self._show_current()

    def _ended(self, ticket: Ticket) -> None:
        self._tickets = {k: one for k, one in self._tickets.items() if one is not ticket}
        if ticket.state is JobState.FAILED and ticket.error is not None:
            self._take_error(ticket.error, ticket.title)
        elif ticket.state is JobState.DONE:
            self._context.said.emit(f"{ticket.result.title} is downloaded.")
            self._context.models_changed.emit()
        self._read()

    def _take_error(self, error: BaseException, doing: str = "") -> None:
        if self.isVisible() and isinstance(error, UserError):
            self._complain(f"{error.message} {error.hint}")
        else:
            self._context.tell_error(error, doing)

    def _complain(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def _change(self, work: Callable[[], Any]) -> None:
        """Do something with files, off the window's thread, and show what came of it."""
        self._complain("")
        self._context.jobs.read(work, self._changed, self._take_error, of_files=True)

    def _changed(self, _done: object) -> None:
        self._context.models_changed.emit()
        self._read()

    def _use_or_not(self) -> None:
        row = self.row()
        if row is None:
            return
        kind, model, path = row.kind, row.model, row.there.path if row.there else Path()
        if row.is_chosen:
            self._change(lambda: use_none(kind))
        elif model is not None:
            self._change(lambda: use_model(model))
        else:
            self._change(lambda: use_file(kind, path))

    def _ask_own(self) -> None:
        row = self.row()
        if row is None:
            return
        kind, words = row.kind, KINDS[row.kind]
        title = f"Choose {words.one}"
        kinds = " ".join(f"*{suffix}" for suffix in words.suffixes if suffix)
        path = ask_file(self, title, f"Models ({kinds})") if kinds else ask_folder(self, title)
        if path:
            self._wished_own = Path(path).absolute()
            self._change(lambda: use_file(kind, Path(path)))

    def _remove(self) -> None:
        row = self.row()
        if row and row.model:
            model = row.model
            self._change(lambda: remove(model))

    def _open_folder(self) -> None:
        row = self.row()
        path = row.there.path if row and row.there else models_folder()
        folder = path if path.is_dir() else path.parent
        if not folder.is_dir():
            self._complain(f"{folder} is not there yet; a download makes it.")
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._complain(f"No program opens folders here; it is {folder}.")


def _about(row: ModelRow) -> str:
    """What the current model is for, where it comes from, and where it lies."""
    words = [row.model.purpose, f"From {row.model.repository}."] if row.model else []
    if not row.model and not row.there:
        words.append(f"None can be downloaded here; use the file of {KINDS[row.kind].one}.")
    if row.there:
        words.append(f"It lies in {row.there.path}.")
    return " ".join(words)
