"""Steps that change a picture's frame: turned, straightened, cropped, resized and padded."""

from __future__ import annotations

import math

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageColor

from curator.core.geometry import Size, covering, placed
from curator.core.steps import Crop, Pad, Resize, Straighten, Turn, Upscale

_QUARTERS = {
    1: Pillow.Transpose.ROTATE_270,  # Pillow counts anticlockwise
    2: Pillow.Transpose.ROTATE_180,
    3: Pillow.Transpose.ROTATE_90,
}
EDGE, BLUR, TRANSPARENT = "edge", "blur", "transparent"
BLURRED = 0.03  # the sigma of a blurred border as a share of the longer side
_COARSE_PX = 256  # a picture of this side is blurred as well as the whole one, and at once


def turn(step: Turn, picture: Pillow.Image) -> Pillow.Image:
    """Mirrored, then turned by quarters; every pixel stays what it is."""
    if step.mirrored:
        picture = picture.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT)
    how = _QUARTERS.get(step.quarters % 4)
    return picture if how is None else picture.transpose(how)


def straighten(step: Straighten, picture: Pillow.Image) -> Pillow.Image:
    """Turned about its middle, with cubic interpolation, and cropped to what is full."""
    width, height = step.size_after(picture.size)
    angle = math.radians(step.degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    middle_x, middle_y = (picture.width - 1) / 2, (picture.height - 1) / 2
    x, y = (width - 1) / 2, (height - 1) / 2
    # From what is made to the picture; clockwise where y points down.
    back = np.array(
        [
            [cosine, sine, middle_x - cosine * x - sine * y],
            [-sine, cosine, middle_y + sine * x - cosine * y],
        ]
    )
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    made = cv2.warpAffine(
        np.asarray(picture), back, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return Pillow.fromarray(made)


def crop(step: Crop, picture: Pillow.Image) -> Pillow.Image:
    """What lies in the box."""
    return picture.crop(step.box(picture.size))


def resize(step: Resize, picture: Pillow.Image) -> Pillow.Image:
    """At another size, by Lanczos."""
    return resized(picture, step.size_after(picture.size))


def upscale(step: Upscale, picture: Pillow.Image) -> Pillow.Image:
    """Enlarged by Lanczos, which needs no model."""
    return resized(picture, step.size_after(picture.size))


def resized(picture: Pillow.Image, size: Size) -> Pillow.Image:
    """At another size, by Lanczos; transparent pixels lend no colour to their neighbours."""
    if picture.size == size:
        return picture
    if picture.mode != "RGBA":
        return picture.resize(size, Pillow.Resampling.LANCZOS)
    return picture.convert("RGBa").resize(size, Pillow.Resampling.LANCZOS).convert("RGBA")


def pad(step: Pad, picture: Pillow.Image) -> Pillow.Image:
    """With borders of a colour, of its own edge, or of itself enlarged and blurred."""
    size = step.size_after(picture.size)
    box = placed(picture.size, size, step.x, step.y)
    if step.fill == EDGE:
        right, bottom = size[0] - box.right, size[1] - box.bottom
        made = cv2.copyMakeBorder(
            np.asarray(picture), box.top, bottom, box.left, right, cv2.BORDER_REPLICATE
        )
        return Pillow.fromarray(made)
    if step.fill == BLUR:
        ground = blurred_cover(picture, size)
    elif step.fill == TRANSPARENT:
        ground = Pillow.new("RGBA", size, (0, 0, 0, 0))
        picture = picture.convert("RGBA")
    else:
        colour = ImageColor.getrgb(step.fill)
        opaque = (*colour[:3], 255) if picture.mode == "RGBA" else colour[:3]
        ground = Pillow.new(picture.mode, size, opaque)
    ground.paste(picture, (box.left, box.top))
    return ground


def blurred_cover(picture: Pillow.Image, size: Size) -> Pillow.Image:
    """The picture enlarged to cover a size, and blurred."""
    coarse = max(1.0, max(size) / _COARSE_PX)
    small = max(round(size[0] / coarse), 1), max(round(size[1] / coarse), 1)
    cover = covering(picture.size, small)
    box = placed(small, cover)
    cut = resized(picture, cover).crop(box)
    sigma = BLURRED * max(small)
    blurred = cv2.GaussianBlur(np.asarray(cut), (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return Pillow.fromarray(blurred).resize(size, Pillow.Resampling.BICUBIC)
