"""A first dataset to try everything on: drawn pictures, and what a person would decide of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image as Pillow

from curator.core.caption_edits import change_captions
from curator.core.edits import Edit, reject, set_rating
from curator.core.files import write_error
from curator.core.jobs import Job
from curator.core.records import Image, Rating, RejectReason
from curator.imaging.demo_pictures import Scene, draw, scenes

TRIGGER, CLASS_WORD = "t1nb0t", "robot"
PRIMARY_SHARE = 4  # of pictures that nobody has rated, the first in so many becomes a primary


def draw_demo(job: Job, folder: Path) -> dict[str, Scene]:
    """Draw the demo's pictures into a folder; returns the scene behind each file name."""
    drawn = {}
    all_scenes = scenes()
    for done, scene in enumerate(all_scenes):
        name = f"robot-{scene.number + 1}.{scene.suffix}"
        job.progress(done, len(all_scenes), name)
        _save(draw(scene), folder / name)
        drawn[name] = scene
    return drawn


def _save(picture: Pillow.Image, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, quality=92) if path.suffix == ".jpg" else picture.save(path)
    except OSError as error:
        raise write_error(error, path) from error


def rate_drawn(images: Sequence[Image], drawn: Mapping[str, Scene]) -> list[Edit]:
    """Clear pictures become primaries, blurred ones are rejected, the rest support."""
    blurred = [image for image in images if drawn[image.name].blurred]
    clear = [image for image in images if drawn[image.name].clear]
    rest = [image for image in images if image not in blurred and image not in clear]
    return [
        set_rating(clear, Rating.PRIMARY),
        set_rating(rest, Rating.SUPPORTING),
        reject(blurred, RejectReason.BLURRY),
    ]


def caption_drawn(images: Sequence[Image], drawn: Mapping[str, Scene]) -> Edit:
    """Caption every picture with what may change in it, the trigger first."""
    captions = {image: drawn[image.name].caption(TRIGGER) for image in images}
    return change_captions(f"Caption {len(images)} images", captions)


def rate_unrated(images: Sequence[Image]) -> list[Edit]:
    """Rate what nobody has rated, for a demonstration: a quarter primary, the rest supporting."""
    unrated = [image for image in images if image.rating == Rating.UNRATED and not image.rejected]
    first = -(-len(unrated) // PRIMARY_SHARE)
    return [
        set_rating(unrated[:first], Rating.PRIMARY),
        set_rating(unrated[first:], Rating.SUPPORTING),
    ]
