"""What a camera wrote into a picture, as lines for people."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import ExifTags

from curator.imaging.bad_image import DECODE_ERRORS
from curator.imaging.opened import open_bytes, open_picture, read_head
from curator.imaging.video import video_format

LONGEST = 200  # characters of one value; a file may come from anywhere

_Tags = Mapping[int, Any]
_BASE, _EXIF = ExifTags.Base, ExifTags.IFD


def exif_facts(path: Path, max_pixels: int) -> list[tuple[str, str]]:
    """(label, value) of what EXIF says, values short and printable; of a video nothing.

    Raises BadImage when the file is no picture, is damaged, or has more than `max_pixels`.
    """
    with open_bytes(path, None) as file:
        if video_format(read_head(file, path)):
            return []
        picture = open_picture(file, path, max_pixels)
        try:
            exif = picture.getexif()
            tags: _Tags = {**exif, **exif.get_ifd(_EXIF.Exif)}
            position = exif.get_ifd(_EXIF.GPSInfo)
        except DECODE_ERRORS:
            return []
    rows = [(label, _safely(read, tags)) for label, read in _ROWS]
    rows.append(("Position", _safely(_position, position)))
    return [(label, value) for label, value in rows if value]


def _safely(read: Callable[[_Tags], str], tags: _Tags) -> str:
    """Values of odd kinds and sizes say nothing, instead of being an error."""
    try:
        text = read(tags)
    except (TypeError, ValueError, ArithmeticError, LookupError):
        return ""
    shown = "".join(char if char.isprintable() else " " for char in text[: 2 * LONGEST])
    shown = " ".join(shown.split())
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _text(tag: int) -> Callable[[_Tags], str]:
    def read(tags: _Tags) -> str:
        value = tags.get(tag, "")
        if isinstance(value, bytes):
            value = value[: 2 * LONGEST].decode("utf-8", "replace")
        return value.strip("\0 ") if isinstance(value, str) else ""

    return read


def _number(tags: _Tags, tag: int) -> float | None:
    """A positive, finite number; None for anything else."""
    value = tags.get(tag)
    if isinstance(value, tuple):
        value = value[0]
    number = float(value) if value is not None else math.nan
    return number if math.isfinite(number) and number > 0 else None


def _camera(tags: _Tags) -> str:
    make, model = _text(_BASE.Make)(tags), _text(_BASE.Model)(tags)
    return model if model.casefold().startswith(make.casefold()) else f"{make} {model}"


def _exposure(tags: _Tags) -> str:
    seconds = _number(tags, _BASE.ExposureTime)
    if seconds is None:
        return ""
    return f"{seconds:g} s" if seconds >= 0.4 else f"1/{1 / seconds:.0f} s"


def _measure(tag: int, form: str) -> Callable[[_Tags], str]:
    def read(tags: _Tags) -> str:
        number = _number(tags, tag)
        return "" if number is None else form.format(number)

    return read


def _focal(tags: _Tags) -> str:
    length = _measure(_BASE.FocalLength, "{:.4g} mm")(tags)
    alike = _measure(_BASE.FocalLengthIn35mmFilm, "{:.0f} mm")(tags)
    return f"{length} (like {alike})" if length and alike else length


def _position(gps: _Tags) -> str:
    parts = []
    for tag, mark, negative in (
        (ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S"),
        (ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W"),
    ):
        degrees, minutes, seconds = (float(part) for part in gps[tag])
        value = degrees + minutes / 60 + seconds / 3600
        if not math.isfinite(value):
            return ""
        parts.append(f"{-value if gps.get(mark) == negative else value:.5f}")
    return ", ".join(parts)


_ROWS: tuple[tuple[str, Callable[[_Tags], str]], ...] = (
    ("Camera", _camera),
    ("Lens", _text(_BASE.LensModel)),
    ("Exposure", _exposure),
    ("Aperture", _measure(_BASE.FNumber, "f/{:.2g}")),
    ("ISO", _measure(_BASE.ISOSpeedRatings, "{:.0f}")),
    ("Focal length", _focal),
    ("Software", _text(_BASE.Software)),
    ("Author", _text(_BASE.Artist)),
    ("Copyright", _text(_BASE.Copyright)),
    ("Description", _text(_BASE.ImageDescription)),
)
