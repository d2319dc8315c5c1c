"""The sample pictures of a run in a row, one after each epoch; one is shown large on demand."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout
from typing_extensions import override

from curator.ui.context import Context
from curator.ui.theme import STEP_PX

ICON_PX = 96
LARGE = (640, 680)
PATH = Qt.ItemDataRole.UserRole


class SampleStrip(QListWidget):
    """The newest is at the right end."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._large: _Large | None = None
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListWidget.Movement.Static)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        line = self.fontMetrics().height()
        self.setGridSize(QSize(ICON_PX + 2 * STEP_PX, ICON_PX + 2 * line))
        self.setFixedHeight(ICON_PX + 4 * line)  # with a scroll bar
        self.setAccessibleName("Sample pictures")
        self.itemClicked.connect(self._show_large)
        self.itemActivated.connect(self._show_large)
        self.hide()

    def add(self, path: Path, epoch: int, step: int) -> None:
        """Add a picture that was drawn."""
        item = QListWidgetItem(f"epoch {epoch}" if epoch else f"step {step}")
        item.setToolTip(f"Epoch {epoch}, step {step:,}")
        item.setData(PATH, str(path))
        self.addItem(item)
        self.show()
        self.scrollToItem(item)
        side = round(ICON_PX * self.devicePixelRatio())
        self._context.read(partial(_small, path, side), partial(self._put, path))

    def _put(self, path: Path, image: QImage) -> None:
        for row in range(self.count()):
            if self.item(row).data(PATH) == str(path):
                self.item(row).setIcon(QIcon(QPixmap.fromImage(image)))

    def empty(self) -> None:
        """Take all away."""
        self.clear()
        self.hide()

    def _show_large(self, item: QListWidgetItem) -> None:
        if self._large is None:
            self._large = _Large(self)
        self._large.show_picture(item)

    def step(self, by: int) -> None:
        """Make the next one current, and show it large."""
        self.setCurrentRow(min(max(0, self.currentRow() + by), self.count() - 1))
        if (item := self.currentItem()) is not None:
            self._show_large(item)


def _small(path: Path, side_px: int) -> QImage:
    smooth = Qt.TransformationMode.SmoothTransformation
    return QImage(str(path)).scaled(side_px, side_px, Qt.AspectRatioMode.KeepAspectRatio, smooth)


class _Large(QDialog):
    """A picture as large as its window; the arrow keys go to its neighbours."""

    def __init__(self, strip: SampleStrip) -> None:
        super().__init__(strip)
        self._strip = strip
        self._picture = QPixmap()
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setMinimumSize(1, 1)
        column = QVBoxLayout(self)
        column.addWidget(self._label)
        self.resize(*LARGE)

    def show_picture(self, item: QListWidgetItem) -> None:
        self._picture = QPixmap(item.data(PATH))
        self._label.setAccessibleName(f"Sample picture, {item.toolTip()}")
        self.setWindowTitle(item.toolTip())
        self._fit()
        self.show()
        self.raise_()

    def _fit(self) -> None:
        ratio = self.devicePixelRatio()
        size = (self._label.size().toSizeF() * ratio).toSize()
        keep, smooth = (
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        if not self._picture.isNull():
            fitted = self._picture.scaled(size, keep, smooth)
            fitted.setDevicePixelRatio(ratio)
            self._label.setPixmap(fitted)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if (by := steps.get(Qt.Key(event.key()))) is not None:
            self._strip.step(by)
            return
        super().keyPressEvent(event)
