"""The files of an image that are the project's own, and so may go to the trash with it.

A project may come from a stranger: what its records only claim to lie in `images/`, by a path or a
link that leads out, is never named here.
"""

from __future__ import annotations

import stat
from pathlib import Path

from curator.core.mirror_files import KINDS, copy_name, mirror_name
from curator.core.records import Image


def copy_size(images_dir: Path, image: Image) -> int:
    """The bytes of the project's own copy; 0 where it is gone or can't be looked at."""
    try:
        path = _own(images_dir, copy_name(image))
        return path.stat().st_size if path else 0
    except OSError:
        return 0


def own_files(images_dir: Path, image: Image) -> list[Path]:
    """The files there are: the mirrors, then the copy. Raises OSError when one can't be looked at.

    None where the copy is gone: it goes last, and what bears its name since is another image's.
    None for a crop, which has no file.
    """
    if image.parent_id is not None:
        return []
    name = copy_name(image)
    copy = _own(images_dir, name)
    if name and copy is None:
        return []
    mirrors = (_own(images_dir, mirror_name(image, kind)) for kind in KINDS)
    return [path for path in (*mirrors, copy) if path]


def _own(images_dir: Path, name: str) -> Path | None:
    """The ordinary file of this name, if the folder is no link that leads elsewhere."""
    path = images_dir / name
    try:
        is_file = stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    real = images_dir.parent.resolve() / images_dir.name / name
    return path if is_file and path.resolve() == real else None
