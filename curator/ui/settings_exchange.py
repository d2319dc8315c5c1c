"""Settings of a training that come from elsewhere and go elsewhere, each through a dialog."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from curator.core.files import write_atomic
from curator.core.run_plan import TrainRequest
from curator.core.settings_import import (
    ENDINGS,
    FORM_TITLES,
    Proposal,
    import_edit,
    is_whole,
    propose,
    read_foreign,
    settings_for,
)
from curator.ui.context import Context
from curator.ui.dialogs.settings_export import SettingsExportDialog
from curator.ui.dialogs.settings_import import SettingsImportDialog
from curator.ui.field_editors import ask_file
from curator.ui.notices import Notice
from trainer.interop.foreign import Imported

Result = TypeVar("Result")
SETTINGS_FILES = "Settings (*.json *.toml *.txt *.sh *.bat *.safetensors);;All files (*)"
LORAS = "LoRA (*.safetensors)"
EMPTY = "There is no text to paste."


class SettingsExchange(QObject):
    """Reads off the window's thread; what is taken over is one step of undo."""

    def __init__(self, context: Context, parent: QWidget, request: Callable[[], TrainRequest]):
        super().__init__(parent)
        self._context, self._parent, self._request = context, parent, request
        self._dialog: QDialog | None = None  # the one that is open

    def open_file(self) -> None:
        """Take settings over from a file that the person picks."""
        self._ask_for("Import settings", SETTINGS_FILES)

    def open_lora(self) -> None:
        """Take over what a LoRA says it was trained with."""
        self._ask_for("Take settings from a LoRA", LORAS)

    def _ask_for(self, title: str, kinds: str) -> None:
        if path := ask_file(self._parent, title, kinds):
            self.propose(Path(path))

    def paste(self) -> None:
        """Take settings over from the clipboard."""
        if text := QGuiApplication.clipboard().text().strip():
            self.propose(text)
        else:
            self._context.tell(Notice(EMPTY))

    def propose(self, source: Path | str) -> None:
        """Read settings, and ask whether they shall be taken over."""
        self._context.read(partial(read_foreign, source), self._open)

    def _open(self, imported: Imported) -> None:
        dialog = SettingsImportDialog(self._parent, whole=is_whole(imported))
        project = self._context.project

        def look(whole: bool) -> None:
            work = partial(propose, project.settings, imported, whole=whole)
            self._read(dialog, work, dialog.show_proposal)

        dialog.wanted.connect(look)
        dialog.accepted_proposal.connect(self._take_over)
        self._bring_up(dialog)
        look(dialog.rest.isChecked())

    def _bring_up(self, dialog: QDialog) -> None:
        if self._dialog is not None:
            self._dialog.close()
        self._dialog = dialog
        dialog.finished.connect(partial(self._forget, dialog))
        dialog.show()

    def _forget(self, dialog: QDialog, _result: int) -> None:
        if self._dialog is dialog:
            self._dialog = None

    def _read(
        self, dialog: QDialog, work: Callable[[], Result], then: Callable[[Result], None]
    ) -> None:
        """Read something for a dialog, which may be closed before it is there."""

        def show(found: Result) -> None:
            if self._dialog is dialog:
                then(found)

        self._context.read(work, show, key="settings exchange")

    def _take_over(self, proposal: Proposal) -> None:
        project = self._context.project
        self._context.change([], lambda _images: import_edit(project.stored_settings(), proposal))

    # -- the other way

    def export(self) -> None:
        """Show the settings of the next run for other trainers."""
        dialog = SettingsExportDialog(self._parent, FORM_TITLES)
        dialog.form_chosen.connect(partial(self._write, dialog))
        dialog.save_wanted.connect(partial(self._save, dialog))
        dialog.copy_wanted.connect(lambda text: QGuiApplication.clipboard().setText(text))
        self._bring_up(dialog)
        dialog.ask()

    def _write(self, dialog: SettingsExportDialog, form: str) -> None:
        work = partial(settings_for, self._context.project, self._request(), form)
        self._read(dialog, work, partial(dialog.show_written, form))

    def _save(self, dialog: SettingsExportDialog, form: str, text: str) -> None:
        ending = ENDINGS[form]
        name = str(Path.home() / f"settings{ending}")
        path, _kind = QFileDialog.getSaveFileName(dialog, "Save settings", name, f"*{ending}")
        if not path:
            return

        def work() -> None:
            write_atomic(Path(path), text.encode())

        def saved(_none: None) -> None:
            self._context.tell(Notice(f"The settings are in {path}."))

        self._context.read(work, saved)
