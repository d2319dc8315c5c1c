"""All measures of a picture from one decode of its file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageFile, JpegImagePlugin

from curator.core.measures import Measures
from curator.core.records import Measured
from curator.imaging.borders import border, content_box
from curator.imaging.decoded import decode
from curator.imaging.descriptor import describe
from curator.imaging.faces import FaceFinder
from curator.imaging.jpeg_traces import blocking, quality_of_tables
from curator.imaging.lettering import text
from curator.imaging.noise import noise
from curator.imaging.opened import open_bytes, open_picture, read_head
from curator.imaging.pages import page
from curator.imaging.render import flatten
from curator.imaging.sharpness import sharpness
from curator.imaging.spectrum import upscaled
from curator.imaging.tiles import Gray
from curator.imaging.tones import clipped, colourfulness, contrast, hue
from curator.imaging.video import first_frame, video_format

TRAINED_PIXELS = 1 << 20  # about what training sees of a picture
_PICKED_PX = 512  # a side, of the pixels that colours are told from
Rgb = NDArray[np.uint8]
Levels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Views:
    """A decoded picture in the forms that measures look at.

    `rgb`, `gray`: at its own size; `framed`: at most about a megapixel. Without plain borders:
    `small`, `small_gray`: at most about a megapixel; `picked`: some of its own pixels.
    """

    rgb: Rgb
    gray: Levels
    framed: Rgb
    small: Rgb
    small_gray: Gray
    picked: Rgb


def measure_file(
    image_id: int, path: Path, max_pixels: int, faces: FaceFinder | None = None
) -> Measured:
    """Measure the first frame of a file, as it is in the file. Raises BadImage, and UserError.

    Without a `faces` finder there are no numbers about them.
    """
    with open_bytes(path, None) as file:
        if video_format(read_head(file, path)):
            return measure_picture(image_id, first_frame(path, max_pixels), None, faces)
        opened = open_picture(file, path, max_pixels)
        quality = jpeg_quality(opened)
        return measure_picture(image_id, decode(opened, path, max_pixels).picture, quality, faces)


def jpeg_quality(opened: ImageFile.ImageFile) -> float | None:
    """The quality that a file's tables tell; None for one that is no JPEG."""
    if not isinstance(opened, JpegImagePlugin.JpegImageFile):
        return None
    return quality_of_tables(opened.quantization)


def measure_picture(
    image_id: int,
    picture: Pillow.Image,
    quality: float | None,
    faces: FaceFinder | None = None,
) -> Measured:
    """Measure decoded pixels, upright and sRGB; `quality` as `jpeg_quality` gives it."""
    seen = views_of(picture)
    noisy = noise(seen.small_gray)
    found = faces.find(seen.framed) if faces else None
    measures = Measures(
        sharpness=sharpness(seen.small_gray, noisy),
        jpeg_quality=quality,
        blocking=blocking(seen.gray),
        upscaled=upscaled(seen.gray),
        noise=noisy,
        clipped=clipped(seen.picked),
        contrast=contrast(seen.small_gray),
        colourfulness=colourfulness(seen.picked),
        border=border(seen.framed),
        text=text(seen.small_gray.astype(np.uint8)),
        page=page(seen.rgb, seen.small_gray),
        faces=None if found is None else float(found.count),
        face=None if found is None else found.largest,
    )
    return Measured(image_id, measures, hue(seen.picked), describe(seen.small))


def views_of(picture: Pillow.Image) -> Views:
    """The forms of a picture that measures look at; alpha is laid over white."""
    rgb = np.asarray(picture if picture.mode == "RGB" else flatten(picture, "white"))
    framed = _at_most(rgb, TRAINED_PIXELS)
    left, top, right, bottom = content_box(framed)
    small = np.ascontiguousarray(framed[top:bottom, left:right])
    times = rgb.shape[1] / framed.shape[1]
    inner = rgb[
        round(top * times) : math.ceil(bottom * times),
        round(left * times) : math.ceil(right * times),
    ]
    return Views(
        rgb,
        np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8),
        framed,
        small,
        cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32),
        np.ascontiguousarray(
            inner[:: max(1, inner.shape[0] // _PICKED_PX), :: max(1, inner.shape[1] // _PICKED_PX)]
        ),
    )


def _at_most(rgb: Rgb, pixels: int) -> Rgb:
    """Scaled down to so many pixels by averaging, never enlarged."""
    height, width = rgb.shape[:2]
    scale = math.sqrt(pixels / (width * height))
    if scale >= 1:
        return rgb
    size = max(1, round(width * scale)), max(1, round(height * scale))
    times = int(1 / scale)
    if times > 1:  # averaging a whole number of pixels is five times as fast
        whole = rgb[: height // times * times, : width // times * times]
        fewer = width // times, height // times
        rgb = np.asarray(cv2.resize(whole, fewer, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
