"""The cache of small pictures, named by what each was made from, so that none is ever stale."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image as Pillow

from curator.core.files import write_atomic, write_error
from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.imaging.made_steps import delete_steps
from curator.imaging.render import flatten, render_small

SIDE_PX = 256
LARGE_PX = 768  # for large cells on screens of high density; made when first asked for
_QUALITY = 88
_SHA256 = re.compile("[0-9a-f]{64}")


def thumbnail_path(
    cache_dir: Path, sha256: str, frame: int, recipe_key: str = "", side_px: int = SIDE_PX
) -> Path:
    """Where the thumbnail of a source's frame lies, as changed by the recipe of that key.

    Thumbnails are spread over 256 folders, which keeps each of them quick to list.
    """
    parts = [sha256, str(frame), *filter(None, [recipe_key])]
    if side_px != SIDE_PX:
        parts.append(f"{side_px}px")
    return cache_dir / "thumbnails" / sha256[:2] / f"{'-'.join(parts)}.jpg"


def path_for(image: Image, cache_dir: Path, side_px: int = SIDE_PX) -> Path:
    """Where the thumbnail of a picture lies, as it is shown now."""
    key = Recipe.from_json(image.recipe).key()
    return thumbnail_path(cache_dir, image.sha256, image.frame, key, side_px)


def make_thumbnail(
    image: Image, root: Path, cache_dir: Path, max_pixels: int, side_px: int = SIDE_PX
) -> Path:
    """Make the thumbnail of a picture; returns where it lies.

    Raises BadImage when the picture can't be decoded any more, UserError for the disk.
    """
    path = path_for(image, cache_dir, side_px)
    write_thumbnail(path, render_small(image, root, side_px, max_pixels), side_px)
    return path


def write_thumbnail(path: Path, picture: Pillow.Image, side_px: int = SIDE_PX) -> None:
    """Scale the picture down to `side_px` a side at most and write it as JPEG, alpha over white.

    Raises UserError when it can't be written.
    """
    small = picture.copy() if max(picture.size) > side_px else picture
    small.thumbnail((side_px, side_px))
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
    delete_steps(cache_dir, sha256, frame)
