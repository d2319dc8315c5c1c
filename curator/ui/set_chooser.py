"""Puts pictures into a set by key: a few letters of its name, or of a new one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from curator.core import edits
from curator.core.records import ImageSet
from curator.ui.chooser import Choice, Chooser
from curator.ui.context import Context

PROMPT = "Put into which set? Type a few letters, or the name of a new one"


class SetChooser(QObject):
    """Asks for a set over the pictures; the one that was chosen last stands first."""

    def __init__(self, context: Context, area: QWidget) -> None:
        super().__init__(area)
        self._context, self._area = context, area
        self._last: int | None = None

    def ask(self) -> None:
        """Ask where to put what is selected now."""
        ids = self._context.selection.meant()
        if ids:
            self._context.read(self._context.project.sets, partial(self._open, ids), key="sets")

    def _open(self, ids: list[int], sets: list[ImageSet]) -> None:
        ordered = sorted(sets, key=lambda one: one.id != self._last)
        choices = [Choice(one.name, partial(self._put, ids, one), one.kind) for one in ordered]
        # Not a child of the pictures, or Return would be their key while a name is typed.
        chooser = Chooser(self._area.window(), PROMPT, choices, partial(self._offer_new, ids))
        chooser.open_over(self._area)

    def _offer_new(self, ids: list[int], name: str) -> Choice:
        return Choice(f'New set "{name}"', partial(self._put_into_new, ids, name))

    def _put(self, ids: list[int], into: ImageSet) -> None:
        self._last = into.id
        self._context.change(ids, lambda images: edits.assign_to_set(images, into))

    def _put_into_new(self, ids: list[int], name: str) -> None:
        new = ImageSet(self._context.project.new_set_id(), name)
        self._last = new.id
        self._context.change(ids, lambda images: edits.create_set(new, images))
