"""Which part of a picture is seen, and how large: arithmetic that outlives the picture on show.

A view says nothing of pixels of a certain picture: it is whole, in its own pixels, or so many times
as large as whole; its middle is a fraction of the picture. So it is kept from picture to picture,
and several pictures of any size show the same part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QObject, Signal

Pair = tuple[float, float]  # along x and y
MOST_SCALE = 32.0  # device pixels for one of the picture's
MOST_TIMES = 4.0  # of fit, where even that is larger


class Zoom(Enum):
    """Whole; a pixel of the picture on one of the screen's; or `times` as large as whole."""

    FIT = "fit"
    ACTUAL = "actual"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class View:
    """What is seen of a picture; `centre` is the point in the middle, in fractions of it."""

    zoom: Zoom = Zoom.FIT
    times: float = 1.0
    centre: Pair = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture stands: device pixels for one of its own, and where its corner is."""

    scale: float
    left: float
    top: float

    def point(self, at: Pair) -> Pair:
        """The pixel of the picture under a point of the area."""
        return (at[0] - self.left) / self.scale, (at[1] - self.top) / self.scale


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of some size, in its pixels, in an area of some size, in device pixels."""

    picture: Pair
    area: Pair

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole picture fills the area; small ones are enlarged."""
        return min(self.area[0] / self.picture[0], self.area[1] / self.picture[1])

    def scale(self, view: View) -> float:
        """Device pixels for one of the picture's."""
        if view.zoom is Zoom.ACTUAL:
            return 1.0
        return self.fit_scale * (view.times if view.zoom is Zoom.TIMES else 1.0)

    def place(self, view: View) -> Place:
        """Where the picture stands: in the middle, or covering the area where it is larger."""
        scale = self.scale(view)
        left, top = (
            _start(room / 2 - centre * length * scale, length * scale, room)
            for centre, length, room in zip(view.centre, self.picture, self.area, strict=True)
        )
        return Place(scale, left, top)

    # -- other views

    def toggled(self, view: View, at: Pair | None) -> View:
        """In the picture's own pixels, the one under `at` staying there; or whole again."""
        if view.zoom is Zoom.ACTUAL:
            return replace(view, zoom=Zoom.FIT)
        return self._scaled(view, 1.0, at)

    def zoomed(self, view: View, factor: float, at: Pair | None) -> View:
        """Larger or smaller by a factor, what is under `at` staying there as far as it can.

        Whole and the picture's own pixels are never jumped over.
        """
        now, fit = self.scale(view), self.fit_scale
        most = max(MOST_SCALE, MOST_TIMES * fit)
        wished = min(max(now * factor, min(fit, 1.0)), most)
        low, high = sorted((now, wished))
        between = [stop for stop in (fit, 1.0) if low < stop < high]
        scale = min(between, key=lambda stop: abs(stop - now), default=wished)
        return self._scaled(view, scale, at)

    def panned(self, view: View, by: Pair) -> View:
        """The picture moved by device pixels, never so far that ground is seen beside it."""
        place = self.place(view)
        return self._held(view, place.scale, (place.left + by[0], place.top + by[1]))

    def _scaled(self, view: View, scale: float, at: Pair | None) -> View:
        fit = self.fit_scale
        named = {1.0: Zoom.ACTUAL, fit: Zoom.FIT}
        new = replace(view, zoom=named.get(scale, Zoom.TIMES), times=scale / fit)
        if at is None:
            return new
        point = self.place(view).point(at)
        return self._held(new, scale, (at[0] - point[0] * scale, at[1] - point[1] * scale))

    def _held(self, view: View, scale: float, corner: Pair) -> View:
        """The view whose place has the corner there, or as near as may be.

        Along an axis on which all is seen the middle stays what it was.
        """
        centre = tuple(
            (room / 2 - _start(start, length * scale, room)) / (length * scale)
            if _covers(length * scale, room)
            else before
            for start, length, room, before in zip(
                corner, self.picture, self.area, view.centre, strict=True
            )
        )
        return replace(view, centre=(centre[0], centre[1]))


def _covers(length: float, room: float) -> bool:
    """Whether a picture reaches beyond the room; that of "fit" does not, however it is rounded."""
    return length > room * (1 + 1e-9)


def _start(wished: float, length: float, room: float) -> float:
    """Where a picture of this length begins on an axis."""
    if not _covers(length, room):
        return (room - length) / 2
    return min(0.0, max(room - length, wished))


def columns_for(pictures: Sequence[Pair], area: Pair) -> int:
    """In how many columns of equal cells pictures are seen largest; the most, where it is equal."""

    def seen(columns: int) -> float:
        cell = area[0] / columns, area[1] / -(-len(pictures) // columns)
        return sum(Frame(p, cell).fit_scale ** 2 * p[0] * p[1] for p in pictures)

    return max(range(1, len(pictures) + 1), key=lambda columns: (seen(columns), columns))


class ViewState(QObject):
    """The view that one canvas or several share."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.view = View()
        self.shows_masks = True

    def show_masks(self, are_shown: bool) -> None:
        """Show where the training does not look, or not."""
        self.shows_masks = are_shown
        self.changed.emit()

    def set(self, view: View) -> None:
        """Show another part."""
        if view != self.view:
            self.view = view
            self.changed.emit()
