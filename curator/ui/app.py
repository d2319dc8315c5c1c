"""Starts the window: the application, its looks and likings, and which project is open."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from curator.core.errors import UserError
from curator.ui.dialogs.keyboard import KeyboardDialog
from curator.ui.garbage import GarbageCollection
from curator.ui.job_bridge import JobBridge, Ticket
from curator.ui.main_window import MainWindow
from curator.ui.notices import Notice, error_notice
from curator.ui.palette import open_palette
from curator.ui.preferences import Preferences
from curator.ui.theme import Theme

if TYPE_CHECKING:
    from curator.core.project import Project
    from curator.tasks.check_machine import Finding
    from curator.ui.dialogs.new_project import NewProject
    from curator.ui.session import Session

SIGNALS_MS = 250
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide.md"
NO_DISPLAY = (
    "There is no display to show a window on. Start Curator from a desktop; every task can also be"
    " done on the command line, see --help."
)


class App(QObject):
    """The window and at most one open project in it."""

    def __init__(self, application: QApplication, preferences: Preferences | None = None) -> None:
        super().__init__()
        self.preferences = preferences or Preferences()
        self.theme = Theme(application, self.preferences.liking.theme)
        self.window = MainWindow(self.preferences)
        self.jobs = JobBridge()
        self.garbage = GarbageCollection(self)
        self.session: Session | None = None
        self._opening = False
        window, page = self.window, self.window.start_page
        window.actions_table.allow(has_project=False)
        window.close_asked.connect(self._close_asked)
        page.project_chosen.connect(self.open_project)
        window.actions_table.do_with(
            {
                "quit": window.close,
                "open_project": self._ask_open,
                "new_project": self.ask_new,
                "close_project": self.close_project,
                "palette": self._show_palette,
                "keyboard": self._show_keyboard,
                "full_screen": self._full_screen,
                "guide": show_guide,
                "check_machine": self._check_machine,
            }
        )
        page.open_project.clicked.connect(self._ask_open)
        page.new_project.clicked.connect(lambda: self.ask_new())
        page.new_from_folder.clicked.connect(self._ask_folder)
        page.folder_dropped.connect(self.ask_new)

    # -- opening and closing

    def open_project(self, root: Path) -> None:
        """Open a project, off the window's thread; the one that is open is closed first."""

        def work() -> Project:
            import curator.ui.session  # noqa: F401 - a third of a second that start-up does without
            from curator.core.project import Project

            return Project.open(root)

        self._begin(work)

    def create_project(self, wish: NewProject) -> None:
        """Make a project, open it, and import what it begins with."""

        def work() -> Project:
            import curator.ui.session  # noqa: F401
            from curator.core.project import Project

            return Project.create(wish.root)

        self._begin(work, wish)

    def _begin(self, work: Callable[[], Project], wish: NewProject | None = None) -> None:
        if self._opening:
            return
        self.close_project()
        self._opening = True
        self.jobs.read(work, lambda project: self._opened(project, wish), self._failed)

    def _opened(self, project: Project, wish: NewProject | None) -> None:
        from curator.ui.session import Session

        self._opening = False
        self.session = Session(self.window, project, self.preferences, self.theme)
        self.preferences.remember_project(project.root)
        if wish is not None and wish.paths:
            self.session.imports.start(wish.paths, wish.options)

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
            # What of it hangs together in circles goes once Qt's own deletions are done.
            QTimer.singleShot(0, self.garbage.let_go)

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

    def ask_new(self, paths: Sequence[Path] = ()) -> None:
        """Ask for a new project, that begins with these photos."""
        from curator.ui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self.window, self.preferences, paths)
        dialog.wanted.connect(self.create_project)
        dialog.show()

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window, "A folder of photos")
        if chosen:
            self.ask_new([Path(chosen)])

    def _check_machine(self) -> None:
        from curator.tasks.check_machine import check_machine

        self.tell(Notice("Checking this machine …"))
        self.jobs.start("Check this machine", check_machine, on_end=self._checked)

    def _checked(self, ticket: Ticket) -> None:
        if ticket.error is not None:
            self.fault(ticket.error)
        elif ticket.result is not None:
            self.tell(machine_notice(ticket.result))

    def _show_palette(self) -> None:
        open_palette(self.window, self.window.actions_table)

    def _show_keyboard(self) -> None:
        KeyboardDialog(self.window, self.window.actions_table, self.preferences).show()

    def _full_screen(self) -> None:
        self.window.setWindowState(self.window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _close_asked(self, event: QCloseEvent) -> None:
        self.close_project()
        self.jobs.close()
        self.garbage.end()

    def warm_up(self) -> None:
        """Import what opening a project will need, while the person looks at the first screen."""

        def work() -> None:
            import curator.ui.dialogs.new_project
            import curator.ui.session  # noqa: F401

        self.jobs.read(work, lambda _none: None, self.fault)

    # -- faults

    def fault(self, error: BaseException) -> None:
        """Show an error that nothing else took."""
        self.tell(error_notice(error))


def machine_notice(findings: Sequence[Finding]) -> Notice:
    """What was found about this machine: the lacks first, everything in the details."""
    lacks = [finding for finding in findings if not finding.ok]
    words = " ".join(f"{f.name}: {f.says} {f.hint}".strip() for f in lacks)
    lines = [f"{'ok' if f.ok else '--'}  {f.name}: {f.says} {f.hint}".strip() for f in findings]
    return Notice(words or "Everything works on this machine.", details="\n".join(lines))


def show_guide() -> None:
    """Open the user guide in whatever shows such files."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(GUIDE)))


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


def lacks_display() -> bool:
    """Whether there is no screen that Qt could show a window on, where it would simply abort."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(os.environ.get(name) for name in screens)


def close_on_signals(app: App) -> None:
    """Let Ctrl+C and a system that shuts down close the window, which saves."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: app.window.close())
    awake = QTimer(app, interval=SIGNALS_MS)  # Python hears signals only between Qt's events
    awake.timeout.connect(lambda: None)
    awake.start()


def run(arguments: Sequence[str] = ()) -> int:
    """Open the window, on a project where one is named, and return the exit code."""
    if lacks_display():
        sys.stderr.write(f"{NO_DISPLAY}\n")
        return 1
    QGuiApplication.setDesktopFileName("curator")
    application = QApplication(["curator"])
    application.setApplicationName("Curator")
    app = App(application)
    catch_faults(app)
    close_on_signals(app)
    app.window.show()
    # Queued behind the first paint.
    first = partial(app.open_project, Path(arguments[0])) if arguments else app.warm_up
    QTimer.singleShot(0, first)
    return application.exec()
