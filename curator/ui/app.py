"""Starts the window: the application, its looks and likings, and which project is open."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from curator.core.errors import UserError
from curator.ui.job_bridge import JobBridge
from curator.ui.main_window import MainWindow
from curator.ui.notices import Notice, error_notice
from curator.ui.preferences import Preferences
from curator.ui.theme import Theme

if TYPE_CHECKING:
    from curator.core.project import Project
    from curator.ui.dialogs.preferences import PreferencesDialog
    from curator.ui.session import Session


class App(QObject):
    """The window and at most one open project in it."""

    def __init__(self, application: QApplication, preferences: Preferences | None = None) -> None:
        super().__init__()
        self.preferences = preferences or Preferences()
        self.theme = Theme(application, self.preferences.liking.theme)
        self.window = MainWindow(self.preferences)
        self.jobs = JobBridge()
        self.session: Session | None = None
        self._opening = False
        self._is_leaving = False
        self._likings: PreferencesDialog | None = None
        self.preferences.changed.connect(self._use_theme)
        window, page = self.window, self.window.start_page
        window.actions_table.allow(has_project=False)
        window.close_asked.connect(self._close_asked)
        page.project_chosen.connect(self.open_project)
        window.actions_table.do_with(
            {
                "quit": window.close,
                "open_project": self._ask_open,
                "new_project": self._ask_new,
                "close_project": partial(self._leave, self.close_project),
                "preferences": self._show_preferences,
            }
        )
        page.open_project.clicked.connect(self._ask_open)
        page.new_project.clicked.connect(self._ask_new)

    # -- opening and closing

    def open_project(self, root: Path) -> None:
        """Open a project, off the window's thread; the one that is open is closed first."""

        def work() -> Project:
            import curator.ui.session  # noqa: F401 - a third of a second that start-up does without
            from curator.core.project import Project

            return Project.open(root)

        self._begin(work)

    def create_project(self, root: Path) -> None:
        """Make a project and open it."""

        def work() -> Project:
            import curator.ui.session  # noqa: F401
            from curator.core.project import Project

            return Project.create(root)

        self._begin(work)

    def _begin(self, work: Callable[[], Project]) -> None:
        def begin() -> None:
            self.close_project()
            self._opening = True
            self.jobs.read(work, self._opened, self._failed)

        if not self._opening:
            self._leave(begin)

    def _opened(self, project: Project) -> None:
        from curator.ui.session import Session

        self._opening = False
        self.session = Session(self.window, project, self.preferences, self.theme)
        self.preferences.remember_project(project.root)

    def _failed(self, error: BaseException) -> None:
        self._opening = False
        self.tell(error_notice(error))

    def close_project(self) -> None:
        """Close the project that is open."""
        session, self.session = self.session, None
        if session is not None:
            try:
                session.close()
            except UserError as error:
                self.tell(error_notice(error))

    def tell(self, notice: Notice) -> None:
        """Tell the person something, wherever the window is."""
        if self.session is not None:
            self.session.notices.tell(notice)
        else:
            self.window.start_page.notices.tell(notice)

    def _ask_open(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window, "Open a project")
        if chosen:
            self.open_project(Path(chosen))

    def _ask_new(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self.window, "A new folder for the project")
        if chosen:
            self.create_project(Path(chosen))

    def _close_asked(self, event: QCloseEvent) -> None:
        if self.session is not None and self.session.still_running():
            event.ignore()
            self._leave(self.window.close)
            return
        self.close_project()
        self.jobs.close()

    def _leave(self, then: Callable[[], object]) -> None:
        """Leave the project and go on, after one question and its end where something runs."""
        session = self.session
        running = session.still_running() if session else []
        if session is None or not running:
            then()
        elif not self._is_leaving:
            self._ask_leave(session, running, then)

    def _ask_leave(self, session: Session, running: list[str], then: Callable[[], object]) -> None:
        self._is_leaving = True
        box = QMessageBox(
            QMessageBox.Icon.Question, "Curator", f"{' '.join(running)} Save and close?"
        )
        box.setParent(self.window, box.windowFlags())
        box.setInformativeText("What was begun can go on later.")
        yes = box.addButton("Save and close", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def leave() -> None:
            self._is_leaving = False
            then()

        def answered() -> None:
            if box.clickedButton() is not yes:
                self._is_leaving = False
                return
            session.context.tell(Notice("Saving; then the project is closed by itself."))
            session.wind_down(leave)

        box.finished.connect(answered)
        box.open()

    def _show_preferences(self) -> None:
        from curator.ui.dialogs.preferences import PreferencesDialog

        if self._likings is None:
            self._likings = PreferencesDialog(self.preferences, self.window)
        self._likings.bring_up()

    def _use_theme(self) -> None:
        if self.preferences.liking.theme != self.theme.wish:
            self.theme.choose(self.preferences.liking.theme)

    # -- faults

    def fault(self, error: BaseException) -> None:
        """Show an error that nothing else took."""
        self.tell(error_notice(error))


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


def spare_sources() -> None:
    """Keep PySide from reading the source of every module that is imported from now on.

    It looks there for its own name, to serve `from __feature__ import`, which is not used here. Of
    torch and what stands on it that would be 70 MB of text, read for seconds and kept for good.
    """
    with suppress(ImportError):
        feature: Any = importlib.import_module("shibokensupport.feature")
        feature._mod_uses_pyside = lambda _module: False


def run(arguments: Sequence[str] = ()) -> int:
    """Open the window, on a project where one is named, and return the exit code."""
    spare_sources()
    QGuiApplication.setDesktopFileName("curator")
    application = QApplication(["curator"])
    application.setApplicationName("Curator")
    app = App(application)
    catch_faults(app)
    app.window.show()
    if arguments:
        QTimer.singleShot(0, lambda: app.open_project(Path(arguments[0])))
    return application.exec()
