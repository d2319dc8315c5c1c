"""The rows that bench/window.py prints, and a watchdog over the window's thread."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

BEAT_S = 0.010
BLOCKED_S = 0.050
PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, once or many times; without a target it is only told."""

    what: str
    times_s: Sequence[float]
    target_ms: float | None = None

    @property
    def passed(self) -> bool:
        """Whether 95 of 100 were fast enough."""
        return self.target_ms is None or percentile(self.times_s, 95) * 1000 <= self.target_ms

    def __str__(self) -> str:
        verdict = "" if self.target_ms is None else "PASS" if self.passed else "FAIL"
        target = "" if self.target_ms is None else f"{self.target_ms:7.0f}"
        figures = (percentile(self.times_s, 50), percentile(self.times_s, 95), max(self.times_s))
        shown = " ".join(f"{1000 * figure:8.1f}" for figure in figures)
        return f"{self.what:58} {len(self.times_s):5} {shown} {target:7} {verdict}"


HEADING = f"{'':58} {'times':>5} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8} {'target':>7}"


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many of a hundred don't exceed."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


# -- letting the window work


def until(condition: Callable[[], object], what: str) -> None:
    """Let the window work, without spinning, until something is so."""
    give_up = time.monotonic() + PATIENCE_S
    alarm = QTimer(interval=500)  # so that the end of patience is noticed
    alarm.start()
    while not condition():
        if time.monotonic() > give_up:
            raise SystemExit(f"waited in vain for {what}")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def rest(seconds: float) -> None:
    """Let the window work for so long."""
    loop = QEventLoop()
    QTimer.singleShot(max(0, round(1000 * seconds)), loop.quit)
    loop.exec()


# -- the watchdog


def _stack_of(thread: int) -> list[tuple[str, int, str]]:
    """(file, line, function) of what a thread is in, the innermost first.

    No other thread may run meanwhile: it would leave a function whose frame is held here, and the
    painter in it would be ended by this thread, which crashes Qt.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1.0)
    frame = sys._current_frames().get(thread)
    stack = []
    while frame is not None:
        stack.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    sys.setswitchinterval(usual)
    return stack


class Watchdog(QObject):
    """Posts a beat to the window's thread every ten milliseconds, and sees how long each waits."""

    _beat = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.beats = 0
        self.blocked_s: list[float] = []
        self.places: Counter[str] = Counter()
        self._window = threading.get_ident()
        self._ended = threading.Event()
        self._heard = threading.Event()
        self._sampled = ""
        self._beat.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    @contextmanager
    def watching(self) -> Iterator[Watchdog]:
        """Watch the thread that this is called in; the block lets it run its events."""
        self._ended.clear()
        thread = threading.Thread(target=self._watch, name="watchdog")
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            self._heard.set()
            thread.join()

    def _watch(self) -> None:
        while not self._ended.is_set():
            self._heard.clear()
            self._sampled = ""
            self._beat.emit(time.perf_counter())
            if not self._heard.wait(BLOCKED_S):
                self._sampled = self._place()
                self._heard.wait()
            time.sleep(BEAT_S)

    def _place(self) -> str:
        """Where the window's thread stands: the innermost line of ours, and what it is in."""
        stack = _stack_of(self._window)
        ours = [one for one in stack if "/curator/" in one[0]]
        if not ours:
            return "outside curator"
        file, line, name = ours[0]
        return f"{file.rpartition('/curator/')[2]}:{line} {name} > {stack[0][2]}"

    def _hear(self, posted: float) -> None:
        self.beats += 1
        waited = time.perf_counter() - posted
        if waited > BLOCKED_S:
            self.blocked_s.append(waited)
            self.places[self._sampled or "seen too late"] += 1
        self._heard.set()

    def __str__(self) -> str:
        if not self.blocked_s:
            return f"never over {1000 * BLOCKED_S:.0f} ms in {self.beats:,} beats"
        where = "".join(f"\n      {count} x {place}" for place, count in self.places.most_common(6))
        return (
            f"{len(self.blocked_s)} times over {1000 * BLOCKED_S:.0f} ms in {self.beats:,} beats,"
            f" at most {1000 * max(self.blocked_s):.0f} ms{where}"
        )
