"""What bench/window.py does in the window: rates, scrolls and selects, with real events."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window_rows import Row, rest, until

from curator.core.edits import Edit
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.run_plan import TrainRequest
from curator.tasks.export_dataset import ExportOptions, export_dataset
from curator.tasks.train_lora import TrainReport, plan_training, train_lora
from curator.ui.app import App
from curator.ui.cells_view import CellsView
from curator.ui.job_bridge import Ticket
from curator.ui.session import Session
from trainer.buckets import BucketRule
from trainer.events import Step

KEY_MS, PAGE_MS, WHEEL_MS = 50, 50, 16
WHEEL_ANGLE = -120
CONTROL = Qt.KeyboardModifier.ControlModifier
RATINGS = "120"  # the key that changes the rating a picture has


class Eye:
    """Sees every paint of the cells: how long it took, and that it happened."""

    def __init__(self) -> None:
        self.paints_s: list[float] = []
        self.rows = 0  # of what was painted last
        paint = CellsView.paintEvent

        def timed(view: CellsView, event: QPaintEvent) -> None:
            began = time.perf_counter()
            paint(view, event)
            self.paints_s.append(time.perf_counter() - began)
            self.rows = view.model().rowCount()

        CellsView.paintEvent = timed  # type: ignore[method-assign]

    def sees_paint(self) -> Callable[[], bool]:
        """A condition that is met by the next paint."""
        before = len(self.paints_s)
        return lambda: len(self.paints_s) > before


class Scenes:
    """The window with a project, and what is done to it; times are from event to painted."""

    def __init__(self, app: App, eye: Eye) -> None:
        self._app, self._eye = app, eye
        self._committed: dict[int, int] = {}  # by image id, after which paint

    @property
    def session(self) -> Session:
        """The open project's session."""
        if self._app.session is None:
            raise SystemExit("no project is open")
        return self._app.session

    def open(self, root: Path) -> Row:
        """Open a project; until its first cells are painted."""
        began = time.perf_counter()
        self._eye.rows = 0
        self._app.open_project(root)
        until(lambda: self._app.session, "the project")
        until(lambda: self._eye.rows, "its pictures")
        took = time.perf_counter() - began
        self.session.context.edited.connect(self._hear)
        rest(1)
        return Row(f"open {len(self.session.context.model.ids):,} pictures", [took])

    def ask(self, query: str) -> Row:
        """Filter; until the new cells are painted."""
        began = time.perf_counter()
        found: list[Callable[[], bool]] = []
        self.session.finder.found.connect(lambda: found.append(self._eye.sees_paint()))
        self.session.finder.ask(query)
        until(lambda: found and found[0](), "the query")
        return Row(f"filter {query or 'nothing'}", [time.perf_counter() - began])

    def _hear(self, edit: Edit) -> None:
        seen = len(self._eye.paints_s)
        self._committed |= {int(change.id): seen for change in edit.changes}

    def _are_painted(self, ids: Collection[int]) -> bool:
        """Whether most of these were edited, and something was painted since."""
        seen = [self._committed[id_] for id_ in ids if id_ in self._committed]
        return len(seen) > len(ids) / 4 and len(self._eye.paints_s) > max(seen)

    # -- one after another

    def rate(self, times: int, when: str) -> Row:
        """Press a rating key; until it is on the disk and painted, and the next one is current."""
        context, grid = self.session.context, self.session.pictures.grid
        took = []
        for _ in range(times):
            image = context.current
            assert image is not None
            self._committed.clear()
            began = time.perf_counter()
            QTest.keyClick(grid, RATINGS[image.rating])
            until(lambda image=image: self._are_painted([image.id]), "the rating")
            took.append(time.perf_counter() - began)
            rest(KEY_MS / 1000)
        return Row(f"key to rated and advanced, {when}", took, 50)

    def wheel(self, times: int, when: str) -> list[Row]:
        """Turn the wheel sixty times a second."""
        area = self.session.pictures.grid.viewport()
        middle = QPointF(area.rect().center())
        place = QPointF(area.mapToGlobal(area.rect().center()))

        def turn() -> None:
            event = QWheelEvent(
                middle,
                place,
                QPoint(),
                QPoint(0, WHEEL_ANGLE),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(area, event)

        return self._scroll(turn, times, WHEEL_MS, f"wheel, {when}")

    def pages(self, times: int, when: str) -> list[Row]:
        """Hold the page key."""
        grid = self.session.pictures.grid
        return self._scroll(
            lambda: QTest.keyClick(grid, Qt.Key.Key_PageDown), times, PAGE_MS, f"page key, {when}"
        )

    def _scroll(self, event: Callable[[], Any], times: int, every_ms: int, what: str) -> list[Row]:
        took, first = [], len(self._eye.paints_s)
        for _ in range(times):
            began = time.perf_counter()
            painted = self._eye.sees_paint()
            event()
            until(painted, "a paint")
            took.append(time.perf_counter() - began)
            rest(every_ms / 1000 - took[-1])
        return [
            Row(f"{what}: event to painted", took, 16),
            Row(f"{what}: each paint alone", self._eye.paints_s[first:], 16),
        ]

    def all_at_once(self, times: int, when: str) -> list[Row]:
        """Select all and rate them; until all are on the disk and painted."""
        session = self.session
        context, grid = session.context, session.pictures.grid
        ids = frozenset(context.model.ids)
        selecting, rating, undoing = [], [], []
        for key in itertools.islice(itertools.cycle("12"), times):
            session.culling.select_none()
            rest(0.2)
            painted = self._eye.sees_paint()
            selecting.append(
                self._timed(lambda: QTest.keyClick(grid, Qt.Key.Key_A, CONTROL), painted)
            )
            are_painted = partial(self._are_painted, ids)
            rating.append(self._timed(lambda key=key: QTest.keyClick(grid, key), are_painted))
            undoing.append(self._timed(context.undo, are_painted))
            self._timed(context.redo, are_painted)
        count = f"{len(ids):,}"
        return [
            Row(f"select all {count}, {when}", selecting),
            Row(f"key to all {count} rated and painted, {when}", rating, 150),
            Row(f"undo of it, {when}", undoing),
        ]

    def _timed(self, act: Callable[[], Any], is_so: Callable[[], object]) -> float:
        self._committed.clear()
        began = time.perf_counter()
        act()
        until(is_so, "what was asked")
        took = time.perf_counter() - began
        rest(0.2)
        return took

    def through_everything(self) -> int:
        """Page through all pictures; gives how many pages there were."""
        grid, pages = self.session.pictures.grid, 0
        QTest.keyClick(grid, Qt.Key.Key_Home)
        last = len(self.session.context.model.ids) - 1
        while self.session.context.current_row < last:
            painted = self._eye.sees_paint()
            QTest.keyClick(grid, Qt.Key.Key_PageDown)
            until(painted, "a paint")
            pages += 1
        return pages


class Training:
    """A training of the practice model in the window's worker thread."""

    def __init__(self, scenes: Scenes, project: Project) -> None:
        self.steps: list[float] = []
        self._ticket: Ticket = scenes.session.context.jobs.start(
            "Train", _train, project, on_part=self._hear
        )
        until(lambda: len(self.steps) > 3 or self._ticket.error, "the first steps")
        if self._ticket.error:
            raise self._ticket.error

    def _hear(self, part: Any) -> None:
        if isinstance(part, Step):
            self.steps.append(time.perf_counter())

    def per_second(self, since: float) -> float:
        """Steps a second since then."""
        return sum(step > since for step in self.steps) / (time.perf_counter() - since)

    def stop(self) -> None:
        """Stop and wait."""
        self._ticket.cancel()
        until(lambda: self._ticket.state.value != "running", "the end of the training")


def _train(job: Job, project: Project) -> TrainReport:
    options = ("max_train_epochs=100000", "sample_prompts=", "save_every_n_epochs=0")
    plan = plan_training(project, TrainRequest(base="practice", assignments=options))
    rule = BucketRule.of(plan.config)
    export_dataset(job, project, project.dataset_dir, ExportOptions(rule=rule))
    return train_lora(job, plan)
