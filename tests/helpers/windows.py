"""A real window on a real project, driven by key and mouse events."""

from __future__ import annotations

import gc
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from curator.core.project import Project
from curator.ui.app import App
from curator.ui.context import Context
from curator.ui.preferences import Preferences
from curator.ui.session import Session
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw

WAIT_S = 60  # on a machine that does much else besides
Kind = TypeVar("Kind", bound=QWidget)


def pictures_of(count: int) -> dict[str, object]:
    """Drawn pictures of mixed shapes by file name."""
    shapes = ((160, 120), (120, 160), (140, 140))
    return {f"{n:02d}.jpg": draw(n, shapes[n % 3]) for n in range(count)}


def make_project(folder: Path, count: int = 12) -> Path:
    """A project with so many pictures, closed again, beside the folder they came from."""
    shutil.copytree(_made(count).name, folder, dirs_exist_ok=True)
    return folder / "project"


@cache
def _made(count: int) -> tempfile.TemporaryDirectory[str]:
    """Brought in once; every test that wants so many pictures gets its own copy."""
    made = tempfile.TemporaryDirectory()
    with Project.create(Path(made.name) / "project") as project:
        scraped = Path(made.name) / "scraped"
        bring_in(project, scraped, pictures_of(count))  # type: ignore[arg-type]
    return made


def let_work(wait_ms: int) -> None:
    """Let the window and all threads work; QTest.qWait would let no other thread run."""
    loop = QEventLoop()
    QTimer.singleShot(wait_ms, loop.quit)
    loop.exec()


def wait_for(condition: Callable[[], object], what: str = "", wait_s: float = WAIT_S) -> None:
    """Let the window work until something is so."""
    until = time.monotonic() + wait_s
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what or condition}"
        let_work(5)


def open_app(folder: Path, root: Path | None = None) -> App:
    """The window, shown and active, with a project open in it if one is named."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    app = App(application, Preferences(folder / "preferences.ini"))
    app.window.show()
    app.window.activateWindow()
    wait_for(app.window.isActiveWindow, "the window to be active")
    if root is not None:
        app.open_project(root)
        wait_for(lambda: app.session is not None and app.session.context.model.ids, "pictures")
    return app


def close_app(app: App) -> None:
    """Close the window once nothing runs that it would have to ask about, and end it."""
    if not shiboken6.isValid(app.window):
        return
    wait_for(lambda: not app.leaving.has_to_ask(), "the jobs to end")
    contexts = [app.session.context] if app.session is not None else []
    app.window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # Its buttons hold it by what they call, which would keep it and all its parts to the last test.
    shiboken6.delete(app.window)
    shiboken6.delete(app.garbage)  # which is about to look through all there is
    for context in contexts:
        let_go(context)


def let_go(context: Context) -> None:
    """End what signals, and holds by it whoever listens, once its project is closed."""
    for part in (context.selection, context.eye, context.model, context.preferences, context.theme):
        shiboken6.delete(part)
    shiboken6.delete(context)


def collect() -> None:
    """Collect what a test left; what outlives it is not looked through again by the next ones."""
    gc.collect()
    gc.collect()  # what went held more
    gc.freeze()


def session_of(app: App) -> Session:
    """The open project's session."""
    assert app.session is not None
    return app.session


def dialog_of(app: App, kind: type[Kind]) -> Kind:
    """The newest dialog of a kind, made active as a window manager would see to."""
    wait_for(lambda: app.window.findChildren(kind), kind.__name__)
    dialog = app.window.findChildren(kind)[-1]
    dialog.activateWindow()
    wait_for(dialog.isActiveWindow, "the dialog to be active")
    return dialog


def press(widget: QWidget, *keys: str | Qt.Key) -> None:
    """Press keys one after another, as a person would."""
    for key in keys:
        QTest.keyClick(widget, key)
        let_work(1)


def settle(context: Context) -> None:
    """Wait until everything that was asked of the project is on the disk and on the screen."""
    context.project.record([])
    let_work(20)
