"""Large pictures: first as large as the screen shows them, then with every pixel, off the window's
thread.

They are kept under their content, frame and recipe, as thumbnails are. Each wish replaces the one
before: what nobody wishes for any more is never made. What is kept is bounded by its bytes; whole
pictures go first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from curator.core.errors import UserError
from curator.core.records import Image
from curator.core.shown_size import shown_size
from curator.core.view import ProjectView
from curator.ui.qt_picture import prepare, to_qt
from curator.ui.thread_priority import give_way
from curator.ui.thumbnail_provider import Broken

if TYPE_CHECKING:
    from PIL import Image as Pillow

THREADS = 2  # one of which makes no whole pictures, so that the next is never kept waiting
SMALLEST_LEVEL_PX = 1024
PIXEL_BYTES = 4
Key = tuple[str, int, str, bool]  # sha256, frame, recipe, and whether with every pixel
Levels = tuple[QImage, ...]  # the same picture in several sizes, the smallest first


@dataclass(frozen=True, slots=True)
class Wish:
    """A picture `side_px` device pixels high or wide at most; None means every pixel."""

    image: Image
    side_px: int | None = None

    @property
    def key(self) -> Key:
        """What it is kept under."""
        image = self.image
        return image.sha256, image.frame, image.recipe, self.side_px is None


class PictureProvider(QObject):
    """Gives what is there at once, and tells when more has come."""

    arrived = Signal()
    lacking = Signal(object)  # an Image that is shown without a heavy step, which is not made yet
    _made = Signal()

    def __init__(self, project: ProjectView, most_bytes: int) -> None:
        super().__init__()
        self.most_bytes = most_bytes
        self.is_making = False  # what heavy steps lack; `Making` says so
        self._root, self._max_pixels = project.root, project.settings.max_pixels
        self._lock = threading.Condition()  # for all that follows
        self._kept: OrderedDict[Key, Levels | Broken] = OrderedDict()
        self._bytes = 0
        self._share = 1
        self._wanted: list[Key] = []
        self._wishes: list[Wish] = []
        self._under_way: set[tuple[Key, int | None]] = set()
        self._for_now: set[Key] = set()
        self._closing = False
        prepare()
        self._made.connect(self.arrived, Qt.ConnectionType.QueuedConnection)
        self._threads = [
            threading.Thread(target=self._work, args=(n == 0,), name=f"pictures-{n}")
            for n in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def get(self, image: Image) -> Levels:
        """The sizes of a picture that are there, perhaps none yet."""
        levels = [level for part in self._parts(image) if isinstance(part, tuple) for level in part]
        return tuple(sorted(levels, key=QImage.width))

    def has_whole(self, image: Image) -> bool:
        """Whether all of its pixels are there, or as many as there is room for."""
        return isinstance(self._parts(image)[1], tuple)

    def trouble(self, image: Image) -> Broken | None:
        """Why there is nothing to see of a picture, where that is known."""
        return next((part for part in self._parts(image) if isinstance(part, Broken)), None)

    def lack(self, image: Image) -> str:
        """What is said of a picture that is shown without a heavy step, "" of others."""
        with self._lock:
            if not any(Wish(image, side).key in self._for_now for side in (1, None)):
                return ""
        return "computing its steps" if self.is_making else "some steps are not computed"

    def renew(self, image: Image) -> None:
        """Have what was shown for now of an image made anew, now that its steps are made."""
        keys = {Wish(image, side).key for side in (1, None)}
        with self._lock:
            for key in keys & self._for_now & self._kept.keys():
                self._bytes -= _bytes(self._kept.pop(key))
            if not any(key in keys for key, _side in self._under_way):
                self._for_now -= keys  # else it is told again, once it is kept
        self.arrived.emit()

    def _parts(self, image: Image) -> list[Levels | Broken | None]:
        with self._lock:
            return [self._kept.get(Wish(image, side).key) for side in (1, None)]

    def wish(self, wishes: Sequence[Wish], share: int = 1) -> None:
        """Have these made, the first one first, instead of all that was wished for before.

        A whole picture may take one part in `share` of the memory; larger ones are scaled down.
        """
        with self._lock:
            self._share = max(1, share)
            self._wanted = [wish.key for wish in wishes]
            self._rank()
            wanting = [wish for wish in wishes if not self._is_there(wish)]
            self._wishes = [wish for wish in wanting if _making(wish) not in self._under_way]
            self._lock.notify_all()

    def close(self) -> None:
        """End the threads."""
        with self._lock:
            self._closing = True
            self._lock.notify_all()
        for thread in self._threads:
            thread.join()

    def _is_there(self, wish: Wish) -> bool:
        if isinstance(self._kept.get(wish.key), Broken):
            return True
        side = self._whole_side(wish.image) if wish.side_px is None else wish.side_px
        levels = self.get(wish.image)
        return bool(levels) and _side(levels[-1]) >= min(side, max(shown_size(wish.image)))

    def _whole_side(self, image: Image) -> int:
        """The longer side with which a picture's pixels fit into their share of the memory."""
        width, height = shown_size(image)
        room = self.most_bytes / self._share / (width * height * PIXEL_BYTES)
        return max(1, int(max(width, height) * min(1.0, room**0.5)))

    # -- in the threads

    def _work(self, takes_whole: bool) -> None:
        give_way()
        while (wish := self._next(takes_whole)) is not None:
            dropped = self._keep(wish, self._make(wish))
            del dropped  # here, because giving back the memory of a photo takes ten milliseconds
            if self._is_for_now(wish) and not self._closing:
                self.lacking.emit(wish.image)
            if not self._closing:
                self._made.emit()

    def _is_for_now(self, wish: Wish) -> bool:
        with self._lock:
            return wish.key in self._for_now

    def _next(self, takes_whole: bool) -> Wish | None:
        with self._lock:
            while not self._closing:
                for wish in self._wishes:
                    if wish.side_px is not None or takes_whole:
                        self._wishes.remove(wish)
                        self._under_way.add(_making(wish))
                        return wish
                self._lock.wait()
        return None

    def _make(self, wish: Wish) -> Levels | Broken:
        image = wish.image
        try:
            picture = self._rendered(wish)
            if wish.side_px is not None:
                return (to_qt(picture),)
            side = self._whole_side(image)
            if max(picture.size) > side:
                picture.thumbnail((side, side))
            levels = [to_qt(picture)]
            room = self.most_bytes // self._share - levels[0].sizeInBytes()
            while _side(levels[0]) > 2 * SMALLEST_LEVEL_PX and levels[0].sizeInBytes() // 4 < room:
                picture = picture.reduce(2)
                levels.insert(0, to_qt(picture))
                room -= levels[0].sizeInBytes()
        except UserError as error:
            return Broken(error.message)
        except MemoryError:
            return Broken(f"There is not enough memory to show {image.name}.")
        return tuple(levels)

    def _rendered(self, wish: Wish) -> Pillow.Image:
        """The picture; for now without a step that is not made yet, which is told."""
        # Half a second that start-up does without.
        from curator.imaging.render import NotMade, render, render_small

        image, root, limit, side = wish.image, self._root, self._max_pixels, wish.side_px
        for for_now in (False, True):
            try:
                if side is None:
                    return render(image, root, limit, for_now=for_now)
                return render_small(image, root, side, limit, for_now=for_now)
            except NotMade:
                with self._lock:
                    self._for_now |= {wish.key, Wish(image).key}
        raise AssertionError("for now every step can be left out")

    def _keep(self, wish: Wish, made: Levels | Broken) -> list[Levels | Broken]:
        """Keep what was made; returns what had to make room."""
        key = wish.key
        if isinstance(made, tuple) and made[-1].width() >= shown_size(wish.image)[0]:
            key = Wish(wish.image).key  # a picture smaller than the screen is whole at once
        dropped = []
        with self._lock:
            self._under_way.discard(_making(wish))
            if key in self._kept:
                dropped.append(self._kept.pop(key))
            self._kept[key] = made
            self._rank()
            self._bytes += _bytes(made)
            while self._bytes - _bytes(*dropped) > self.most_bytes and len(self._kept) > 1:
                dropped.append(self._kept.pop(self._least_wanted()))
            self._bytes -= _bytes(*dropped)
        return dropped

    def _rank(self) -> None:
        """What is wanted most is given up last."""
        for key in reversed(self._wanted):
            if key in self._kept:
                self._kept.move_to_end(key)

    def _least_wanted(self) -> Key:
        unwanted = [key for key in self._kept if key not in self._wanted]
        wholes = (key for key in unwanted if key[3])
        return next(wholes, next(iter(unwanted or self._kept)))


def _making(wish: Wish) -> tuple[Key, int | None]:
    return wish.key, wish.side_px


def _side(level: QImage) -> int:
    return max(level.width(), level.height())


def _bytes(*made: Levels | Broken) -> int:
    levels = (level for one in made if isinstance(one, tuple) for level in one)
    return sum(level.sizeInBytes() for level in levels)
