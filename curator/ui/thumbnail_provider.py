"""Small pictures for grids and strips, addressed by what they show, made off the window's thread.

What is asked for last is made first, and what is no longer wished for is never made. A picture is
kept under its content, frame, recipe and size, so a re-sorted list can't show a wrong one.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from curator.core.errors import UserError
from curator.core.records import Image
from curator.core.view import ProjectView
from curator.ui.qt_picture import prepare, to_qt
from curator.ui.thread_priority import give_way

MOST_BYTES = 96 << 20
TURN_MS = 15  # in which what has come is gathered, so that cells are painted together
PER_TURN = 24
THREADS = max(2, min(4, (os.cpu_count() or 2) - 1))
# PySide prepares a method at its first call, and crashes where two threads come to that at once:
# 6.11 did so now and then, one thread inside size() and the other inside read(). Making thumbnails,
# which takes twenty times as long as reading one, still goes on in all threads.
_ONE_READER = threading.Lock()
Key = tuple[str, int, str, int]  # sha256, frame, recipe, side in device pixels


@dataclass(frozen=True, slots=True)
class Broken:
    """A picture that can't be shown, and why."""

    reason: str


def key_of(image: Image, side_px: int) -> Key:
    """What a small picture of this image is made from."""
    return image.sha256, image.frame, image.recipe, side_px


class ThumbnailProvider(QObject):
    """Gives what is there at once, and tells when more has come."""

    arrived = Signal()
    lacking = Signal(object)  # an Image that is shown without a heavy step, which is not made yet
    _made = Signal()

    def __init__(self, project: ProjectView) -> None:
        super().__init__()
        self._root, self._cache_dir = project.root, project.cache_dir
        self._max_pixels = project.settings.max_pixels
        self._kept: OrderedDict[Key, QPixmap | Broken] = OrderedDict()
        self._bytes = 0
        self._sides: set[int] = set()
        self._lock = threading.Condition()
        self._wishes: dict[str, deque[tuple[Key, Image]]] = {}
        self._under_way: set[Key] = set()
        self._results: deque[tuple[Key, QImage | Broken]] = deque()
        self._for_now: dict[Key, Image] = {}  # told as lacking once they are kept
        self._closing = False
        self._turn = QTimer(self, singleShot=True, interval=TURN_MS)
        self._turn.timeout.connect(self._take_in)
        prepare()
        self._made.connect(self._turn.start, Qt.ConnectionType.QueuedConnection)
        self._threads = [
            threading.Thread(target=self._work, name=f"thumbnails-{n}") for n in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def get(self, image: Image, side_px: int) -> QPixmap | Broken | None:
        """The small picture at most `side_px` device pixels a side, None while there is none."""
        key = key_of(image, side_px)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def any_size(self, image: Image) -> QPixmap | None:
        """The largest small picture of this image that there is."""
        kept = (self._kept.get(key_of(image, side)) for side in sorted(self._sides, reverse=True))
        return next((made for made in kept if isinstance(made, QPixmap)), None)

    def wish(self, who: str, images: Iterable[Image], side_px: int) -> None:
        """Have these made, the first one first, instead of what `who` wished for before."""
        self._sides.add(side_px)
        wanted = deque((key_of(i, side_px), i) for i in images)
        with self._lock:
            others = {name: queue for name, queue in self._wishes.items() if name != who}
            mine = deque(w for w in wanted if w[0] not in self._kept)
            self._wishes = {who: mine, **others}  # who asks last is served first
            self._lock.notify_all()

    def renew(self, image: Image) -> None:
        """Have what was shown for now of an image made anew, now that its steps are made."""
        for side in self._sides:
            key = key_of(image, side)
            if key in self._kept and self._for_now.pop(key, None) is not None:
                self._bytes -= _bytes(self._kept.pop(key))
        self.arrived.emit()

    def close(self) -> None:
        """End the threads."""
        with self._lock:
            self._closing = True
            self._lock.notify_all()
        for thread in self._threads:
            thread.join()

    # -- in the threads

    def _next(self) -> tuple[Key, Image] | None:
        with self._lock:
            while not self._closing:
                for queue in self._wishes.values():
                    while queue:
                        wish = queue.popleft()
                        if wish[0] not in self._under_way:
                            self._under_way.add(wish[0])
                            return wish
                self._lock.wait()
        return None

    def _work(self) -> None:
        give_way()
        while (wish := self._next()) is not None:
            key, image = wish
            result = self._make(image, key[3])
            with self._lock:
                self._results.append((key, result))
                is_first = len(self._results) == 1 and not self._closing
            if is_first:
                self._made.emit()

    def _make(self, image: Image, side_px: int) -> QImage | Broken:
        # Half a second that start-up does without.
        from curator.imaging.render import NotMade, flatten, render_small
        from curator.imaging.thumbnails import LARGE_PX, SIDE_PX, make_thumbnail, path_for

        stored_px = SIDE_PX if side_px <= SIDE_PX else LARGE_PX
        path = path_for(image, self._cache_dir, stored_px)
        picture = _read(str(path), side_px)
        if picture is not None:
            return picture
        try:
            try:
                made = make_thumbnail(
                    image, self._root, self._cache_dir, self._max_pixels, stored_px
                )
            except NotMade:
                small = render_small(image, self._root, side_px, self._max_pixels, for_now=True)
                self._for_now[key_of(image, side_px)] = image
                return to_qt(flatten(small, "white"))
        except UserError as error:
            return Broken(error.message)
        return _read(str(made), side_px) or Broken(f"{image.name} has no readable thumbnail.")

    # -- in the window's thread

    def _take_in(self) -> None:
        with self._lock:
            made = [self._results.popleft() for _ in range(min(PER_TURN, len(self._results)))]
            self._under_way.difference_update(key for key, _result in made)
            if self._results:
                self._turn.start()
        for key, result in made:
            self._keep(key, QPixmap.fromImage(result) if isinstance(result, QImage) else result)
            if (image := self._for_now.get(key)) is not None:
                self.lacking.emit(image)
        self.arrived.emit()

    def _keep(self, key: Key, made: QPixmap | Broken) -> None:
        if key in self._kept:
            return
        self._kept[key] = made
        self._bytes += _bytes(made)
        while self._bytes > MOST_BYTES:
            _old, dropped = self._kept.popitem(last=False)
            self._bytes -= _bytes(dropped)


def _bytes(made: QPixmap | Broken) -> int:
    return made.width() * made.height() * 4 if isinstance(made, QPixmap) else 0


def _read(path: str, side_px: int) -> QImage | None:
    """A stored thumbnail, scaled while it is decoded; None where there is none that can be read."""
    with _ONE_READER:
        return _decoded(path, side_px)


def _decoded(path: str, side_px: int) -> QImage | None:
    reader = QImageReader(path)
    size = reader.size()
    if not size.isValid():
        return None
    if max(size.width(), size.height()) > side_px:
        size.scale(QSize(side_px, side_px), Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(size.expandedTo(QSize(1, 1)))
    picture = reader.read()
    if picture.isNull():
        return None
    return picture.convertToFormat(QImage.Format.Format_RGB32)
