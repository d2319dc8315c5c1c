"""What bench/window.py does in the window: rates, scrolls and selects, with real events."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window_eye import Eye
from window_rows import Row, rest, until

from curator.core.edits import IMAGE, Edit
from curator.ui.app import App
from curator.ui.session import Session

KEY_MS, PAGE_MS, WHEEL_MS = 50, 50, 16
LOOK_MS = 400  # on a photo, before the key for the next
WHEEL_ANGLE = -120
CONTROL = Qt.KeyboardModifier.ControlModifier
RATINGS = (1, 2, 0)  # the key that changes the rating a picture has


class Scenes:
    """The window with a project, and what is done to it; times are from event to painted."""

    def __init__(self, app: App, eye: Eye) -> None:
        self._app, self._eye = app, eye
        self._committed: set[int] = set()

    @property
    def session(self) -> Session:
        """The open project's session."""
        if self._app.session is None:
            raise SystemExit("no project is open")
        return self._app.session

    def open(self, root: Path) -> Row:
        """Open a project; until its first cells are painted."""
        began = time.perf_counter()
        self._eye.seen.clear()
        self._app.open_project(root)
        until(lambda: self._app.session, "the project")
        until(lambda: self._eye.seen, "its pictures")
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
        self._committed.update(int(c.id) for c in edit.changes if c.record == IMAGE)

    def begin_training(self) -> Row:
        """Press the keys that start a training; until its first steps."""
        window, parts = self._app.window, self.session.training_parts
        QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        until(lambda: parts.panel.setup.may_start, "the summary")
        rest(1)
        began = time.perf_counter()
        QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
        until(lambda: parts.training.status.step > 2, "the first steps")
        return Row("key to the first steps, torch loaded on the way", [time.perf_counter() - began])

    def end_training(self) -> None:
        """Stop the training; what it has learned is saved."""
        training = self.session.training_parts.training
        training.stop()
        until(lambda: not training.status.is_running, "the end of the training")
        QTest.keyClick(self._app.window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)

    # -- one after another

    def rate(self, times: int, when: str) -> list[Row]:
        """Press a rating key; until it is painted and the next one is current, and on the disk."""
        context, grid = self.session.context, self.session.pictures.grid
        seen, shown, kept = self._eye.seen, [], []
        context.go_to_row(0)
        rest(0.5)
        for _ in range(times):
            image, after = context.current, context.model.ids[context.current_row + 1]
            assert image is not None
            rating = RATINGS[image.rating]
            self._committed.clear()
            began = time.perf_counter()
            QTest.keyClick(grid, str(rating))
            until(lambda id_=after: seen.get(id_, (0, False))[1], "the next picture")
            until(lambda id_=image.id, r=rating: seen.get(id_, (-1,))[0] == r, "its mark")
            shown.append(time.perf_counter() - began)
            until(lambda id_=image.id: id_ in self._committed, "the disk")
            kept.append(time.perf_counter() - began)
            rest(KEY_MS / 1000)
        return [
            Row(f"key to painted, {when}", shown, 50),
            Row(f"key to painted, advanced and on the disk, {when}", kept, 50),
        ]

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
            Row(f"{what}: event to painted, with the X server", took),
            Row(f"{what}: each paint alone", self._eye.paints_s[first:], 16),
        ]

    def all_at_once(self, times: int, when: str) -> list[Row]:
        """Select all and rate them; until every cell in sight shows it, and it is on the disk."""
        session, grid = self.session, self.session.pictures.grid
        selecting, shown, kept, undone = [], [], [], []
        image = session.context.model.record(0)
        first = RATINGS[image.rating] if image is not None else 1  # each key changes something
        for rating in islice(cycle((first, RATINGS[first])), times):
            session.culling.select_none()
            rest(0.2)
            painted = self._eye.sees_paint()
            began = time.perf_counter()
            QTest.keyClick(grid, Qt.Key.Key_A, CONTROL)
            until(painted, "the selection")
            selecting.append(time.perf_counter() - began)
            rest(0.2)
            in_sight = self._timed(lambda r=rating: QTest.keyClick(grid, str(r)), rating)
            shown.append(in_sight[0])
            kept.append(in_sight[1])
            undone.append(self._timed(session.context.undo)[1])
            self._timed(session.context.redo)
        count = f"{len(session.context.model.ids):,}"
        return [
            Row(f"select all {count}, {when}", selecting),
            Row(f"key to all {count} rated, painted, {when}", shown, 150),
            Row(f"key to all {count} rated, on the disk, {when}", kept),
            Row(f"undo of it, {when}", undone),
        ]

    def _timed(self, act: Callable[[], Any], rating: int | None = None) -> tuple[float, float]:
        """Seconds until all in sight are painted with a rating, and until it is on the disk."""
        session, seen = self.session, self._eye.seen
        ids = [session.context.model.ids[row] for row in session.pictures.grid.visible_rows()]
        self._committed.clear()
        began = time.perf_counter()
        act()
        if rating is not None:
            until(lambda: all(seen.get(id_, (-1,))[0] == rating for id_ in ids), "the marks")
        painted = time.perf_counter() - began
        until(lambda: self._committed, "the disk")
        kept = time.perf_counter() - began
        rest(0.3)
        return painted, kept

    def loupe(self, times: int, when: str) -> list[Row]:
        """Go through photos in the loupe; until the next one is painted sharp, and at all."""
        session, loupe = self.session, self.session.pictures.loupe
        canvas = loupe.pane.canvas
        session.pictures.show_loupe()
        QTest.keyClick(canvas, Qt.Key.Key_Home)
        rest(3)
        sharp, some = [], []
        for _ in range(times):
            before = len(self._eye.large)
            began = time.perf_counter()
            QTest.keyClick(canvas, Qt.Key.Key_Right)
            until(lambda b=before: len(self._eye.large) > b, "the next picture")
            some.append(time.perf_counter() - began)
            until(lambda b=before: any(self._eye.large[b:]), "its pixels")
            sharp.append(time.perf_counter() - began)
            rest(LOOK_MS / 1000)
        session.pictures.show_grid()
        return [
            Row(f"key to next photo of 24 megapixels, sharp, {when}", sharp, 50),
            Row(f"key to next photo, whatever there is of it, {when}", some),
        ]

    def through_everything(self) -> int:
        """Page through all pictures; gives how many pages there were."""
        grid, context, pages = self.session.pictures.grid, self.session.context, 0
        QTest.keyClick(grid, Qt.Key.Key_Home)
        rest(0.5)
        before = -1
        while context.current_row > before:
            before = context.current_row
            QTest.keyClick(grid, Qt.Key.Key_PageDown)
            rest(0)
            pages += 1
        return pages
