"""Drives a window of the program as a person would, and takes pictures of it for the guide."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from curator.ui.app import App
from curator.ui.preferences import Preferences
from curator.ui.session import Session

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PATIENCE_S = 240
USUAL = (1280, 800)


def say(text: str) -> None:
    """Tell what is being made."""
    print(text, file=sys.stderr, flush=True)


def rest(wait_ms: int) -> None:
    """Let the window and all threads work; QTest.qWait would let no other thread run."""
    loop = QEventLoop()
    QTimer.singleShot(wait_ms, loop.quit)
    loop.exec()


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Let the window work until something is so."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"waited in vain for {what}")
        rest(20)


class Photographer:
    """Drives one window and takes its pictures."""

    def __init__(self, folder: Path, theme: str) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        preferences = Preferences(folder / f"{theme}.ini")
        preferences.like(theme=theme)
        self.app = App(application, preferences)
        self.window = self.app.window
        self.window.resize(*USUAL)
        self.window.show()
        self.window.activateWindow()
        rest(300)

    def open(self, root: Path) -> Session:
        """Open a project and wait until its pictures are painted."""
        self.app.open_project(root)
        wait_for(lambda: self.app.session and self.app.session.context.model.ids, "pictures")
        rest(1500)
        return self.session

    @property
    def session(self) -> Session:
        """The open project's."""
        assert self.app.session is not None
        return self.app.session

    def do(self, action: str) -> None:
        """Do an action of the table."""
        self.window.actions_table[action].trigger()
        rest(400)

    def take(self, name: str, *over: QWidget) -> None:
        """Take a picture of the window, with what lies over it."""
        rest(600)
        picture = self.window.grab()
        for widget in over:
            place = widget.mapToGlobal(widget.rect().topLeft()) - self.window.pos()
            widget.render(picture, place)
        PICTURES.mkdir(parents=True, exist_ok=True)
        picture.save(str(PICTURES / f"{name}.png"))
        say(f"  {name}.png")

    def leave(self) -> None:
        """Close the window."""
        self.window.close()
        wait_for(lambda: self.app.session is None, "the end")
