"""What a project's trash holds: the images that are removed, and what they take on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curator.core.mirror_files import copy_name
from curator.core.own_files import copy_size
from curator.core.records import Image


@dataclass(frozen=True, slots=True)
class Trash:
    """What is removed: images with a copy of the project's own, images in place, and crops.

    Crops have no file. `size_bytes`: of the copies that are there.
    """

    ids: tuple[int, ...]
    copies: int
    in_place: int
    size_bytes: int
    crops: int = 0


def trash_of(removed: Sequence[Image], images_dir: Path) -> Trash:
    """Count removed images; asks the disk for the size of every copy."""
    sources = [image for image in removed if image.parent_id is None]
    copies = [image for image in sources if copy_name(image)]
    return Trash(
        tuple(image.id for image in removed),
        copies=len(copies),
        in_place=len(sources) - len(copies),
        size_bytes=sum(copy_size(images_dir, image) for image in copies),
        crops=len(removed) - len(sources),
    )
