"""Duplicates in the window: looked for in the background, told, counted, and decided by rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from curator.core.duplicate_cases import groups_in_words, read_cases
from curator.core.duplicates import COPIES, Pair
from curator.core.edits import IMAGE, VERDICT, Edit
from curator.core.installed_models import model_for
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.readable import count
from curator.core.view import ProjectView
from curator.ui.context import Context
from curator.ui.dialogs.decide_many import DecideManyDialog
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.notices import Button, Notice
from curator.ui.thread_priority import give_way

if TYPE_CHECKING:
    from curator.tasks.find_duplicates import DuplicatesReport

OPENED_MS = 9000  # after opening; measuring comes first, because the keepers follow from it
REST_MS = 3500  # after pictures came in; and between looks while other jobs run
COUNT_MS = 200  # after an edit
FIND = "Find duplicates"
UNEMBEDDED = "The embedding model could not be used; pictures were compared without it."
NOTHING_NEW = "Every picture is compared with every other; no group of duplicates is open."
MEASURED_QUERY = "is:duplicate"
CONCERNS = {(IMAGE, "removed"), (IMAGE, "rejected"), (VERDICT, "verdict")}


class Duplicates(QObject):
    """Compares what is new once nothing else runs; the rest when it is asked for."""

    counted = Signal(int)  # groups that nothing was decided about

    def __init__(self, context: Context, look: QAction, window: QWidget) -> None:
        """`look`: the action that shows the groups."""
        super().__init__(window)
        self._context, self._look_action, self._window = context, look, window
        self._ticket: Ticket | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._look)
        self._counting = QTimer(self, singleShot=True, interval=COUNT_MS)
        self._counting.timeout.connect(self._count)
        context.edited.connect(self._hear)
        self._rest.start(OPENED_MS)
        self._counting.start()

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the actions do."""
        return {"find_duplicates": self.find, "decide_many": self.decide_many}

    def _hear(self, edit: Edit) -> None:
        if edit.touched & CONCERNS:
            self._counting.start()
        if (IMAGE, "removed") in edit.touched and any(
            (c.record, c.field) == (IMAGE, "removed") and not c.new for c in edit.changes
        ):
            self._rest.start(REST_MS)

    # -- looking for them

    def _look(self) -> None:
        """Compare what is new, if that is wished, as soon as nothing else runs."""
        project, jobs = self._context.project, self._context.jobs
        wished = self._context.preferences.liking.find_duplicates == "yes"
        if project.read_only or not wished or jobs.is_closed or self._ticket is not None:
            return
        if any(not ticket.is_quiet for ticket in jobs.running):
            self._rest.start(REST_MS)
            return
        self._context.read(lambda: _has_new(project), self._begin_gently, key="uncompared")

    def _begin_gently(self, is_wanted: bool) -> None:
        if is_wanted and self._ticket is None:
            self._start(is_modest=True)

    def find(self) -> None:
        """Compare all that was not compared, and tell what came of it."""
        if self._ticket is None:
            self._start(is_modest=False)
        else:
            self._context.said.emit(f"{FIND}: under way.")

    def _start(self, is_modest: bool) -> None:
        self._ticket = self._context.jobs.start(
            FIND,
            _search,
            self._context.project,
            on_part=self._take_part,
            on_end=self._found,
            is_modest=is_modest,
        )

    def _take_part(self, part: Sequence[object]) -> None:
        """Some pairs more, or some pictures measured: what is shown follows."""
        if any(isinstance(one, Pair) for one in part):
            self._counting.start()
        self._context.take_measures(one for one in part if isinstance(one, int))

    def _found(self, ticket: Ticket) -> None:
        self._ticket = None
        self._counting.start()
        self._context.measured.emit()
        if ticket.error is not None:
            self._context.tell_error(ticket.error, FIND)
        if ticket.state is not JobState.DONE:
            return
        report: DuplicatesReport = ticket.result
        lines = [f"{source}: {reason}" for _id, source, reason in report.failed]
        ticket.report = "\n".join(lines)
        if report.unembedded and not ticket.is_modest:
            self._context.tell(Notice(UNEMBEDDED, report.unembedded))
        is_news = any(pair.kind in COPIES for pair in report.found)
        if not ticket.is_modest or is_news:
            project, was_asked = self._context.project, not ticket.is_modest
            self._context.read(
                lambda: len(project.duplicate_groups()),
                lambda number: self._tell(number, ticket.report, was_asked),
                key="duplicates-told",
            )

    def _tell(self, number: int, details: str, was_asked: bool) -> None:
        if not number and not details:
            if was_asked:
                self._context.said.emit(NOTHING_NEW)
            return
        failed = f"{count(len(details.splitlines()), 'picture')} could not be read."
        button: Button = ("Look at them", self._look_action.trigger)
        self._context.tell(
            Notice(
                f"{groups_in_words(number)}.",
                failed * bool(details),
                details,
                buttons=(button,) * bool(number),
            )
        )

    # -- counting them

    def _count(self) -> None:
        """How many groups are open, and how many pictures are in that of each."""
        project = self._context.project

        def work() -> tuple[int, dict[int, int]]:
            groups = project.duplicate_groups()
            return len(groups), {i: len(group.ids) for group in groups for i in group.ids}

        self._context.read(work, self._show_count, key="duplicates")

    def _show_count(self, found: tuple[int, dict[int, int]]) -> None:
        number, sizes = found
        self._context.model.show_groups(sizes)
        self.counted.emit(number)

    # -- many at once

    def decide_many(self) -> None:
        """Have groups decided by a rule for each kind."""
        project = self._context.project
        self._context.read(
            lambda: read_cases(project),
            lambda cases: DecideManyDialog(self._context, cases, self._window).show(),
            key="decide-many",
        )


def _has_new(project: ProjectView) -> bool:
    """Whether there are pictures that were not compared with the others."""
    from curator.imaging.fingerprints import VERSION  # OpenCV, NumPy

    ids = project.select("-is:crop")
    return len(ids) > 1 and not project.compared(VERSION).issuperset(ids)


def _search(job: Job, project: Project) -> DuplicatesReport:
    """Find duplicates, and measure them, because the better one is kept."""
    from curator.tasks.find_duplicates import find_duplicates  # OpenCV, NumPy
    from curator.tasks.measure_quality import Measuring, measure_quality

    report = find_duplicates(job, project, model_for("embedding"))
    measure_quality(job, project, MEASURED_QUERY, Measuring(begin=give_way))
    return report
