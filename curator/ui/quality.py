"""Quality in the window: measuring in the background, likely rejects, and a choice that covers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QWidget

from curator.core.edits import IMAGE, SETTING, Edit
from curator.core.readable import count
from curator.core.variety import clusters_among, cover_among
from curator.ui.context import Context
from curator.ui.finder import Finder
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.notices import Notice
from curator.ui.thread_priority import give_way

if TYPE_CHECKING:
    from curator.tasks.measure_quality import QualityReport

UNMEASURED = "is:unmeasured"
OPENED_MS = 8000  # after opening, when what the person looks at first is there
REST_MS = 3000  # after pictures came in; and between looks while other jobs run
MEASURE, LEARN = "Measure quality", "Learn likely rejects"
ALL_MEASURED = "Every picture is measured."
REJECTS_QUERY = "is:undecided sort:-reject"
SWITCHED_OFF = "Likely rejects are switched off in the preferences."
NO_PRIMARIES = "No primary picture is shown, to choose among."
NOT_MEASURED = "The primaries that are shown are not measured yet."
MOST_FAILED = 30  # in a row, before what nobody asked for is given up
USUAL_COVER = 20


class Quality(QObject):
    """Measures what is new once nothing else runs, gently; the rest when it is asked for."""

    def __init__(self, context: Context, finder: Finder, badges: QAction, window: QWidget) -> None:
        """`badges`: the toggle of the badges upon pictures."""
        super().__init__(window)
        self._context, self._finder, self._badges, self._window = context, finder, badges, window
        self._ticket: Ticket | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._look)
        context.edited.connect(self._hear)
        context.preferences.changed.connect(self._heed_preferences)
        self._heed_preferences()
        self._rest.start(OPENED_MS)

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the actions do."""
        return {
            "measure_quality": self.measure,
            "likely_rejects": self.order_by_rejects,
            "choose_varied": self.ask_cover,
            "quality_badges": self._choose_badges,
        }

    # -- measuring

    def _hear(self, edit: Edit) -> None:
        if any((c.record, c.field) == (IMAGE, "removed") and not c.new for c in edit.changes):
            self._rest.start(REST_MS)
        if any((c.record, c.id) == (SETTING, "resolution") for c in edit.changes):
            self._context.model.look_at_all_again()  # what is small depends on it

    def _look(self) -> None:
        """Measure what is new, if that is wished, as soon as nothing else runs."""
        project, jobs = self._context.project, self._context.jobs
        wished = self._context.preferences.liking.measure_new == "yes"
        if project.read_only or not wished or jobs.is_closed or self._ticket is not None:
            return
        if any(not ticket.is_quiet for ticket in jobs.running):
            self._rest.start(REST_MS)
            return
        self._context.read(
            lambda: len(project.select(UNMEASURED)), self._begin_gently, key="unmeasured"
        )

    def _begin_gently(self, number: int) -> None:
        if number and self._ticket is None:
            self._start(is_modest=True)

    def measure(self) -> None:
        """Measure all that is not measured, and tell what came of it."""
        if self._ticket is None:
            self._start(is_modest=False)
        else:
            self._context.said.emit(f"{MEASURE}: under way.")

    def _start(self, is_modest: bool) -> None:
        from curator.tasks.measure_quality import Measuring, measure_quality  # OpenCV, NumPy

        how = Measuring(True, give_way, MOST_FAILED if is_modest else 0)
        self._ticket = self._context.jobs.start(
            MEASURE,
            measure_quality,
            self._context.project,
            "",
            how,
            on_part=self._take_part,
            on_end=self._measured,
            is_modest=is_modest,
        )

    def _take_part(self, ids: Sequence[int]) -> None:
        self._context.take_measures(ids)

    def _measured(self, ticket: Ticket) -> None:
        self._ticket = None
        self._context.take_measures(())  # their order is another one
        if ticket.error is not None:
            self._context.tell_error(ticket.error, MEASURE)
        if ticket.state is not JobState.DONE:
            return
        report: QualityReport = ticket.result
        ticket.report = "\n".join([*([report.faces] if report.faces else []), *report.lines()])
        if not ticket.is_modest:
            self._tell(report, ticket.report)

    def _tell(self, report: QualityReport, details: str) -> None:
        if not report.measured and not details:
            self._context.said.emit(ALL_MEASURED)
            return
        failed = f"{count(len(report.failed), 'picture')} could not be read."
        words = f"{count(len(report.measured), 'picture')} measured."
        self._context.tell(Notice(words, failed * bool(report.failed), details))

    # -- what follows from it

    def order_by_rejects(self) -> None:
        """Learn which undecided pictures might be rejected, and show them in that order."""
        if self._context.preferences.liking.guess_rejects != "yes":
            self._context.tell(Notice(SWITCHED_OFF))
            return
        from curator.tasks.predict_rejects import predict_rejects

        self._context.jobs.start(
            LEARN, predict_rejects, self._context.project, on_end=self._learned, is_modest=True
        )

    def _learned(self, ticket: Ticket) -> None:
        if ticket.error is not None:
            self._context.tell_error(ticket.error, LEARN)
        if ticket.state is not JobState.DONE:
            return
        self._context.take_measures(())
        ticket.report = ticket.result.in_words()
        self._context.tell(Notice(ticket.report))
        if not ticket.result.why_not:
            self._finder.ask(REJECTS_QUERY)

    def ask_cover(self) -> None:
        """Ask how many of the primaries that are shown are to be chosen."""
        project, shown = self._context.project, frozenset(self._context.model.ids)

        def work() -> list[int]:
            return [id_ for id_ in project.select("is:primary") if id_ in shown]

        self._context.read(work, self._ask_number, key="cover")

    def _ask_number(self, ids: list[int]) -> None:
        if not ids:
            self._context.said.emit(NO_PRIMARIES)
            return
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle("Choose those that cover most")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setLabelText(f"How many of {count(len(ids), 'primary picture')} that are shown?")
        dialog.setIntRange(1, len(ids))
        dialog.setIntValue(min(USUAL_COVER, max(1, len(ids) // 2)))
        dialog.intValueSelected.connect(lambda number: self._cover(ids, number))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _cover(self, ids: list[int], number: int) -> None:
        project = self._context.project

        def work() -> tuple[list[int], int]:
            return cover_among(project, ids, number), len(clusters_among(project, ids))

        def show(found: tuple[list[int], int]) -> None:
            chosen, groups = found
            if not chosen:
                self._context.said.emit(NOT_MEASURED)
                return
            self._context.selection.choose(chosen, chosen[0])
            alike = f"; {count(groups, 'group')} of look-alikes among them" if groups else ""
            words = f"Selected {len(chosen):,} of {len(ids):,} primaries that cover most{alike}."
            self._context.said.emit(words)

        self._context.read(work, show, key="cover")

    # -- badges

    def _choose_badges(self) -> None:
        wished = "yes" if self._badges.isChecked() else "no"
        self._context.preferences.like(quality_badges=wished)

    def _heed_preferences(self) -> None:
        liking = self._context.preferences.liking
        self._badges.setChecked(liking.quality_badges == "yes")
        self._context.model.shows_badges(liking.quality_badges == "yes")
