"""What is said of a file that gives no picture, and how decoders' many errors become that."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
from PIL import Image

from curator.core.errors import UserError

# What Pillow's and OpenCV's readers raise on odd input; a fuzzed file finds every one of these.
DECODE_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    RuntimeError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
    cv2.error,
)
RAW_EXTENSIONS = frozenset(
    (
        ".3fr",
        ".arw",
        ".cr2",
        ".cr3",
        ".crw",
        ".dng",
        ".erf",
        ".iiq",
        ".kdc",
        ".mef",
        ".mos",
        ".mrw",
        ".nef",
        ".nrw",
        ".orf",
        ".pef",
        ".raf",
        ".raw",
        ".rw2",
        ".rwl",
        ".sr2",
        ".srf",
        ".srw",
        ".x3f",
    )
)
VIDEO_EXTENSIONS = frozenset(
    (
        ".3g2",
        ".3gp",
        ".asf",
        ".avi",
        ".flv",
        ".m2ts",
        ".m4v",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".ogv",
        ".ts",
        ".webm",
        ".wmv",
    )
)
PICTURE_EXTENSIONS = frozenset(
    (
        ".apng",
        ".avif",
        ".avifs",
        ".bmp",
        ".cur",
        ".dib",
        ".exr",
        ".gif",
        ".hdr",
        ".heic",
        ".heics",
        ".heif",
        ".heifs",
        ".hif",
        ".ico",
        ".icns",
        ".j2k",
        ".jfif",
        ".jif",
        ".jp2",
        ".jpe",
        ".jpeg",
        ".jpf",
        ".jpg",
        ".jpx",
        ".jxl",
        ".mpo",
        ".pbm",
        ".pcx",
        ".pfm",
        ".pgm",
        ".pict",
        ".png",
        ".pnm",
        ".ppm",
        ".psb",
        ".psd",
        ".qoi",
        ".sgi",
        ".svg",
        ".tga",
        ".tif",
        ".tiff",
        ".webp",
        ".xcf",
    )
)
_CLAIMING = RAW_EXTENSIONS | VIDEO_EXTENSIONS | PICTURE_EXTENSIONS


class BadImage(UserError):
    """A file that gives no picture.

    `claims` is False when it neither is a picture or video nor has the extension of one, so that
    nobody expected one from it.
    """

    def __init__(self, message: str, hint: str = "", *, claims: bool = True) -> None:
        super().__init__(message, hint)
        self.claims = claims


def shown(path: Path) -> str:
    """A file's name fit for a sentence: no line breaks or bytes that are no text."""
    return "".join(char if char.isprintable() else "?" for char in path.name)


def too_big(path: Path, max_pixels: int, size: tuple[int, int] | None = None) -> BadImage:
    """The refusal of a picture over the limit; `size` in pixels where the header could be read."""
    has = f"has {size[0] * size[1] / 1e6:,.0f} megapixels" if size else "is too large"
    return BadImage(
        f"{shown(path)} {has}; the limit is {max_pixels / 1e6:g} megapixels.",
        "If you trust the file, raise max_megapixels in the project's settings.",
    )


def damaged(path: Path) -> BadImage:
    """The refusal of a file that starts like a picture or video and can't be decoded."""
    hint = "Download or copy it again, or convert it to JPEG or PNG."
    return BadImage(f"{shown(path)} is damaged, or of a kind that cannot be decoded.", hint)


def unreadable(path: Path, error: OSError) -> BadImage:
    """The refusal of a file that the system does not let us read."""
    if isinstance(error, PermissionError):
        hint = "Change the permissions of the file."
        return BadImage(f"{shown(path)} cannot be opened: permission is denied.", hint)
    if isinstance(error, FileNotFoundError):
        hint = "It may have been moved or deleted."
        return BadImage(f"{shown(path)} does not exist.", hint, claims=claims(path))
    return BadImage(f"{shown(path)} cannot be read: {error.strerror or error}.", "Check the disk.")


def not_a_picture(path: Path, head: bytes) -> BadImage:
    """The refusal of a file in none of the formats that are read; `head`: its first bytes."""
    name, extension = shown(path), path.suffix.lower()
    if not head:
        return BadImage(f"{name} is empty.", "Download or copy it again.", claims=claims(path))
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in text:
        hint = "The download went wrong; open its page in a browser and save the picture again."
        return BadImage(f"{name} is a web page, not a picture.", hint, claims=claims(path))
    if extension in RAW_EXTENSIONS:
        return raw_photo(path)
    if not claims(path):
        return BadImage(f"{name} is not a picture.", claims=False)
    hint = "Convert it to JPEG or PNG, or download it again if it should be one."
    return BadImage(f"{name} is not a picture or video that can be read.", hint)


def raw_photo(path: Path) -> BadImage:
    """The refusal of a camera's raw file, of which only the small preview could be read."""
    hint = "Develop it to JPEG or TIFF first."
    return BadImage(f"{shown(path)} is a camera's raw file, which is not supported.", hint)


def claims(path: Path) -> bool:
    """Whether the extension promises a picture or a video."""
    return path.suffix.lower() in _CLAIMING


@contextmanager
def decoding(path: Path, max_pixels: int) -> Iterator[None]:
    """Turn whatever a decoder raises in the block into a BadImage; nothing else belongs there."""
    try:
        yield
    except BadImage:
        raise
    except Image.DecompressionBombError as error:
        raise too_big(path, max_pixels) from error
    except DECODE_ERRORS as error:
        raise damaged(path) from error
