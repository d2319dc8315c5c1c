"""What stands in the place of pictures where there are none: a sentence and the way on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from curator.ui.finder import Finder
from curator.ui.theme import MUTED, STEP_PX

NO_PICTURES = "This project has no pictures yet.\nDrop photos, folders or archives here."
NO_MATCH = "No picture matches the filter."
WIDTH_PX = 420


class EmptyState(QWidget):
    """Lies over the middle of an area and shows itself when the finder found nothing."""

    import_asked = Signal()
    all_asked = Signal()

    def __init__(self, finder: Finder, area: QWidget) -> None:
        super().__init__(area)
        self._finder, self._area = finder, area
        self.words = QLabel(wordWrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setForegroundRole(MUTED)
        self.import_button = QPushButton("Import a folder…")
        self.all_button = QPushButton("Show all pictures")
        self.import_button.clicked.connect(self.import_asked)
        self.all_button.clicked.connect(self.all_asked)
        column = QVBoxLayout(self)
        column.setSpacing(3 * STEP_PX)
        for widget in (self.words, self.import_button, self.all_button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        area.installEventFilter(self)
        finder.found.connect(self._look)
        self.hide()

    def _look(self) -> None:
        is_new = self._finder.total == 0 and not self._finder.query
        self.words.setText(NO_PICTURES if is_new else NO_MATCH)
        self.import_button.setVisible(is_new)
        self.all_button.setVisible(not is_new)
        self.setVisible(self._finder.is_empty)
        self._place()

    def _place(self) -> None:
        self.words.setFixedWidth(min(WIDTH_PX, max(1, self._area.width() - 8 * STEP_PX)))
        self.adjustSize()
        self.move(self._area.rect().center() - self.rect().center())
        self.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
