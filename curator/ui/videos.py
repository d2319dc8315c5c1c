"""Opens videos to take frames from, and brings those into the project."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from curator.core.import_options import ImportOptions
from curator.imaging.video_reader import VideoReader
from curator.ui.context import Context
from curator.ui.dialogs.video import VideoDialog
from curator.ui.imports import Imports

TITLE = "Take frames from a video"
VIDEOS = "Videos (*.mp4 *.m4v *.mov *.webm *.mkv *.avi)"


class Videos(QObject):
    """Asks for a video, beginning where the current picture came from."""

    def __init__(self, context: Context, window: QWidget, imports: Imports) -> None:
        super().__init__()
        self._context, self._window, self._imports = context, window, imports

    def ask(self) -> None:
        """Choose a video, and open it."""
        current = self._context.current
        folder = str(Path(current.source).parent) if current is not None else ""
        found, _filter = QFileDialog.getOpenFileName(
            self._window, TITLE, folder, f"{VIDEOS};;All files (*)"
        )
        if found:
            self.open(Path(found))

    def open(self, path: Path) -> None:
        """Open a video; what is none is told."""
        limit = self._context.project.settings.max_pixels
        self._context.read(
            lambda: VideoReader(path, limit), partial(self._opened, path), of_files=True
        )

    def _opened(self, path: Path, reader: VideoReader) -> None:
        dialog = VideoDialog(self._window, self._context, path, reader)
        dialog.taken.connect(
            lambda moments: self._imports.start([path], ImportOptions(moments_ms=moments))
        )
        dialog.show()
