"""Pictures dragged out of the grid: onto a set by id, into other programs as files."""

from __future__ import annotations

import json

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

from curator.ui.context import Context

IDS_MIME = "application/x-curator-image-ids"
MOST_FILES = 1000  # other programs choke on more


def start_drag(source: QWidget, context: Context) -> None:
    """Drag what is selected; ends when it was dropped."""
    ids = context.selection.meant()
    if not ids:
        return
    drag = QDrag(source)
    drag.setMimeData(mime_of(context, ids))
    drag.exec(Qt.DropAction.CopyAction)


def mime_of(context: Context, ids: list[int]) -> QMimeData:
    """What a drag of these pictures carries."""
    data = QMimeData()
    data.setData(IDS_MIME, json.dumps(ids).encode())
    root = context.project.root
    files = [root / image.path for image in context.project.images(ids[:MOST_FILES])]
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    return data


def dragged_ids(data: QMimeData) -> list[int]:
    """The ids that a drag from the grid carries; none for any other drag."""
    if not data.hasFormat(IDS_MIME):
        return []
    return [int(one) for one in json.loads(bytes(data.data(IDS_MIME).data()))]
