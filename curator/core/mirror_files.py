"""The files in which captions and ratings are mirrored: their names, and what they should hold."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

from curator.core.ratings import NUMBERS, RatingNumbers, judged
from curator.core.records import Image
from curator.core.xmp import new_sidecar, with_rating

CAPTION, RATING = "caption", "rating"
KINDS = (CAPTION, RATING)
SUFFIXES = {CAPTION: ".txt", RATING: ".xmp"}
_FOLDER = "images"


def copy_name(image: Image) -> str:
    """The name in `images/` of the project's own copy, "" for a picture that lies elsewhere."""
    path = PurePosixPath(image.path)
    # A backslash, which no copy's name has, would lead out of the folder on Windows.
    is_copy = str(path.parent) == _FOLDER and path.name != ".." and "\\" not in path.name
    return path.name if is_copy else ""


def is_copy(image: Image) -> bool:
    """Whether a picture's file is a copy of the project's own."""
    return bool(copy_name(image))


def mirror_name(image: Image, kind: str) -> str:
    """The name in `images/` of a picture's mirror: beside its copy, or by id where it has none."""
    name = copy_name(image)
    if not name:
        return f"{image.id}{SUFFIXES[kind]}"
    return f"{PurePosixPath(name).stem}.txt" if kind == CAPTION else f"{name}.xmp"


def content(image: Image, kind: str, there: bytes | None, numbers: RatingNumbers) -> bytes | None:
    """What a mirror should hold in the place of `there`, which is ours; None for no file.

    An empty caption has no file, for sd-scripts dies of one. An XMP file exists once there is a
    rating, and keeps what other programs have added to it.
    """
    if kind == CAPTION:
        return image.caption.encode() if image.caption.strip() else None
    number = numbers.number(judged(image))
    if there is None or there in _OURS_ALONE:
        return new_sidecar(number) if number else None
    return with_rating(there, number)


def stops_trainers(caption: bytes) -> bool:
    """Whether sd-scripts would end at this caption file: it is empty, or not in UTF-8."""
    try:
        return not caption.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return True


_OURS_ALONE = {new_sidecar(number) for number in (0, *NUMBERS)}


def digest(data: bytes | None) -> str:
    """What is remembered of a mirror's content; "" for no file."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def path_of(images_dir: Path, image: Image, kind: str) -> Path:
    """Where a mirror lies."""
    return images_dir / mirror_name(image, kind)
