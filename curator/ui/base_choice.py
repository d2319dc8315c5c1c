"""The choice of a base model: those used before, those found, and what each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from curator.core import readable
from curator.core.base_models import PRACTICE, BaseModel, find_models
from curator.core.run_draft import RunDraft
from curator.ui.context import Context
from curator.ui.field_editors import WheelGuard, ask_file, ask_folder
from curator.ui.notices import Notice
from curator.ui.theme import MUTED, STEP_PX, WARNING

KINDS = "Models (*.safetensors *.ckpt)"
NARROW_CHARACTERS = 12


class BaseChoice(QWidget):
    """A list to choose from; `chosen` tells the path, "practice" for the practice model."""

    chosen = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._found: list[str] = []
        self.combo = QComboBox()
        self.combo.setAccessibleName("Base model")
        self.combo.setMinimumContentsLength(NARROW_CHARACTERS)
        self.combo.activated.connect(lambda _at: self.chosen.emit(self.value()))
        WheelGuard(self).watch(self.combo)
        browse = QPushButton("Browse")
        browse.setAccessibleName("Browse for a base model")
        menu = QMenu(browse)
        menu.addAction("A file…", self._browse_file)
        menu.addAction("A folder…", self._browse_folder)
        browse.setMenu(menu)
        self.about = QLabel(wordWrap=True)
        row = QHBoxLayout()
        row.setSpacing(STEP_PX)
        row.addWidget(self.combo, 1)
        row.addWidget(browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addLayout(row)
        column.addWidget(self.about)

    def value(self) -> str:
        """The path that is chosen."""
        return self.combo.currentData() or ""

    def offer(self, kept: str) -> None:
        """List what can be chosen; without a kept one, the one used last is chosen at first."""
        if self.combo.count() and kept in ("", self.value()):
            return
        known = [kept] if kept else []
        known += [*self._context.preferences.base_models, *self._found, f"{PRACTICE.path}"]
        self.combo.clear()
        for path in dict.fromkeys(known):
            self.combo.addItem(_title(path))
            self.combo.setItemData(self.combo.count() - 1, path)
            self.combo.setItemData(self.combo.count() - 1, path, Qt.ItemDataRole.ToolTipRole)

    def describe(self, draft: RunDraft) -> None:
        """Say what the chosen one is, or why one can't train on it."""
        base = draft.base
        words = base.why_not if base else ""
        if base and base.trainable:
            size = f", {readable.size(draft.base_bytes)}" if draft.base_bytes else ""
            words = f"{base.kind_title}{size}"
        is_wrong = base is not None and not base.trainable
        self.about.setForegroundRole(WARNING if is_wrong else MUTED)
        self.about.setText(f"{words[:1].upper()}{words[1:]}")
        self.combo.setAccessibleDescription(words)

    def _browse_file(self) -> None:
        if path := ask_file(self, "Base model", KINDS):
            self._take(path)

    def _browse_folder(self) -> None:
        if folder := ask_folder(self, "A folder with base models"):
            self._context.read(lambda: find_models([Path(folder)]), self._take_found)

    def _take_found(self, models: Sequence[BaseModel]) -> None:
        paths = [str(model.path) for model in models if model.trainable]
        self._found = list(dict.fromkeys([*paths, *self._found]))
        if len(paths) == 1:
            self._take(paths[0])
        elif paths:
            kept = self.value()
            self.combo.clear()
            self.offer(kept)
            self.combo.showPopup()
        else:
            self._context.tell(Notice("There is no base model in that folder to train on."))

    def _take(self, path: str) -> None:
        self.offer(path)
        self.chosen.emit(path)


def _title(path: str) -> str:
    return PRACTICE.title if path == str(PRACTICE.path) else Path(path).stem
