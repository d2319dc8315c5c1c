"""Projects for the window's benchmarks: many records with thumbnails, and large photos."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from projects import filled

from curator.core.edits import set_rating
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.records import Rating
from curator.imaging.demo_pictures import draw, scenes
from curator.imaging.thumbnails import path_for
from curator.tasks.import_images import import_images

POOL = 500  # different thumbnails; a hundred thousand names are linked to them
TAGS_EACH = 8
PHOTO_SIZE = (6000, 4000)
PHOTOS = 24


def many(root: Path, rows: int) -> Path:
    """A project of `rows` records, each with a thumbnail in the cache."""
    with filled(root, rows, TAGS_EACH) as project:
        pool = _pool(root / "cache" / "pool")
        for start in range(1, rows + 1, 10_000):
            images = project.images(range(start, min(rows + 1, start + 10_000)))
            for image in images:
                place = path_for(image, project.cache_dir)
                place.parent.mkdir(parents=True, exist_ok=True)
                os.link(pool[image.id % POOL], place)
    return root


def _pool(folder: Path) -> list[Path]:
    folder.mkdir(parents=True)
    shapes = ((256, 192), (192, 256), (256, 256), (256, 144), (171, 256))
    made = []
    for number in range(POOL):
        picture = _grainy(shapes[number % len(shapes)], number)
        made.append(folder / f"{number}.jpg")
        picture.save(made[-1], quality=88)
    return made


def _grainy(size: tuple[int, int], seed: int, coarse: int = 8) -> Pillow.Image:
    """Blots of colour with grain, about as large as a photo when encoded."""
    dice = np.random.default_rng(seed)
    width, height = size
    blots = dice.integers(0, 255, (height // coarse + 1, width // coarse + 1, 3), np.uint8)
    smooth = np.asarray(Pillow.fromarray(blots).resize(size, Pillow.Resampling.BICUBIC), np.int16)
    grain = dice.integers(-12, 12, (height, width, 1), np.int16)
    return Pillow.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8))


def large_photos(root: Path, folder: Path) -> Path:
    """A project of photos of 24 megapixels."""
    folder.mkdir(parents=True)
    one = _grainy(PHOTO_SIZE, 1, coarse=40)
    for number in range(PHOTOS):
        moved = np.roll(np.asarray(one), number * 97, axis=1)
        Pillow.fromarray(moved).save(folder / f"photo {number:02d}.jpg", quality=90)
    return _imported(root, folder)


def to_train(root: Path, folder: Path) -> Path:
    """A small project that is ready to be trained on."""
    folder.mkdir(parents=True)
    for scene in scenes():
        draw(scene).resize((256, 256)).save(folder / f"{scene.number}.png")
    _imported(root, folder)
    with Project.open(root) as project:
        project.change_settings({"trigger": "t1nb0t", "class": "robot", "resolution": "256"})
        project.apply(set_rating(project.images(project.select("id:1..12")), Rating.PRIMARY))
    return root


def _imported(root: Path, folder: Path) -> Path:
    with Project.create(root) as project:
        import_images(Job(), project, [folder])
    return root


def kept(folder: Path, name: str, make: Callable[[Path], Path]) -> Path:
    """The project of that name in a folder, made unless it is there from another time."""
    root = folder / name
    return root if (root / "project.db").exists() else make(root)
