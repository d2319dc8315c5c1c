"""Which large pictures a view needs, and when: what is seen at once, its neighbours before long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from curator.core.records import Image
from curator.ui.canvas import Canvas
from curator.ui.picture_provider import PictureProvider, Wish
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.view_state import ViewState

REST_MS = 300  # on a picture, after which zooming into it is likely
SETTLE_MS = 80  # after a change of size
THUMBNAIL_PX = 256  # what an import has made already


class PictureWishes(QObject):
    """Wishes for the pictures on some canvases: the size of the screen first, then every pixel."""

    def __init__(
        self,
        canvases: Sequence[Canvas],
        pictures: PictureProvider,
        thumbnails: ThumbnailProvider,
        state: ViewState,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._canvases, self._pictures, self._thumbnails = canvases, pictures, thumbnails
        self._near: Sequence[Image] = ()
        self._has_rested = self._was_enlarged = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._rested)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._wish)
        state.changed.connect(self._look_closer)
        for canvas in canvases:
            canvas.resized.connect(self._settle.start)

    def follow(self, near: Sequence[Image] = ()) -> None:
        """Wish for what the canvases show now, and then for the pictures around it."""
        self._near = near
        self._has_rested = False
        self._rest.start()
        self._wish()
        seen = [image for image, _canvas in self._seen()]
        small = [i for i in (*seen, *near) if self._thumbnails.any_size(i) is None]
        self._thumbnails.wish("large", small, THUMBNAIL_PX)

    def stop(self) -> None:
        """Wish no more: the view is hidden."""
        self._rest.stop()
        self._settle.stop()

    def _seen(self) -> list[tuple[Image, Canvas]]:
        return [(canvas.image, canvas) for canvas in self._canvases if canvas.image is not None]

    def _rested(self) -> None:
        self._has_rested = True
        self._wish()

    def _look_closer(self) -> None:
        if self._is_enlarged() and not self._was_enlarged:
            self._wish()

    def _is_enlarged(self) -> bool:
        return any(canvas.is_enlarged for _image, canvas in self._seen())

    def _wish(self) -> None:
        seen = self._seen()
        if not any(canvas.isVisible() for _image, canvas in seen):
            return
        self._was_enlarged = self._is_enlarged()
        wishes = [Wish(image, canvas.fitted_side(image)) for image, canvas in seen]
        if self._has_rested or self._was_enlarged:
            wishes += [Wish(image) for image, _canvas in seen]
        first = seen[0][1]
        wishes += [Wish(image, first.fitted_side(image)) for image in self._near]
        if self._was_enlarged:
            wishes += [Wish(image) for image in self._near[:1]]
        self._pictures.wish(wishes, share=len(seen) + bool(self._near))
