"""A context on a project with a dozen pictures, and a whole window."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from curator.core.project import Project
from curator.ui.app import App
from curator.ui.context import Context
from curator.ui.preferences import Preferences
from curator.ui.theme import Theme
from tests.helpers.windows import collect, let_go, make_project
from tests.helpers.writing import At


@pytest.fixture(autouse=True)
def _ended_in_this_thread() -> Iterator[None]:
    """What a test leaves behind of Qt ends in this thread, as in the program; see garbage.py."""
    gc.disable()
    yield
    collect()
    gc.enable()


@pytest.fixture
def context(qapp: QApplication, tmp_path: Path) -> Iterator[Context]:
    """A project of twelve pictures with the model showing all of them, without a window."""
    project = Project.open(make_project(tmp_path))
    made = Context(project, Preferences(tmp_path / "preferences.ini"), Theme(qapp, "dark"))
    made.model.show(project.select(""))
    made.go_to_row(0)
    yield made
    made.close()
    let_go(made)


@pytest.fixture
def at(open_window: Callable[..., App], tmp_path: Path) -> At:
    """The first of five pictures, with the keyboard in the line."""
    root = make_project(tmp_path, 5)
    return At(open_window(root), root)
