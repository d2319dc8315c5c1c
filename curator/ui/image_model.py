"""The pictures on show as one array of ids; records are read as they are looked at, and bounded."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from curator.core.badges import Badge, badges_of, group_badge
from curator.core.edits import IMAGE, Edit
from curator.core.fit_words import fit_badge
from curator.core.grouping import Section
from curator.core.records import Image, Rating
from curator.core.view import ProjectView
from curator.ui.trainers_eye import TrainersEye

ROWS_PER_READ = 64  # under a millisecond
MOST_RECORDS = 4096
MOST_SEEN = 1024  # pictures that any screen shows at once
RECORD = Qt.ItemDataRole.UserRole
ID = Qt.ItemDataRole.UserRole + 1
_FLAGS = frozenset({"rejected", "removed"})  # an edit holds them as 0 and 1
Index = QModelIndex | QPersistentModelIndex


def judgement(image: Image) -> str:
    """How a picture is rated, in a word."""
    return "rejected" if image.rejected else Rating(image.rating).name.lower()


class ImageModel(QAbstractListModel):
    """A row per picture. Selection and thumbnails go by id, so no row is kept by anyone."""

    def __init__(self, project: ProjectView, eye: TrainersEye) -> None:
        super().__init__()
        self._project, self._eye = project, eye
        self._records: OrderedDict[int, Image] = OrderedDict()
        self._badges: dict[int, tuple[Badge, ...]] = {}  # of the records
        self._group_sizes: Mapping[int, int] = {}
        self._shows_badges = False
        self.ids: array[int] = array("q")
        self.sections: tuple[Section, ...] = ()
        eye.changed.connect(self._look_through_eye)

    def show(self, ids: array[int], sections: Sequence[Section] = ()) -> None:
        """Show these pictures, in this order."""
        self.beginResetModel()
        self.ids = ids
        self.sections = tuple(sections)
        self._records.clear()
        self._badges.clear()
        self.endResetModel()

    def shows_badges(self, wished: bool) -> None:
        """Whether there are badges about quality."""
        if wished != self._shows_badges:
            self._shows_badges = wished
            self.look_at_all_again()

    def show_groups(self, sizes: Mapping[int, int]) -> None:
        """In how large a group of duplicates pictures are, by id."""
        both = {*self._group_sizes, *sizes}
        changed = [i for i in both if self._group_sizes.get(i) != sizes.get(i)]
        self._group_sizes = sizes
        if self._shows_badges:
            self._tell_changed(changed)

    def _look_through_eye(self) -> None:
        self._tell_changed(self.ids)

    def badges(self, image_id: int) -> tuple[Badge, ...]:
        """The badges of a record that was looked at."""
        found = self._badges.get(image_id, ())
        number, image = self._group_sizes.get(image_id), self._records.get(image_id)
        if number and self._shows_badges:
            found = (group_badge(number), *found)
        if image is not None and self._eye.is_open:
            return (fit_badge(self._eye.fit(image)), *found)
        return found

    def record(self, row: int) -> Image | None:
        """The record in a row; None for one that is gone since."""
        image_id = self.ids[row]
        found = self._records.get(image_id)
        if found is None:
            self._read_around(row)
            found = self._records.get(image_id)
        else:
            self._records.move_to_end(image_id)
        return found

    def _read_around(self, row: int) -> None:
        first = row - row % ROWS_PER_READ
        wanted = [i for i in self.ids[first : first + ROWS_PER_READ] if i not in self._records]
        images = self._project.images(wanted)
        for image in images:
            self._records[image.id] = image
        if self._shows_badges:
            self._read_badges(images)
        while len(self._records) > MOST_RECORDS:
            dropped, _record = self._records.popitem(last=False)
            self._badges.pop(dropped, None)

    def _read_badges(self, images: Sequence[Image]) -> None:
        measures = self._project.measures(image.id for image in images)
        resolution = self._project.settings.resolution
        for image in images:
            self._badges[image.id] = badges_of(image, measures.get(image.id), resolution)

    def row_of(self, image_id: int | None) -> int:
        """The row of a picture, -1 if it is not on show."""
        if image_id is None:
            return -1
        try:
            return self.ids.index(image_id)  # ten milliseconds for a million
        except ValueError:
            return -1

    def image(self, image_id: int) -> Image | None:
        """The record of a picture, on show or not."""
        found = self._records.get(image_id)
        return found or next(iter(self._project.images([image_id])), None)

    def look_again(self, ids: Collection[int]) -> None:
        """Forget what is known of these pictures, which were edited."""
        for image_id in ids:
            self._records.pop(image_id, None)
            self._badges.pop(image_id, None)
        self._tell_changed(ids)

    def look_at_all_again(self) -> None:
        """Forget what is known of every picture."""
        self._records.clear()
        self._badges.clear()
        self._tell_changed(self.ids)

    def seen_last(self, ids: Collection[int]) -> list[Image]:
        """Of these pictures the records of those that were looked at last."""
        wanted = frozenset(ids)
        return [i for i in islice(reversed(self._records.values()), MOST_SEEN) if i.id in wanted]

    def foresee(self, edit: Edit) -> None:
        """Show pictures as an edit that is under way will leave them."""
        new: dict[int, dict[str, Any]] = {}
        for change in edit.changes:
            if change.record == IMAGE and change.id in self._records:
                value = bool(change.new) if change.field in _FLAGS else change.new
                new.setdefault(int(change.id), {})[change.field] = value
        for image_id, values in new.items():
            self._records[image_id] = replace(self._records[image_id], **values)
        self._tell_changed(new)

    def _tell_changed(self, ids: Collection[int]) -> None:
        rows = [self.row_of(i) for i in ids] if len(ids) < 10 else [0, len(self.ids) - 1]
        rows = [row for row in rows if row >= 0]
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.ids)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.ids):
            return None
        if role == ID:
            return self.ids[index.row()]
        if role not in _TEXTS and role != RECORD:
            return None
        image = self.record(index.row())
        if image is None or role == RECORD:
            return image
        meanings = [badge.meaning for badge in self.badges(image.id)]
        about = meanings if role in _WITH_BADGES else []
        return "\n".join([_TEXTS[role](image), *about])


def _spoken(image: Image) -> str:
    caption = f", {image.caption}" if image.caption else ", no caption"
    return f"{image.name}, {judgement(image)}, {image.width} by {image.height}{caption}"


_WITH_BADGES = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
_TEXTS: dict[int, Callable[[Image], str]] = {
    Qt.ItemDataRole.DisplayRole: lambda image: image.name,
    Qt.ItemDataRole.ToolTipRole: lambda image: f"{image.name}\n{image.width} x {image.height}",
    Qt.ItemDataRole.AccessibleTextRole: _spoken,
}
