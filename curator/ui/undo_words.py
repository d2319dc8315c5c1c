"""Undo and redo in the menu name the step that they are about, and are off where there is none."""

from __future__ import annotations

from PySide6.QtCore import QObject

from curator.ui.actions import ActionTable
from curator.ui.context import Context

LONGEST = 60


class UndoWords(QObject):
    """Keeps the words up to date; an edit switches undo on before they are read."""

    def __init__(self, context: Context, table: ActionTable, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._undo, self._undo_last, self._redo = table["undo"], table["undo_last"], table["redo"]
        context.edited.connect(self._hear)
        self._look()

    def _hear(self, _edit: object) -> None:
        for action in (self._undo, self._undo_last):
            action.setEnabled(True)  # whoever takes back at once is not told that there is nothing
        self._look()

    def _look(self) -> None:
        project = self._context.project

        def work() -> tuple[str | None, str | None]:
            return project.undo_label(), project.redo_label()

        self._context.read(work, self._show, key="undo words")

    def _show(self, labels: tuple[str | None, str | None]) -> None:
        undo, redo = labels
        self._undo.setText(_worded("Undo", undo))
        self._redo.setText(_worded("Redo", redo))
        for action, label in ((self._undo, undo), (self._undo_last, undo), (self._redo, redo)):
            action.setEnabled(label is not None)

    def forget(self) -> None:
        """Say nothing about a project that is gone."""
        self._undo.setText("Undo")
        self._redo.setText("Redo")


def _worded(verb: str, label: str | None) -> str:
    if label is None:
        return verb
    short = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
    return f"{verb} {short}".replace("&", "&&")
