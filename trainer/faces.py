"""Where faces are in pictures: boxes from a JSON file beside them or beside the data set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from trainer.buckets import Box
from trainer.errors import TrainerError
from trainer.subsets import Subset

NAME = "faces.json"
_FORMAT = 'It must hold {"photo.jpg": [[left, top, right, bottom]]}, in pixels.'


def find_face(picture: Path, subset: Subset, beside: Path | None) -> Box | None:
    """The largest face of a picture, in pixels of the upright picture; None where none is known.

    Pictures are named as the file of boxes sees them, by their paths from its folder, or by their
    names alone. It is `face_boxes`, else faces.json in the picture's folder or in `beside`. Raises
    TrainerError for a file that cannot be read.
    """
    for path in _files(subset, beside):
        boxes = _read(path)
        name = picture.name
        if picture.is_relative_to(path.parent):
            name = picture.relative_to(path.parent).as_posix()
        found = boxes.get(name, boxes.get(picture.name, ()))
        if found:
            return max(found, key=_area)
    return None


def _files(subset: Subset, beside: Path | None) -> list[Path]:
    if subset.face_boxes is not None:
        return [subset.face_boxes]
    folders = (subset.image_dir, beside or subset.image_dir.parent)
    return [path for folder in folders if (path := folder / NAME).is_file()]


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


@lru_cache(maxsize=16)
def _read_as_of(path: Path, _changed: int) -> Mapping[str, tuple[Box, ...]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
        return {name: tuple(_box(box) for box in boxes) for name, boxes in rows.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise TrainerError(f"The face boxes {path} cannot be read: {error}.", _FORMAT) from error


def _read(path: Path) -> Mapping[str, tuple[Box, ...]]:
    try:
        return _read_as_of(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise TrainerError(f"Cannot read {path}: {error.strerror or error}.") from error


def _box(numbers: Any) -> Box:
    left, top, right, bottom = (round(float(number)) for number in numbers)
    if not (left < right and top < bottom):
        raise ValueError(f"{numbers} is no box")
    return left, top, right, bottom
