"""Videos through OpenCV's FFmpeg: what they are by content, and their frames."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
from PIL import Image

from curator.imaging.bad_image import damaged, decoding
from curator.imaging.opened import check_size

_MOVIE_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PICTURE_BRANDS = tuple(
    b"avif avis heic heix heim heis hevc hevx hevm hevs mif1 msf1 miaf jxl  crx ".split(b" ")
)
_SAME_MS = 0.25  # times nearer than this are one
_LIKELY_FPS = 25.0  # where the file names no rate


def video_format(head: bytes) -> str | None:
    """The container that begins with `head`: mp4, mov, webm, mkv or avi; None for anything else."""
    if head[4:8] == b"ftyp":
        return _movie_format(head[8:12])
    if head[4:8] in _MOVIE_BOXES and head[0] < 2:
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in head[:64] else "mkv"
    return "avi" if head.startswith(b"RIFF") and head[8:12] == b"AVI " else None


def _movie_format(brand: bytes) -> str | None:
    if brand in _PICTURE_BRANDS or brand[:3] in (b"jp2", b"jpx", b"jxl", b"crx"):
        return None
    return "mov" if brand == b"qt  " else "mp4"


@contextmanager
def open_video(path: Path, max_pixels: int) -> Iterator[cv2.VideoCapture]:
    """A reader of an existing file that `video_format` knows; it turns frames upright itself.

    Raises BadImage when it can't be decoded or its frames have more than `max_pixels`.
    """
    # What is wrong is said by us; both would write to the terminal.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    # Never without naming FFmpeg: another back end takes a % in the name for a series of files.
    with decoding(path, max_pixels):
        capture = cv2.VideoCapture(str(path.absolute()), cv2.CAP_FFMPEG)
    try:
        if not capture.isOpened():
            raise damaged(path)
        check_size(video_size(capture), path, max_pixels)
        yield capture
    finally:
        capture.release()


def video_size(capture: cv2.VideoCapture) -> tuple[int, int]:
    """Width and height in pixels, upright."""
    return int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))


def frame_count(capture: cv2.VideoCapture) -> int:
    """The number of frames that the header promises, at least 1."""
    return max(1, int(capture.get(cv2.CAP_PROP_FRAME_COUNT)))


def video_frames(path: Path, max_pixels: int, every_s: float) -> Iterator[tuple[int, Image.Image]]:
    """Frame numbers from 0 and RGB pictures, one per `every_s` seconds of running time.

    Raises BadImage when not even the first frame can be decoded.
    """
    with open_video(path, max_pixels) as capture:
        fps = frame_rate(capture)
        number, due_s = 0, 0.0
        while capture.grab():
            if number / fps + 1e-6 >= due_s:
                yield number, retrieved(capture, path, max_pixels)
                due_s = number / fps + every_s
            number += 1
        if number == 0:
            raise damaged(path)


def frames_at(
    path: Path, max_pixels: int, moments_ms: Sequence[float]
) -> Iterator[tuple[int, Image.Image]]:
    """Frame numbers from 0 and RGB pictures of the frames at these times, in their order.

    Times are those that `VideoReader` gives; frames are counted as `video_frames` counts them.
    """
    wanted = {round(moment / _SAME_MS) for moment in moments_ms}
    with open_video(path, max_pixels) as capture:
        number = 0
        while wanted and capture.grab():
            moment = round(moment_of(capture, number) / _SAME_MS)
            if moment in wanted:
                wanted.discard(moment)
                yield number, retrieved(capture, path, max_pixels)
            number += 1


def moment_of(capture: cv2.VideoCapture, number: int) -> float:
    """When the frame that was grabbed is shown, in milliseconds; by its number where none says."""
    moment = float(capture.get(cv2.CAP_PROP_POS_MSEC))
    if moment > 0 or number == 0:
        return max(moment, 0.0)
    return 1000 * number / frame_rate(capture)


def frame_rate(capture: cv2.VideoCapture) -> float:
    """Frames per second, a likely number where the file names none."""
    fps = float(capture.get(cv2.CAP_PROP_FPS))
    return fps if 0 < fps < 1000 else _LIKELY_FPS


def first_frame(path: Path, max_pixels: int) -> Image.Image:
    """The first frame in RGB; raises BadImage when it can't be decoded."""
    with open_video(path, max_pixels) as capture:
        if not capture.grab():
            raise damaged(path)
        return retrieved(capture, path, max_pixels)


def retrieved(capture: cv2.VideoCapture, path: Path, max_pixels: int) -> Image.Image:
    """The frame that was grabbed, in RGB. Raises BadImage."""
    with decoding(path, max_pixels):
        found, pixels = capture.retrieve()
        if not found or pixels is None:
            raise damaged(path)
        check_size((pixels.shape[1], pixels.shape[0]), path, max_pixels)
        return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
