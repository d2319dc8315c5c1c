"""Threads that give way."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from curator.ui.thread_priority import NICE, give_way


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such priority")
def test_a_thread_gives_way_and_the_others_stay_as_they_are() -> None:
    found: list[int] = []

    def work() -> None:
        give_way()
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    before = os.getpriority(os.PRIO_PROCESS, 0)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [max(before, NICE)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
