"""Python's collection of unreachable objects, in the window's thread and in no other.

A collection ends QObjects. In another thread their timers would stay behind and fire at nothing,
which crashes the program: it was seen once a project had been closed and another opened.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

CHECK_MS = 250
FULL_S = 60.0  # between full collections, which look at everything: seldom is often enough


class Collector(QObject):
    """Collects as often as Python would by itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._next_full = time.monotonic() + FULL_S
        self._timer = QTimer(self, interval=CHECK_MS)
        self._timer.timeout.connect(self._check)
        self._timer.start()

    def _check(self) -> None:
        counts, limits, now = gc.get_count(), gc.get_threshold(), time.monotonic()
        for generation in (2, 1, 0):
            is_due = generation < 2 or now >= self._next_full
            if is_due and counts[generation] > limits[generation]:
                gc.collect(generation)
                if generation == 2:
                    self._next_full = now + FULL_S
                return
