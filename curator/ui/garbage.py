"""Python's cyclic garbage, collected in the window's thread and in small portions.

Python collects in whichever thread happens to allocate, and a Qt object that dies in a thread of
jobs stops timers that are not its own and may crash. And what torch brings makes a full collection
take a fifth of a second, so it is done rarely, and what was there when torch came is left out.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 100
YOUNG = 2000  # new containers before the young ones are looked at
MIDDLE_EVERY = 5  # collections of the young; what survives them makes this one slow
FULL_EVERY_S = 60.0


class GarbageCollection(QObject):
    """Takes collecting over from Python until `end`.

    `is_loading`: a training imports what it needs, of which nothing is garbage.
    """

    def __init__(self, parent: QObject, is_loading: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._is_loading = is_loading
        gc.disable()
        self._young = 0
        self._full_s = time.monotonic()
        self._knows_torch = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        if gc.get_count()[0] < YOUNG or self._is_loading():
            return
        if "torch" in sys.modules and not self._knows_torch:
            self._knows_torch = True
            gc.freeze()
        self._young += 1
        gc.collect(1 if self._young % MIDDLE_EVERY == 0 else 0)
        if time.monotonic() - self._full_s > FULL_EVERY_S:
            self.collect()

    def collect(self) -> None:
        """Collect everything there is but what came with torch."""
        gc.collect()
        self._full_s = time.monotonic()

    def let_go(self) -> None:
        """Collect also what was there when torch came, as after closing a project."""
        gc.unfreeze()
        self.collect()
        if self._knows_torch:
            gc.freeze()

    def end(self) -> None:
        """Give collecting back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
