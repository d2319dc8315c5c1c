"""Rating and rejecting: what the keys of culling do to the selection, and where the cursor goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from curator.core import edits
from curator.core.edits import Edit
from curator.core.recipe import Turn
from curator.core.records import Image, ImageSet, Rating, RejectReason
from curator.ui import rating_marks
from curator.ui.context import Context

RATING_OF = {
    rating_marks.PRIMARY: Rating.PRIMARY,
    rating_marks.SUPPORTING: Rating.SUPPORTING,
    rating_marks.UNRATED: Rating.UNRATED,
}
# The one more key that says why, in the menu that Shift+X opens.
REASON_KEYS = {
    "B": RejectReason.BLURRY,
    "W": RejectReason.WATERMARK,
    "S": RejectReason.WRONG_SUBJECT,
    "D": RejectReason.DUPLICATE,
    "C": RejectReason.CLUTTERED,
    "Y": RejectReason.STYLE_CLASH,
    "O": RejectReason.OTHER,
}


class Culling(QObject):
    """Judges what is selected; a single picture makes way for the next where that is wished."""

    judged = Signal(str, int)  # a judgement, and of how many pictures

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.may_advance: Callable[[], bool] = lambda: True

    # -- judging

    def rate(self, rating: Rating) -> None:
        """Rate what is selected."""
        self._judge(lambda images: edits.set_rating(images, rating), rating.name.lower())

    def reject(self, reason: RejectReason | None = None) -> None:
        """Reject what is selected."""
        self._judge(lambda images: edits.reject(images, reason), rating_marks.REJECTED)

    def judge(self, judgement: str) -> None:
        """Rate or reject what is selected, by the word for it."""
        if judgement == rating_marks.REJECTED:
            self.reject()
        else:
            self.rate(RATING_OF[judgement])

    def judge_one(self, image_id: int, judgement: str) -> None:
        """Judge one picture, by its own button; where it is so already, take that back."""

        def build(images: Sequence[Image]) -> Edit:
            if judgement == rating_marks.REJECTED:
                is_so = all(image.rejected for image in images)
                return edits.unreject(images) if is_so else edits.reject(images)
            rating = RATING_OF[judgement]
            is_so = all(image.rating == rating and not image.rejected for image in images)
            return edits.set_rating(images, Rating.UNRATED if is_so else rating)

        self._context.change([image_id], build)

    def unreject(self) -> None:
        """Take what is selected back from rejection."""
        self._change(edits.unreject)

    def _judge(self, build: Callable[[Sequence[Image]], Edit], judgement: str) -> None:
        ids = self._context.selection.meant()
        if not ids:
            return
        self._context.change(ids, build)
        self.judged.emit(judgement, len(ids))
        wished = self._context.preferences.liking.auto_advance == "yes"
        if len(ids) == 1 and wished and self.may_advance():
            self._context.go_to_row(self._context.current_row + 1)

    # -- other changes of what is selected

    def restore(self) -> None:
        """Bring back what was removed, of what is selected."""
        self._change(edits.restore_images)

    def turn(self, turn: Turn) -> None:
        """Turn or mirror what is selected."""
        self._change(lambda images: edits.turn_images(images, turn))

    def put_into(self, into: ImageSet | None) -> None:
        """Put what is selected into a set, or out of all."""
        self._change(lambda images: edits.assign_to_set(images, into))

    def _change(self, build: Callable[[Sequence[Image]], Edit]) -> None:
        ids = self._context.selection.meant()
        if ids:
            self._context.change(ids, build)

    # -- selecting and moving

    def select_all(self) -> None:
        """Select all that the query found, seen or not."""
        self._context.selection.choose(self._context.model.ids, self._context.selection.current)

    def select_none(self) -> None:
        """Select the current picture alone."""
        self._context.selection.go_to(self._context.selection.current)

    def select_inverse(self) -> None:
        """Select what is not selected."""
        selection = self._context.selection
        rest = frozenset(self._context.model.ids) - selection.ids
        selection.choose(rest, selection.current)
