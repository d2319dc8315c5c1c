"""The files that say which parts of pictures count: beside them, or in a folder of masks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from trainer.errors import TrainerError
from trainer.pictures import find_pictures
from trainer.subsets import Subset

_ENDING = ".mask.png"


def is_mask(path: Path) -> bool:
    """Whether a file in a folder of pictures is the mask of another one."""
    return path.name.lower().endswith(_ENDING)


def find_mask(picture: Path, subset: Subset) -> Path | None:
    """The mask of photo.jpg: photo.mask.png beside it, else photo.* in the folder of masks.

    Raises TrainerError when the folder of masks cannot be read.
    """
    beside = picture.with_name(picture.stem + _ENDING)
    if beside.is_file():
        return beside
    folder = subset.conditioning_data_dir
    if folder is None:
        return None
    return _masks_in(folder, _changed(folder)).get(picture.stem)


@lru_cache(maxsize=64)
def _masks_in(folder: Path, _changed: int) -> dict[str, Path]:
    return {path.stem: path for path in find_pictures(folder)}


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError as error:
        raise TrainerError(f"Cannot read the folder {folder}: {error.strerror}.") from error
