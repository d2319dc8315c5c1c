"""Tags that are dragged out of a list onto pictures, which get them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractItemView
from typing_extensions import override

from curator.core.captions import split_tags
from curator.ui.context import Context
from curator.ui.tag_list import TAGS_MIME


class TagDrops(QObject):
    """Watches a view of pictures; what else is dragged there passes by."""

    dropped = Signal(list, list)  # tags, and the ids of the pictures that they are for

    def __init__(self, context: Context, pictures: QAbstractItemView) -> None:
        super().__init__(pictures)
        self._context, self._pictures = context, pictures
        pictures.viewport().setAcceptDrops(True)
        pictures.viewport().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent) or not event.mimeData().hasFormat(TAGS_MIME):
            return super().eventFilter(watched, event)
        row = self._pictures.indexAt(event.position().toPoint()).row()
        if event.type() == QEvent.Type.Drop and row >= 0:
            tags = split_tags(bytes(event.mimeData().data(TAGS_MIME).data()).decode())
            self.dropped.emit(tags, self._meant(self._context.model.ids[row]))
        # The first one decides whether any more come.
        event.setAccepted(row >= 0 or event.type() == QEvent.Type.DragEnter)
        return True

    def _meant(self, image_id: int) -> list[int]:
        """The selected ones where it is one of them, else it alone."""
        selection = self._context.selection
        return sorted(selection.ids) if image_id in selection else [image_id]
