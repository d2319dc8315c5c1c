"""Leaving a project while something runs: one question, then its end, then what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from curator.ui.notices import Notice

if TYPE_CHECKING:
    from curator.ui.session import Session

SAVING = "Saving; after that the project is closed by itself."


class Leaving(QObject):
    """Ends what runs in a project before it is closed; the window goes on meanwhile."""

    def __init__(self, window: QWidget, session: Callable[[], Session | None]) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._is_asking = False

    def has_to_ask(self) -> bool:
        """Whether something would be cut off if the project were closed now."""
        session = self._session()
        return session is not None and bool(running_words(session))

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` as soon as nothing runs that the person wants to keep."""
        session = self._session()
        if session is None or not self.has_to_ask():
            then()
        elif not self._is_asking:
            self._ask(session, then)

    def _ask(self, session: Session, then: Callable[[], object]) -> None:
        self._is_asking = True
        words = f"{' '.join(running_words(session))} Save and close?"
        box = QMessageBox(QMessageBox.Icon.Question, "Curator", words, parent=self._window)
        box.setInformativeText("What was begun can go on later.")
        yes = box.addButton("Save and close", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def leave() -> None:
            self._is_asking = False
            then()

        def answered() -> None:
            if box.clickedButton() is yes:
                session.context.tell(Notice(SAVING))
                wind_down(session, leave)
            else:
                self._is_asking = False

        box.finished.connect(answered)
        box.open()


def running_words(session: Session) -> list[str]:
    """What runs that the person began, a sentence each."""
    training = session.training_parts.training
    words = [f"Training is at {training.status.where()}."] if training.status.is_running else []
    for ticket in session.context.jobs.running:
        is_small = ticket.is_quiet or ticket.is_modest
        if ticket is not training.ticket and not is_small:
            words.append(f"{ticket.title} is under way.")
    return words


def wind_down(session: Session, then: Callable[[], None]) -> None:
    """Have all that runs end as soon as it can, saving, and call `then`."""
    jobs = session.context.jobs

    def see() -> None:
        if not jobs.running:
            jobs.ended.disconnect(see)
            QTimer.singleShot(0, session, then)  # whoever else hears of the end does so before

    jobs.ended.connect(see)
    session.training_parts.training.stop()
    for ticket in jobs.running:
        ticket.cancel()
    see()
