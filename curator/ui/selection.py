"""Which pictures are meant: a set of ids, and the one the cursor is on; never rows."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """The selected ids and the current one; `anchor` is where a range with Shift begins."""

    changed = Signal()
    current_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ids: frozenset[int] = frozenset()
        self.current: int | None = None
        self.anchor: int | None = None
        self._is_narrow = False

    def __contains__(self, image_id: int) -> bool:
        return image_id in self.ids

    def __len__(self) -> int:
        return len(self.ids)

    def meant(self) -> list[int]:
        """What an action is about: the selected ids, else (or once narrow) the current one."""
        if self.ids and not self._is_narrow:
            return list(self.ids)
        return [self.current] if self.current is not None else []

    def narrow(self, is_narrow: bool) -> None:
        """Mean the current one alone, as long as it alone is seen; what is selected stays so."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.changed.emit()

    def go_to(self, image_id: int | None) -> None:
        """Make one picture current and the only selected one."""
        self.anchor = image_id
        self._set(frozenset(() if image_id is None else (image_id,)), image_id)

    def point_at(self, image_id: int | None) -> None:
        """Make one current and leave what is selected."""
        self._set(self.ids, image_id)

    def toggle(self, image_id: int) -> None:
        """Take one into what is selected or out of it."""
        self.anchor = image_id
        self._set(self.ids ^ {image_id}, image_id)

    def choose(self, ids: Iterable[int], current: int | None) -> None:
        """Select just these."""
        self._set(frozenset(ids), current)

    def keep_only(self, ids: frozenset[int]) -> None:
        """Let go of what is not there any more."""
        if not self.ids <= ids:
            self._set(self.ids & ids, self.current)

    def _set(self, ids: frozenset[int], current: int | None) -> None:
        moved, changed = current != self.current, ids != self.ids
        self.ids, self.current = ids, current
        if moved:
            self.current_changed.emit()
        if moved or changed:
            self.changed.emit()
