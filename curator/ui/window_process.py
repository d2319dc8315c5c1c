"""What the process of the window answers for: a screen, faults that nothing took, signals."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from curator.ui.app import App

SIGNALS_MS = 250


def lacks_display() -> bool:
    """Whether there is no screen that Qt could show a window on, where it would simply abort."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(os.environ.get(name) for name in screens)


def catch_faults(app: App) -> None:
    """Have errors that nothing takes shown in the window, from whichever thread."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            app.window.close()
            return
        sys.__excepthook__(kind, error, trace)
        app.jobs.post(lambda: app.fault(error))

    def thread_hook(happened: threading.ExceptHookArgs) -> None:
        if happened.exc_value is not None:
            hook(happened.exc_type, happened.exc_value, happened.exc_traceback)

    sys.excepthook = hook
    threading.excepthook = thread_hook


def close_on_signals(app: App) -> None:
    """Let Ctrl+C and a system that shuts down close the window, which saves."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: app.window.close())
    awake = QTimer(app, interval=SIGNALS_MS)  # Python hears signals only between Qt's events
    awake.timeout.connect(lambda: None)
    awake.start()
