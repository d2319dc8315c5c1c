"""The cache of 256-pixel pictures, named by what each was made from, so that none is ever stale."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image

from curator.core.files import write_atomic, write_error
from curator.imaging.render import flatten

SIDE_PX = 256
_QUALITY = 88
_SHA256 = re.compile("[0-9a-f]{64}")


def thumbnail_path(cache_dir: Path, sha256: str, frame: int, recipe_key: str = "") -> Path:
    """Where the thumbnail of a source's frame lies, as changed by the recipe of that key.

    Thumbnails are spread over 256 folders, which keeps each of them quick to list.
    """
    parts = [sha256, str(frame), recipe_key] if recipe_key else [sha256, str(frame)]
    return cache_dir / "thumbnails" / sha256[:2] / f"{'-'.join(parts)}.jpg"


def write_thumbnail(path: Path, picture: Image.Image) -> None:
    """Scale the picture down to at most 256 x 256 and write it as JPEG, alpha over white.

    Raises UserError when it can't be written.
    """
    small = picture.copy() if max(picture.size) > SIDE_PX else picture
    small.thumbnail((SIDE_PX, SIDE_PX))
    target = io.BytesIO()
    flatten(small, "white").save(target, "JPEG", quality=_QUALITY)
    try:
        if not path.parent.is_dir():  # asking costs a twentieth of making it in vain
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, path.parent) from error
    write_atomic(path, target.getvalue(), durable=False)


def delete_thumbnails(cache_dir: Path, sha256: str, frame: int) -> None:
    """Delete what was made of a source's frame, by whichever recipe. Raises OSError."""
    if not _SHA256.fullmatch(sha256):
        return  # a record that was tampered with may lead anywhere
    plain = thumbnail_path(cache_dir, sha256, frame)
    for path in (plain, *plain.parent.glob(f"{plain.stem}-*.jpg")):
        path.unlink(missing_ok=True)
