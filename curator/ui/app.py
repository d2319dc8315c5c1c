"""Starts the window: the application, its looks and likings, and which project is open."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from curator.ui.dialogs.keyboard import KeyboardDialog
from curator.ui.garbage import GarbageCollection
from curator.ui.job_bridge import JobBridge, Ticket
from curator.ui.leaving import Leaving
from curator.ui.main_window import MainWindow
from curator.ui.module_sources import spare_sources
from curator.ui.notices import Notice, error_notice
from curator.ui.palette import open_palette
from curator.ui.preferences import Preferences
from curator.ui.theme import Theme
from curator.ui.window_process import catch_faults, close_on_signals, lacks_display

if TYPE_CHECKING:
    from curator.core.project import Project
    from curator.tasks.check_machine import Finding
    from curator.ui.dialogs.new_project import NewProject
    from curator.ui.dialogs.preferences import PreferencesDialog
    from curator.ui.session import Session

LEFT_MS = 5000  # by then the closing thread holds nothing of a session any more
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
        self.garbage = GarbageCollection(self, self._is_loading_training)
        self.session: Session | None = None
        self._ending = ThreadPoolExecutor(1, thread_name_prefix="closing")
        self._ended: Future[None] | None = None
        self._left: list[Session] = []
        self._opening = False
        self.leaving = Leaving(self.window, lambda: self.session)
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
                "new_project": self.ask_new,
                "close_project": partial(self.leaving.leave, self.close_project),
                "palette": self._show_palette,
                "keyboard": self._show_keyboard,
                "full_screen": self._full_screen,
                "guide": show_guide,
                "check_machine": self._check_machine,
                "preferences": self._show_preferences,
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
            from curator.core.project import Project

            load_session()
            return Project.open(root)

        self._begin(work)

    def create_project(self, wish: NewProject) -> None:
        """Make a project, open it, and import what it begins with."""

        def work() -> Project:
            from curator.core.project import Project

            load_session()
            return Project.create(wish.root)

        self._begin(work, wish)

    def _begin(self, work: Callable[[], Project], wish: NewProject | None = None) -> None:
        def begin() -> None:
            self.close_project()
            self._opening = True
            ended = self._ended

            def work_then() -> Project:
                if ended is not None:
                    wait([ended])  # it may be the same project
                return work()

            self.jobs.read(work_then, lambda project: self._opened(project, wish), self._failed)

        if not self._opening:
            self.leaving.leave(begin)

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
        """Take the open project off the window; its files are closed beside the window."""
        session, self.session = self.session, None
        if session is not None:
            session.take_apart()
            self._left.append(session)  # what is left of it must not die in the closing thread
            self._ended = self._ending.submit(session.end)
            self._ended.add_done_callback(self._tell_end)
            # What of it hangs together in circles goes once Qt's own deletions are done.
            QTimer.singleShot(0, self.garbage, self.garbage.let_go)

    def _tell_end(self, ended: Future[None]) -> None:
        error = ended.exception()
        self.jobs.post(lambda: QTimer.singleShot(LEFT_MS, self, self._left.clear))
        if error is not None:
            self.jobs.post(lambda: self.tell(error_notice(error)))

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
        if self.leaving.has_to_ask():
            event.ignore()
            self.leaving.leave(self.window.close)
            return
        self.close_project()
        self.window.hide()  # nobody waits for the last files to be written
        self._ending.shutdown(wait=True)
        self.jobs.close()
        self.garbage.end()

    def _is_loading_training(self) -> bool:
        session = self.session
        return session is not None and session.training_parts.training.status.is_loading

    def warm_up(self) -> None:
        """Import what opening a project will need, while the person looks at the first screen."""

        def work() -> None:
            import curator.ui.dialogs.new_project  # noqa: F401

            load_session()

        self.jobs.read(work, lambda _none: None, self.fault)

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


def load_session() -> None:
    """Load what an open project needs: half a second that start-up does without."""
    import curator.ui.session  # noqa: F401
    from curator.core.query import parse

    parse("")  # makes the parser, which would keep the window waiting


def machine_notice(findings: Sequence[Finding]) -> Notice:
    """What was found about this machine: the lacks first, everything in the details."""
    lacks = [finding for finding in findings if not finding.ok]
    words = " ".join(f"{f.name}: {f.says} {f.hint}".strip() for f in lacks)
    lines = [f"{'ok' if f.ok else '--'}  {f.name}: {f.says} {f.hint}".strip() for f in findings]
    return Notice(words or "Everything works on this machine.", details="\n".join(lines))


def show_guide() -> None:
    """Open the user guide in whatever shows such files."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(GUIDE)))


def run(arguments: Sequence[str] = ()) -> int:
    """Open the window, on a project where one is named, and return the exit code."""
    if lacks_display():
        sys.stderr.write(f"{NO_DISPLAY}\n")
        return 1
    spare_sources()
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
