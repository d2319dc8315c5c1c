"""How the pictures at hand lie on each other, to the pixel: looked at when they are shown.

A search compares small pictures; flipped at 100 %, what it found would jump by some pixels.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from curator.core.duplicates import Pair, key
from curator.core.errors import UserError
from curator.core.overlay import MIRROR, SAME, Affine, maps_onto
from curator.core.records import Image
from curator.core.view import ProjectView
from curator.ui.context import Context

MOST = 256  # pairs that are remembered
SURE = 2.0  # likeness above that of any pair, so that its way is taken first


class CloserLook(QObject):
    """Gives pairs as they are known best, and tells when one is known better."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._found: dict[tuple[int, int], Pair] = {}

    def pairs(self, pairs: Sequence[Pair]) -> list[Pair]:
        """The pairs of a group, the ones looked at closely before all others."""
        ids = {image_id for pair in pairs for image_id in pair.key}
        better = [pair for ends, pair in self._found.items() if ids.issuperset(ends)]
        known = {pair.key for pair in better}
        return better + [pair for pair in pairs if pair.key not in known]

    def look(self, one: Image, other: Image, pairs: Sequence[Pair]) -> None:
        """Look at two of the pictures, unless how they lie is known exactly."""
        a, b = sorted((one, other), key=lambda image: image.id)
        rough = maps_onto(pairs, b.id).get(a.id)
        ends = key(a.id, b.id)
        if rough is None or rough in (SAME, MIRROR) or ends in self._found:
            return
        pair = next((p for p in pairs if p.key == ends), pairs[0])
        project = self._context.project

        def show(matrix: Affine) -> None:
            while len(self._found) >= MOST:
                self._found.pop(next(iter(self._found)))
            self._found[ends] = Pair(*ends, pair.kind, SURE, matrix=matrix)
            self.changed.emit()

        self._context.read(
            lambda: _refined(project, a, b, rough), show, key="closer-look", of_files=True
        )


def _refined(project: ProjectView, a: Image, b: Image, rough: Affine) -> Affine:
    from curator.imaging.load import examine  # OpenCV, NumPy
    from curator.imaging.refine import SIDE_PX, refined
    from curator.imaging.render import flatten

    most = project.settings.max_pixels
    try:
        one, other = (
            flatten(examine(project.root / image.path, SIDE_PX, most).small, "white")
            for image in (a, b)
        )
    except UserError:  # the canvas says that it can't be read
        return rough
    return refined(one, other, rough)
