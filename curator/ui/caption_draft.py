"""One picture's caption while it is written: what is typed, and what else happens to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from curator.core.caption_edits import change_captions
from curator.core.caption_typing import rebased, typed_label
from curator.core.edits import IMAGE, Edit
from curator.core.records import Image
from curator.ui.context import Context

PAUSE_MS = 1000  # of rest in a text before it is kept


class CaptionDraft(QObject):
    """`caption` is what the person sees; what of it is not kept yet is never overwritten.

    What could not be written stays where it was typed, and is tried again when it is left.
    """

    changed = Signal()  # the caption, or who gave its tags, or the picture

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.image: Image | None = None
        self.caption = ""
        self._kept = ""
        self._refused: dict[int, tuple[str, str]] = {}  # by picture, what could not be written
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.keep)
        context.edited.connect(self._hear)

    def show(self, image: Image | None) -> None:
        """Keep what was typed about the picture before, and go to another."""
        self.keep()
        self.image = image
        self.caption = self._kept = image.caption if image else ""
        if image is not None and image.id in self._refused:
            self.caption = rebased(*self._refused.pop(image.id), image.caption)
        self.changed.emit()

    def type(self, seen: str, caption: str) -> None:
        """What the person saw becomes this, and is kept once they rest."""
        if self.image is not None and caption != seen:
            self.caption = rebased(seen, caption, self.caption)
            self._pause.start()
            self.changed.emit()

    def put(self, seen: str, caption: str) -> None:
        """What the person saw becomes this: one step, kept at once."""
        self.keep()
        self.type(seen, caption)
        self.keep()

    def keep(self) -> None:
        """Write down what was typed."""
        self._pause.stop()
        image, before, typed = self.image, self._kept, self.caption
        if image is None or typed == before:
            return
        label = f"{typed_label(before, typed)}: {image.name}"

        def build(images: Sequence[Image]) -> Edit:
            new = {one: rebased(before, typed, one.caption) for one in images}
            return change_captions(label, new)

        def refused() -> None:
            if self.image is not None and self.image.id == image.id:
                self._kept = self.image.caption
            else:
                self._refused[image.id] = before, typed

        self._kept = typed
        self._context.change([image.id], build, refused)

    def _hear(self, edit: Edit) -> None:
        image = self.image
        if image is None:
            return
        if any(one.record == IMAGE and one.id == image.id for one in edit.changes):
            self._take(self._context.model.image(image.id))

    def _take(self, image: Image | None) -> None:
        """Have the record as it is now, with what is being typed upon it."""
        if image is not None:
            self.image = image
            self.caption = rebased(self._kept, self.caption, image.caption)
            self._kept = image.caption
            self.changed.emit()
