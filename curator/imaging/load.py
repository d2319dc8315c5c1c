"""Any picture or video a scraper meets, as upright sRGB; what a file is decides, not its name.

Each function takes the file's path and, where the caller has read the file already, its bytes in
`data`; the path then only names it. A video is read from its path even so. Safe in any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFile

from curator.imaging.bad_image import DECODE_ERRORS, BadImage
from curator.imaging.decoded import allow_scaling, decode, decode_small, orientation
from curator.imaging.metadata import Embedded, embedded_in
from curator.imaging.opened import open_bytes, open_picture, read_head
from curator.imaging.video import first_frame, frame_count, open_video, video_format, video_size

__all__ = ["BadImage", "Examined", "Probe", "examine", "load", "metadata", "probe"]

FRAMES_UNREADABLE = "damaged: only the frames before the damage can be read"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file's header says.

    `format`: Pillow's name in lower case, of a video its container (mp4, mov, webm, mkv, avi).
    `width`, `height`: pixels, upright. `taken`: seconds since 1970, UTC.
    """

    format: str
    width: int
    height: int
    frames: int
    taken: float | None
    warnings: tuple[str, ...]
    is_video: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """All that an import wants to know of a file, from one reading of it."""

    probe: Probe
    embedded: Embedded
    small: Image.Image


def probe(path: Path, max_pixels: int, data: bytes | None = None) -> Probe:
    """What the file is, without decoding its pixels (but for PNGs, whose EXIF may follow them).

    Raises BadImage when it is no picture or video, or larger than `max_pixels`.
    """
    with open_bytes(path, data) as file:
        if container := video_format(read_head(file, path)):
            return _probe_video(path, container, max_pixels)
        picture = open_picture(file, path, max_pixels)
        return _Header(picture).probe(embedded_in(picture), ())


def metadata(path: Path, max_pixels: int) -> Embedded:
    """What the file carries about itself, of a video nothing; decodes only PNGs.

    Raises BadImage as `probe` does.
    """
    with open_bytes(path, None) as file:
        if video_format(read_head(file, path)):
            return Embedded()
        return embedded_in(open_picture(file, path, max_pixels))


def load(
    path: Path,
    max_pixels: int,
    data: bytes | None = None,
    least: tuple[int, int] | None = None,
) -> Image.Image:
    """The first frame with all its pixels in mode RGB, or RGBA where it has alpha.

    `least`: a width and height that will do, to which a JPEG may be scaled while it is decoded, by
    a power of two. A truncated file gives what is there. Raises BadImage as `probe` does, and when
    it can't be decoded.
    """
    with open_bytes(path, data) as file:
        if video_format(read_head(file, path)):
            return first_frame(path, max_pixels)
        picture = open_picture(file, path, max_pixels)
        if least is not None:
            allow_scaling(picture, least)
        return decode(picture, path, max_pixels).picture


def examine(path: Path, max_side: int, max_pixels: int, data: bytes | None = None) -> Examined:
    """What it is, what it carries and a small picture of it, in one opening.

    The picture is no wider or higher than `max_side` pixels and never enlarged; JPEGs are scaled
    while they are decoded. `data`: the file's bytes where they have been read. Raises BadImage.
    """
    with open_bytes(path, data) as file:
        if container := video_format(read_head(file, path)):
            found = _probe_video(path, container, max_pixels)
            return Examined(found, Embedded(), _small_video(path, max_side, max_pixels))
        picture = open_picture(file, path, max_pixels)
        header = _Header(picture)
        small = decode_small(picture, file, path, max_side, max_pixels)
        embedded = embedded_in(picture)
        found = header.probe(embedded, small.warnings)
        return Examined(found, embedded, small.picture)


class _Header:
    """What is known of a picture before its pixels are decoded, some of which decoding changes."""

    def __init__(self, picture: ImageFile.ImageFile) -> None:
        self._picture = picture
        self._size = picture.size
        self._warnings: tuple[str, ...] = ()
        self._frames = 1
        try:
            self._frames = max(1, getattr(picture, "n_frames", 1))
        except DECODE_ERRORS:
            self._frames = max(1, picture.tell() + 1)
            self._warnings = (FRAMES_UNREADABLE,)

    def probe(self, embedded: Embedded, warnings: tuple[str, ...]) -> Probe:
        """The whole answer; asks for the orientation last: a PNG's may follow its pixels."""
        width, height = self._size
        if orientation(self._picture) >= 5:
            width, height = height, width
        return Probe(
            (self._picture.format or "").lower(),
            width,
            height,
            self._frames,
            embedded.taken,
            self._warnings + embedded.warnings + warnings,
            is_video=False,
        )


def _probe_video(path: Path, container: str, max_pixels: int) -> Probe:
    with open_video(path, max_pixels) as capture:
        width, height = video_size(capture)
        return Probe(container, width, height, frame_count(capture), None, (), is_video=True)


def _small_video(path: Path, max_side: int, max_pixels: int) -> Image.Image:
    picture = first_frame(path, max_pixels)
    picture.thumbnail((max_side, max_side))
    return picture
