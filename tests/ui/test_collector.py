"""Unreachable objects are collected in the window's thread alone."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from pathlib import Path

from curator.ui.app import App
from tests.helpers.windows import let_run, make_project, wait_for

Open = Callable[..., App]


class Knot:
    """An object that holds itself, so that only a collection ends it; notes where it ended."""

    def __init__(self, ended_in: list[str]) -> None:
        self._ended_in = ended_in
        self._self = self

    def __del__(self) -> None:
        self._ended_in.append(threading.current_thread().name)


def test_what_threads_leave_behind_ends_in_the_thread_of_the_window(open_window: Open) -> None:
    gc.enable()
    open_window()
    ended_in: list[str] = []

    def leave_behind() -> None:
        for _ in range(3 * gc.get_threshold()[0]):
            Knot(ended_in)

    thread = threading.Thread(target=leave_behind)
    thread.start()
    thread.join()
    assert not ended_in
    wait_for(lambda: ended_in, "a collection")
    assert set(ended_in) == {threading.main_thread().name}


def test_projects_are_opened_and_closed_again_and_again(open_window: Open, tmp_path: Path) -> None:
    app = open_window()
    root = make_project(tmp_path)
    for _ in range(6):
        app.open_project(root)
        wait_for(lambda: app.session and app.session.context.model.ids, "the project")
        assert app.session is not None
        app.session.pictures.show_loupe()
        app.close_project()
        let_run(30)
