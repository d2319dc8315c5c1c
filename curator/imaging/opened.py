"""Opening a picture with Pillow: by content, within the pixel limit, quietly, in any thread."""

from __future__ import annotations

import io
import re
import stat
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import BinaryIO

import pillow_heif
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    ImageFile,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    QoiImagePlugin,
    TgaImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from curator.imaging.bad_image import (
    DECODE_ERRORS,
    RAW_EXTENSIONS,
    BadImage,
    decoding,
    not_a_picture,
    raw_photo,
    shown,
    too_big,
    unreadable,
)
from curator.imaging.jxl_header import is_jxl, read_size

HEAD_BYTES = 1024
# What is safe to read, the commonest first. AVIF stands before HEIF: both accept the container's
# general brand, and libheif reads AVIF as well.
_FORMATS = (
    str(JpegImagePlugin.JpegImageFile.format),
    str(PngImagePlugin.PngImageFile.format),
    str(WebPImagePlugin.WebPImageFile.format),
    str(GifImagePlugin.GifImageFile.format),
    str(AvifImagePlugin.AvifImageFile.format),
    "HEIF",
    str(BmpImagePlugin.BmpImageFile.format),
    str(TiffImagePlugin.TiffImageFile.format),
    str(PpmImagePlugin.PpmImageFile.format),
    str(Jpeg2KImagePlugin.Jpeg2KImageFile.format),
    str(IcoImagePlugin.IcoImageFile.format),
    str(QoiImagePlugin.QoiImageFile.format),
    "JXL",
)
_TGA = str(TgaImagePlugin.TgaImageFile.format)
_TGA_EXTENSIONS = frozenset((".tga", ".icb", ".vda", ".vst"))
_TGA_FOOTER = b"TRUEVISION-XFILE.\x00"
_LOCK = threading.Lock()
_QUIET = re.compile(r"(PIL|pillow_heif|pillow_jxl)\b")


@contextmanager
def open_bytes(path: Path, data: bytes | None) -> Iterator[BinaryIO]:
    """The file at `path`, or `data` in its stead where the caller has read it already.

    Raises BadImage when the file can't be read or is no regular file.
    """
    if data is not None:
        yield io.BytesIO(data)
        return
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            raise BadImage(f"{shown(path)} is not a file.", claims=False)
        file = path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error
    with file:
        yield file


def read_head(file: BinaryIO, path: Path) -> bytes:
    """The first bytes, by which a format is told."""
    try:
        file.seek(0)
        return file.read(HEAD_BYTES)
    except OSError as error:
        raise unreadable(path, error) from error


def open_picture(file: BinaryIO, path: Path, max_pixels: int) -> ImageFile.ImageFile:
    """The picture in `file`, header read and pixels not; valid as long as the file is open.

    Raises BadImage when it is none, is damaged, or has more than `max_pixels`.
    """
    _prepare(max_pixels)
    head = read_head(file, path)
    if is_jxl(head):
        _check_jxl(file, path, max_pixels)
    formats = tuple(name for name in _FORMATS if name in Image.OPEN)
    if _is_tga(file, path, head):
        formats = (_TGA,)
    with decoding(path, max_pixels):
        picture = _open(file, formats)
    if picture is None:
        raise not_a_picture(path, head)
    if isinstance(picture, TiffImagePlugin.TiffImageFile) and _is_raw(picture, path):
        raise raw_photo(path)
    check_size(picture.size, path, max_pixels)
    return picture


def check_size(size: tuple[int, int], path: Path, max_pixels: int) -> None:
    """Raises BadImage when width x height exceeds the limit."""
    if size[0] * size[1] > max_pixels:
        raise too_big(path, max_pixels, size)


def _open(file: BinaryIO, formats: tuple[str, ...]) -> ImageFile.ImageFile | None:
    """None when none of the formats accepts the file."""
    try:
        return Image.open(file, formats=formats)
    except UnidentifiedImageError:
        if not _is_known(file):
            return None
        raise
    except DECODE_ERRORS:
        file.seek(0)
        if file.read(3) != b"\xff\xd8\xff":
            raise
        file.seek(0)
        return JpegImagePlugin.JpegImageFile(file)  # a broken index of further pictures (MPO)


def _is_raw(picture: TiffImagePlugin.TiffImageFile, path: Path) -> bool:
    """Raw files are TIFFs whose first picture is a small preview."""
    dng_version = 50706
    return path.suffix.lower() in RAW_EXTENSIONS or dng_version in picture.tag_v2


def _is_known(file: BinaryIO) -> bool:
    """Whether a format accepts the signature, so that what failed is its content."""
    file.seek(0)
    prefix = file.read(16)
    accepts = (Image.OPEN[name][1] for name in _FORMATS if name in Image.OPEN)
    return any(accept(prefix) for accept in accepts if accept)


def _is_tga(file: BinaryIO, path: Path, head: bytes) -> bool:
    """Targa has no signature: the newer ones have a footer, for the older ones the name decides."""
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - len(_TGA_FOOTER)))
    is_new = file.read() == _TGA_FOOTER
    is_old = path.suffix.lower() in _TGA_EXTENSIONS and head[1:2] in (b"\0", b"\1")
    return is_new or (is_old and not _is_known(file))


def _check_jxl(file: BinaryIO, path: Path, max_pixels: int) -> None:
    if "JXL" not in Image.OPEN:
        hint = "Install the Python package pillow-jxl-plugin."
        raise BadImage(f"{shown(path)} is JPEG XL, which this installation can't read.", hint)
    with decoding(path, max_pixels):
        size = read_size(file)
    check_size(size, path, max_pixels)


def _prepare(max_pixels: int) -> None:
    """Fit Pillow's process-wide switches; safe in any thread, because it only ever widens them.

    Pillow's own limit stays a second line of defence inside its readers, for it alone sees the
    frames of an animation before they are made. Its warnings are about what we check ourselves.
    """
    with _LOCK:
        _register()
        if Image.MAX_IMAGE_PIXELS is not None and max_pixels > Image.MAX_IMAGE_PIXELS:
            Image.MAX_IMAGE_PIXELS = max_pixels
        for category in (UserWarning, RuntimeWarning):
            if ("ignore", None, category, _QUIET, 0) not in warnings.filters:
                warnings.filterwarnings("ignore", module=_QUIET.pattern, category=category)


@cache
def _register() -> None:
    pillow_heif.register_heif_opener()
    try:
        import pillow_jxl  # noqa: F401 - registers itself; not on every platform
    except ImportError:
        return
