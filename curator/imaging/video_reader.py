"""A video opened like a picture: any frame by its number, forwards and backwards."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import cv2
from PIL import Image

from curator.imaging.bad_image import damaged
from curator.imaging.video import frame_count, frame_rate, moment_of, open_video, retrieved

KEPT_BYTES = 192 << 20  # of decoded frames, most of a second of full HD
_BEHIND = 12  # frames that are decoded on the way to one that lies behind
_NEAR = 60  # frames ahead up to which decoding all is quicker than looking for a key frame


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame: its number from 0, when it is shown, in milliseconds, and its picture in RGB."""

    number: int
    moment_ms: float
    picture: Image.Image


class VideoReader:
    """Reads frames of one video; used by one thread at a time, and closed by whoever opened it.

    Numbers are right where frames follow each other evenly; `moment_ms` names a frame in any case.
    """

    def __init__(self, path: Path, max_pixels: int) -> None:
        """Raises BadImage when it is no video that can be decoded."""
        self._path, self._max_pixels = path, max_pixels
        self._open = ExitStack()
        self._capture = self._open.enter_context(open_video(path, max_pixels))
        self._kept: OrderedDict[int, Shown] = OrderedDict()
        self._kept_bytes = 0
        self._next = 0  # the number of the frame that is grabbed next
        self.count = frame_count(self._capture)
        self.fps = frame_rate(self._capture)

    def close(self) -> None:
        """Let go of the file."""
        self._open.close()

    def read(self, number: int) -> Shown:
        """A frame, or the last one where there are not so many. Raises BadImage for none at all."""
        number = min(max(number, 0), self.count - 1)
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        if not self._next <= number <= self._next + _NEAR:
            self._seek(max(number - _BEHIND, 0) if number < self._next else number)
        while self._next <= number:
            if not self._capture.grab():
                return self._last()
            at, self._next = self._next, self._next + 1
            if number - at <= _BEHIND:
                self._keep(at)
        return self._kept[number]

    def _seek(self, number: int) -> None:
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, number)
        self._next = number

    def _keep(self, number: int) -> None:
        picture = retrieved(self._capture, self._path, self._max_pixels)
        self._kept[number] = Shown(number, moment_of(self._capture, number), picture)
        self._kept_bytes += picture.width * picture.height * 3
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            _number, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= dropped.picture.width * dropped.picture.height * 3

    def _last(self) -> Shown:
        """The file ends before its header says so."""
        if self._next == 0:
            raise damaged(self._path)
        self.count = self._next
        last = self._next - 1
        if last in self._kept:
            return self._kept[last]
        self._seek(max(last - _BEHIND, 0))
        if not self._capture.grab():
            raise damaged(self._path)
        self._next += 1
        self._keep(self._next - 1)
        return self.read(last)
