"""The parts of bench/window.py, each printed as soon as it is measured."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import window_project
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from window_eye import Eye
from window_lists import compare
from window_rows import HEADING, Row, Watchdog, rest, until
from window_scenes import Scenes
from window_start import import_profile, starts
from window_tools import drag_crop
from window_training import Training

from curator.core.project import Project
from curator.ui.app import App
from curator.ui.preferences import Preferences

ROWS, BULK_ROWS = 100_000, 10_000
MOST_MIB = 600
SIZE = QSize(1900, 1050)
IDLE, BUSY = "idle", "training"


class Bench:
    """One window, in which the parts are measured one after another."""

    def __init__(self, projects: Path, scratch: Path) -> None:
        self._projects, self._scratch = projects, scratch
        self.missed = False
        self._app: App | None = None
        self._root: Path | None = None

    def _tell(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.missed |= not row.passed
            print(row, flush=True)

    def _say(self, title: str, lines: Iterable[str] = ()) -> None:
        print(f"\n{title}", *lines, sep="\n", flush=True)

    # -- the window

    def _scenes(self, root: Path) -> Scenes:
        """The window with that project open."""
        if self._app is None:
            application = QApplication.instance() or QApplication(["curator"])
            assert isinstance(application, QApplication)
            self._eye = Eye()
            self._app = App(application, Preferences(self._scratch / "window.ini"))
            self._app.window.resize(SIZE)
            self._app.window.show()
            self._app.window.activateWindow()
            until(self._app.window.isActiveWindow, "the window to be active")
            self._app.warm_up()  # as a start does
            rest(2)
            self._scenes_made = Scenes(self._app, self._eye)
        if root != self._root:
            self._tell([self._scenes_made.open(root)])
            self._root = root
        return self._scenes_made

    @contextmanager
    def _watched(self, title: str) -> Iterator[None]:
        dog = Watchdog()
        with dog.watching():
            yield
        print(f"   the window's thread, {title}: {dog}", flush=True)

    @contextmanager
    def _training(self, scenes: Scenes) -> Iterator[None]:
        with Project.open(self._to_train()) as project:
            training = Training(scenes.session.context.jobs, project)
            since = time.perf_counter()
            rest(5)
            alone, since = training.per_second(since), time.perf_counter()
            yield
            both = training.per_second(since)
            training.stop()
        print(f"   training: {alone:.2f} steps a second alone, {both:.2f} meanwhile", flush=True)

    def _to_train(self) -> Path:
        folder = self._scratch / "robots"
        return window_project.kept(
            self._projects, "train", lambda root: window_project.to_train(root, folder)
        )

    def _many(self, rows: int) -> Path:
        return window_project.kept(
            self._projects, f"many-{rows}", lambda root: window_project.many(root, rows)
        )

    # -- the parts

    def start(self) -> None:
        """From Python to the first paint, and the imports on the way."""
        self._say("Start", [HEADING])
        self._tell(starts(self._scratch))
        self._say("The ten dearest imports of a start", import_profile(self._scratch))

    def lists(self) -> None:
        """Our cells against Qt's own view."""
        scenes = self._scenes(self._many(ROWS))
        lines = compare(scenes.session.context, scenes.session.thumbnails)
        self._say("Cells against QListView in icon mode, same model and same painting", lines)
        scenes.ask("")

    def loading(self) -> None:
        """The start of a training, which loads torch beside the window."""
        self._say("A training starts", [HEADING])
        scenes = self._scenes(self._to_train())
        with self._watched("torch being loaded"):
            self._tell([scenes.begin_training()])
        scenes.end_training()

    def keys(self) -> None:
        """One key, one picture."""
        self._say(f"Rating by key among {ROWS:,}", [HEADING])
        scenes = self._scenes(self._many(ROWS))
        with self._watched(IDLE):
            self._tell(scenes.rate(200, IDLE))
        with self._training(scenes), self._watched(BUSY):
            self._tell(scenes.rate(100, BUSY))

    def scroll(self) -> None:
        """The wheel and the page key."""
        self._say(f"Scrolling {ROWS:,}", [HEADING])
        scenes = self._scenes(self._many(ROWS))
        with self._watched(IDLE):
            self._tell(scenes.wheel(500, IDLE))
            self._tell(scenes.pages(200, IDLE))
        with self._training(scenes), self._watched(BUSY):
            self._tell(scenes.wheel(300, BUSY))
            self._tell(scenes.pages(100, BUSY))

    def memory(self) -> None:
        """What is held after everything has been seen."""
        scenes = self._scenes(self._many(ROWS))
        before = _rss_mib()
        pages = scenes.through_everything()
        rest(1)
        after = _rss_mib()
        is_small = after <= MOST_MIB
        self.missed |= not is_small
        verdict = "PASS" if is_small else "FAIL"
        figures = f"{before:.0f} MiB before, {after:.0f} MiB after (target {MOST_MIB}) {verdict}"
        self._say(f"Memory after {pages:,} pages through {ROWS:,} pictures: {figures}")

    def loupe(self) -> None:
        """From photo to photo."""
        self._say("The loupe, photos of 24 megapixels", [HEADING])
        scenes = self._scenes(self._photos())
        with self._watched(IDLE):
            self._tell(scenes.loupe(20, IDLE))
        with self._training(scenes), self._watched(BUSY):
            self._tell(scenes.loupe(20, BUSY))

    def _photos(self) -> Path:
        folder = self._scratch / "photos"
        return window_project.kept(
            self._projects, "photos", lambda root: window_project.large_photos(root, folder)
        )

    def crop(self) -> None:
        """A crop dragged at sixty frames a second."""
        self._say("The crop tool, a photo of 24 megapixels", [HEADING])
        scenes = self._scenes(self._photos())
        with self._watched(IDLE):
            self._tell(drag_crop(scenes.session, self._eye, 200, IDLE))

    def bulk(self) -> None:
        """All at once."""
        self._say(f"Select all and rate {BULK_ROWS:,}", [HEADING])
        scenes = self._scenes(self._many(BULK_ROWS))
        with self._watched(IDLE):
            self._tell(scenes.all_at_once(12, IDLE))
        with self._training(scenes), self._watched(BUSY):
            self._tell(scenes.all_at_once(8, BUSY))

    def close(self) -> None:
        """Close the window."""
        if self._app is not None:
            self._app.window.close()
            rest(0.1)


def _rss_mib() -> float:
    return float(psutil.Process().memory_info().rss) / (1 << 20)
