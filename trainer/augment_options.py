"""The options that say how pictures change from showing to showing, and which parts count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.options import option


@dataclass(frozen=True, kw_only=True)
class AugmentOptions:
    """Mirroring, colours, crops by chance or around faces, and masks."""

    flip_aug: bool = option(
        False,
        "Mirror pictures",
        "Every second time, by chance, a picture is mirrored left to right; only for symmetric "
        "subjects. It does not double the steps, as some tutorials say.",
        section="aug",
    )
    color_aug: bool = option(
        False,
        "Change colours",
        "Every third time, by chance, hue or brightness change a little. Needs the latent cache "
        "off.",
        section="aug",
    )
    random_crop: bool = option(
        False,
        "Crop by chance",
        "What does not fit into the bucket is cut off at places by chance, not at both ends alike. "
        "Needs the latent cache off.",
        section="aug",
    )
    face_crop_aug_range: str = option(
        "",
        "Crop around faces",
        'Such as "2.0,4.0": pictures with a known face are cut so that they are 2 to 4 times as '
        "large as the face. Needs the latent cache off. (sd-scripts does it only without buckets, "
        "and reads faces from the names of files.)",
        section="aug",
    )
    face_boxes: Path | None = option(
        None,
        "Face boxes",
        'A JSON file of {"photo.jpg": [[left, top, right, bottom]]} in pixels of the upright '
        "picture. Without it, faces.json is looked for in the folder and beside the data set.",
        section="aug",
    )
    alpha_mask: bool = option(
        False,
        "Masks in the transparency",
        "Where a picture is transparent it counts less in the loss, and is seen as if it were not. "
        "Curator's export asks for it by itself in folders with masked pictures.",
        section="aug",
    )
    conditioning_data_dir: Path | None = option(
        None,
        "Mask folder",
        "Holds masks named as the pictures: white counts, black does not. A photo.mask.png beside "
        "photo.jpg is read too, without being asked for.",
        section="aug",
    )


def face_range(text: str) -> tuple[float, float]:
    """ "2.0,4.0" as numbers. Raises ValueError for anything else."""
    low, high = (float(part) for part in text.split(","))
    if not 1 <= low <= high < float("inf"):
        raise ValueError(text)
    return low, high
