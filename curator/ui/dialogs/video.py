"""A video opened like a picture: stepped through by keys, its frames taken into the project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core.readable import count
from curator.imaging.video_reader import Shown, VideoReader
from curator.ui.context import Context
from curator.ui.qt_picture import to_qt
from curator.ui.theme import MUTED, STEP_PX

SIZE = (900, 640)
MARK_PX = 14
FAR_S = 10  # a page of a video
KEYS = (
    "Left and Right go a frame, with Shift a second; Page Up and Page Down ten. Space takes the"
    " frame, or leaves it."
)


class VideoDialog(QDialog):
    """`taken` carries the times in milliseconds of the frames that the person wants."""

    taken = Signal(object)  # a tuple of float

    def __init__(self, parent: QWidget, context: Context, path: Path, reader: VideoReader) -> None:
        super().__init__(parent)
        self.setWindowTitle(path.name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._context, self._reader = context, reader
        self.wanted: dict[int, float] = {}  # by number, when it is shown
        self.at = 0  # the frame that was asked for
        self.shown: Shown | None = None
        self.canvas = _FrameCanvas(context)
        self.words = QLabel()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, reader.count - 1)
        self.slider.setAccessibleName("Frame")
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its arrows would go other ways
        self._lay_out()
        self.slider.valueChanged.connect(self.go_to)
        self.go_to(0)

    def _lay_out(self) -> None:
        keys = QLabel(KEYS, wordWrap=True)
        keys.setForegroundRole(MUTED)
        row = QHBoxLayout()
        row.addWidget(self.slider, 1)
        row.addWidget(self.words)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.take_button = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.take_button.clicked.connect(self._take)
        buttons.rejected.connect(self.close)
        for button in buttons.buttons():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(self.canvas, 1)
        column.addLayout(row)
        column.addWidget(keys)
        column.addWidget(buttons)
        self.canvas.setFocus()

    # -- going through it

    def go_to(self, number: int) -> None:
        """Show a frame as soon as it is read; of several asked for, the last."""
        self.at = min(max(number, 0), self._reader.count - 1)
        self.slider.setValue(self.at)
        reader, at = self._reader, self.at
        self._context.read(
            lambda: reader.read(at), self._show, key="frame of a video", of_files=True
        )

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.slider.setMaximum(self._reader.count - 1)
        self.at = min(self.at, self._reader.count - 1)
        self.canvas.picture = to_qt(shown.picture)
        self._tell()

    def toggle(self) -> None:
        """Take the frame that is seen, or leave it."""
        if self.shown is None:
            return
        if self.wanted.pop(self.shown.number, None) is None:
            self.wanted[self.shown.number] = self.shown.moment_ms
        self._tell()

    def _tell(self) -> None:
        shown = self.shown
        if shown is None:
            return
        self.canvas.is_wanted = shown.number in self.wanted
        self.canvas.update()
        taken = ", taken" if self.canvas.is_wanted else ""
        self.words.setText(
            f"{shown.moment_ms / 1000:.2f} s, frame {shown.number + 1:,} of"
            f" {self._reader.count:,}{taken}"
        )
        self.canvas.setAccessibleName(self.words.text())
        number = len(self.wanted)
        self.take_button.setEnabled(bool(number))
        self.take_button.setText(f"Take {count(number, 'frame')}" if number else "Take frames")

    def _take(self) -> None:
        self.taken.emit(tuple(sorted(self.wanted.values())))
        self.close()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        works = self._works(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        work = works.get(event.key())
        if work is None:
            super().keyPressEvent(event)
        else:
            work()

    def _works(self, far: bool) -> Mapping[int, Callable[[], None]]:
        second = max(round(self._reader.fps), 1)
        step = second if far else 1
        return {
            Qt.Key.Key_Left: lambda: self.go_to(self.at - step),
            Qt.Key.Key_Right: lambda: self.go_to(self.at + step),
            Qt.Key.Key_PageUp: lambda: self.go_to(self.at - FAR_S * second),
            Qt.Key.Key_PageDown: lambda: self.go_to(self.at + FAR_S * second),
            Qt.Key.Key_Home: lambda: self.go_to(0),
            Qt.Key.Key_End: lambda: self.go_to(self._reader.count - 1),
            Qt.Key.Key_Space: self.toggle,
        }

    @override
    def done(self, result: int) -> None:
        # In the thread that reads, behind what is still being read.
        self._context.read(self._reader.close, lambda _none: None, of_files=True)
        super().done(result)


class _FrameCanvas(QWidget):
    """One frame, whole, with a bar along its lower edge where it is taken."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.picture: QImage | None = None
        self.is_wanted = False
        self.setMinimumSize(QSize(240, 160))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        context.theme.changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = self._context.theme.colours
        painter.fillRect(self.rect(), QColor(colours.surround))
        if self.picture is None:
            return
        size = self.picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.picture)
        if self.is_wanted:
            bar = QRect(place.left(), place.bottom() - MARK_PX, place.width(), MARK_PX)
            painter.fillRect(bar, QColor(colours.accent))
