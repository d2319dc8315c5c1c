"""What heavy steps gave, kept in the project's cache: masks of cut-outs, pictures of upscales.

A file is named by the source and the recipe up to and including the step, so that none is ever
stale. What takes a background's place is no part of a mask's name: another is laid in at once.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.core.files import read_error, write_atomic, write_error
from curator.core.recipe import MOST_PIXELS, Recipe
from curator.core.records import Image
from curator.core.steps import PICTURE, CutOut, Step, is_heavy
from curator.imaging.bad_image import DECODE_ERRORS, BadImage
from curator.imaging.cutout import replace_background
from curator.imaging.opened import open_picture
from curator.imaging.retouch import Mask

FOLDER = "steps"
_LEVELS = {"L": 1}  # of PNG; pictures are stored as they are, which is read four times as fast
_SHA256 = re.compile("[0-9a-f]{64}")
_MOST = MOST_PIXELS**2


@dataclass(frozen=True, slots=True)
class MadeSteps:
    """The kept results of one picture's heavy steps; a step is named by its place in the recipe."""

    cache_dir: Path
    image: Image
    recipe: Recipe

    def missing(self) -> tuple[int, ...]:
        """The places of steps that have to be made before the picture can be shown as it is."""
        start = self._start()
        return tuple(
            place
            for place, step in self._heavy()
            if place >= start and not all(path.is_file() for path in self._needed(place, step))
        )

    def last_whole(self) -> tuple[int, Pillow.Image] | None:
        """The picture from which on the rest is to be done, and the place of its next step."""
        for place, step in reversed(list(self._heavy())):
            if not isinstance(step, CutOut):
                picture = _read(self._path(place, step))
                if picture is not None:
                    return place + 1, picture
        return None

    def make(self, place: int, step: Step, picture: Pillow.Image) -> Pillow.Image | None:
        """What the step makes of a picture, which may be smaller than the whole; None if unmade."""
        if not isinstance(step, CutOut):
            return _read(self._path(place, step))
        mask = self.mask(place)
        behind: Pillow.Image | None = None
        if step.fill.startswith(PICTURE):
            behind = kept_behind(self.cache_dir, step.fill.removeprefix(PICTURE))
            if behind is None:
                return None
        if mask is None:
            return None
        if mask.shape[::-1] != picture.size:
            small = Pillow.fromarray(mask).resize(picture.size, Pillow.Resampling.BOX)
            mask = np.asarray(small)
        return replace_background(step, picture, mask, lambda _sha256: behind or picture)

    def mask(self, place: int) -> Mask | None:
        """What a cut-out takes for the subject, (height, width) from 0 to 1; None if unmade."""
        found = _read(self._path(place, self.recipe.steps[place]))
        levels = None if found is None else np.asarray(found.convert("L"), np.float32)
        return None if levels is None else levels / np.float32(255)

    def keep_mask(self, place: int, mask: Mask) -> None:
        """Keep what a cut-out takes for the subject. Raises UserError."""
        levels = (np.clip(mask, 0, 1) * 255 + 0.5).astype(np.uint8)
        _write(self._path(place, self.recipe.steps[place]), Pillow.fromarray(levels))

    def keep(self, place: int, picture: Pillow.Image) -> None:
        """Keep what an upscale gives. Raises UserError."""
        _write(self._path(place, self.recipe.steps[place]), picture)

    def keep_behind(self, sha256: str, picture: Pillow.Image) -> None:
        """Keep a picture that takes a background's place. Raises UserError."""
        _write(behind_path(self.cache_dir, sha256), picture)

    def lacks_behind(self, step: CutOut) -> str:
        """The sha256 of the picture to be laid behind that is not kept yet, or ""."""
        sha256 = step.fill.removeprefix(PICTURE)
        is_wanted = step.fill.startswith(PICTURE)
        return sha256 if is_wanted and not behind_path(self.cache_dir, sha256).is_file() else ""

    def _heavy(self) -> Iterator[tuple[int, Step]]:
        for place, step in enumerate(self.recipe.steps):
            if is_heavy(step) and not step.off:
                yield place, step

    def _start(self) -> int:
        """The place after the last upscale that is kept."""
        whole = [place for place, step in self._heavy() if not isinstance(step, CutOut)]
        kept = (p for p in reversed(whole) if self._path(p, self.recipe.steps[p]).is_file())
        return next(kept, -1) + 1

    def _needed(self, place: int, step: Step) -> Iterator[Path]:
        yield self._path(place, step)
        if isinstance(step, CutOut) and step.fill.startswith(PICTURE):
            yield behind_path(self.cache_dir, step.fill.removeprefix(PICTURE))

    def _path(self, place: int, step: Step) -> Path:
        alike = replace(step, fill="") if isinstance(step, CutOut) else step
        key = Recipe((*self.recipe.steps[:place], alike)).key()
        return _folder(self.cache_dir, self.image.sha256) / (
            f"{self.image.sha256}-{self.image.frame}-{key}.png"
        )


def behind_path(cache_dir: Path, sha256: str) -> Path:
    """Where a picture is kept that takes a background's place."""
    return _folder(cache_dir, sha256) / f"{sha256}-behind.png"


def kept_behind(cache_dir: Path, sha256: str) -> Pillow.Image | None:
    """The picture that takes a background's place, None where it is not kept yet."""
    return _read(behind_path(cache_dir, sha256))


def delete_steps(cache_dir: Path, sha256: str, frame: int) -> None:
    """Delete what was made of a source's frame. Raises OSError."""
    if _SHA256.fullmatch(sha256):
        for path in _folder(cache_dir, sha256).glob(f"{sha256}-{frame}-*.png"):
            path.unlink(missing_ok=True)


def _folder(cache_dir: Path, sha256: str) -> Path:
    if not _SHA256.fullmatch(sha256):  # a record that was tampered with may lead anywhere
        raise UserError("A picture's record is damaged.", "Import it again.")
    return cache_dir / FOLDER / sha256[:2]


def _read(path: Path) -> Pillow.Image | None:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise read_error(error, path) from error
    with file:
        try:
            picture = open_picture(file, path, _MOST)
            picture.load()
            return picture
        except (BadImage, *DECODE_ERRORS):
            pass  # cut off by a power cut; it is made again
    path.unlink(missing_ok=True)
    return None


def _write(path: Path, picture: Pillow.Image) -> None:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=_LEVELS.get(picture.mode, 0))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, path.parent) from error
    write_atomic(path, file.getvalue(), durable=False)
