"""Threads that work beside the window give way to the one that paints it."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

NICE = 10  # where cores are scarce the thread that paints goes first


def give_way() -> None:
    """Lower the priority of the calling thread, where the system knows one of single threads."""
    if sys.platform == "linux":
        with suppress(OSError):  # a container may forbid it; the thread then works as before
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
