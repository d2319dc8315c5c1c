"""Steps that change part of a picture: regions as masks, healed, blurred, painted over; colours."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageColor

from curator.core.geometry import Box, Size
from curator.core.regions import Ellipse, Point, Polygon, Region, Shape
from curator.core.steps import Adjust, Blur, Heal, Paint

Mask: TypeAlias = NDArray[np.float32]
Pixels: TypeAlias = NDArray[np.uint8]
_SHIFT = 4  # OpenCV draws at sixteenths of a pixel
_HEALED_PX = 5  # the radius from which OpenCV's inpainting takes its colours
_MARGIN_PX = 32  # of picture around a region that is healed
_FINE = 1 << _SHIFT


def mask_of(region: Region, size: Size) -> Mask:
    """How much of each pixel a region covers, of shape (height, width), from 0 to 1."""
    mask: Mask = np.zeros((size[1], size[0]), np.float32)
    for shape in region:
        drawn = _drawn(shape, size).astype(np.float32) / 255
        if shape.erases:
            mask *= 1 - drawn
        else:
            np.maximum(mask, drawn, out=mask)
    return mask


def _drawn(shape: Shape, size: Size) -> Pixels:
    width, height = size
    layer = np.zeros((height, width), np.uint8)
    if isinstance(shape, Ellipse):
        centre = _fine((shape.x, shape.y), size)
        axes = round(shape.radius_x * width * _FINE), round(shape.radius_y * height * _FINE)
        cv2.ellipse(layer, centre, axes, 0, 0, 360, 255, -1, cv2.LINE_AA, _SHIFT)
        return layer
    points = np.array([_fine(point, size) for point in shape.points], np.int32)
    if not len(points):
        return layer
    if isinstance(shape, Polygon):
        cv2.fillPoly(layer, [points], 255, cv2.LINE_AA, _SHIFT)
        return layer
    across = max(round(shape.size * max(size)), 1)
    if len(points) == 1:
        cv2.circle(layer, points[0].tolist(), across * _FINE // 2, 255, -1, cv2.LINE_AA, _SHIFT)
    else:
        cv2.polylines(layer, [points], False, 255, across, cv2.LINE_AA, _SHIFT)
    if shape.hardness < 1:
        sigma = max((1 - shape.hardness) * across / 4, 0.1)
        layer = cv2.GaussianBlur(layer, (0, 0), sigma).astype(np.uint8)
    return layer


def _fine(point: Point, size: Size) -> tuple[int, int]:
    """In sixteenths of pixels; a pixel's middle has whole coordinates in OpenCV."""
    x, y = point[0] * size[0] - 0.5, point[1] * size[1] - 0.5
    most = 4 * max(size)  # what lies far outside covers nothing, and must not overflow
    return round(min(max(x, -most), most) * _FINE), round(min(max(y, -most), most) * _FINE)


def heal(step: Heal, picture: Pillow.Image) -> Pillow.Image:
    """The region filled from around it (Telea, "An Image Inpainting Technique", 2004)."""
    mask = mask_of(step.region, picture.size)
    box = _around(mask)
    if box is None:
        return picture
    part = np.ascontiguousarray(_rgb(picture)[box.top : box.bottom, box.left : box.right])
    wanted = (mask[box.top : box.bottom, box.left : box.right] > 0).astype(np.uint8)
    if wanted.all():
        return picture  # nothing is left to fill it from
    filled = cv2.inpaint(part, wanted, _HEALED_PX, cv2.INPAINT_TELEA)
    whole = _rgb(picture).copy()
    whole[box.top : box.bottom, box.left : box.right] = filled
    return _blended(picture, whole, mask)


def blur(step: Blur, picture: Pillow.Image) -> Pillow.Image:
    """The region blurred by a Gaussian, or in blocks of one colour."""
    mask = mask_of(step.region, picture.size)
    if _around(mask) is None:
        return picture
    pixels = _rgb(picture)
    length = max(step.strength * max(picture.size), 1.0)
    if step.pixelate:
        return _blended(picture, _in_blocks(pixels, length), mask)
    return _blended(picture, _blurred(pixels, length), mask)


def _in_blocks(pixels: Pixels, side: float) -> Pixels:
    height, width = pixels.shape[:2]
    few = max(round(width / side), 1), max(round(height / side), 1)
    small = cv2.resize(pixels, few, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST).astype(np.uint8)


def _blurred(pixels: Pixels, sigma: float) -> Pixels:
    """A wide blur is made of a smaller picture: it has nothing fine."""
    height, width = pixels.shape[:2]
    coarse = max(1.0, sigma / 4)
    small = max(round(width / coarse), 1), max(round(height / coarse), 1)
    pixels = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA).astype(np.uint8)
    pixels = cv2.GaussianBlur(pixels, (0, 0), sigma / coarse).astype(np.uint8)
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)


def paint(step: Paint, picture: Pillow.Image) -> Pillow.Image:
    """The region in one colour."""
    mask = mask_of(step.region, picture.size)
    colour = np.array(ImageColor.getrgb(step.colour)[:3], np.uint8)
    return _blended(picture, np.broadcast_to(colour, _rgb(picture).shape), mask)


def adjust(step: Adjust, picture: Pillow.Image) -> Pillow.Image:
    """Denoised (non-local means), then exposure in linear light, contrast, saturation."""
    pixels = _rgb(picture)
    if step.denoise > 0:
        pixels = cv2.fastNlMeansDenoisingColored(
            pixels, None, 10 * step.denoise, 10 * step.denoise, 7, 15
        ).astype(np.uint8)
    pixels = cv2.LUT(pixels, _tones(step.exposure, step.contrast)).astype(np.uint8)
    if step.saturation:
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None].astype(np.float32)
        pixels = _whole(grey + (1 + step.saturation) * (pixels - grey))
    return _with_alpha(picture, pixels)


def _tones(exposure: float, contrast: float) -> Pixels:
    """256 values: sRGB to linear light (IEC 61966-2-1), times 2^exposure, back; then contrast."""
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear * 2.0**exposure, 0, 1)
    value = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return _whole(255 * (0.5 + (1 + contrast) * (value - 0.5)))


def _around(mask: Mask) -> Box | None:
    """The box of what a mask covers with a margin, None where it covers nothing."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return Box(
        max(int(columns[0]) - _MARGIN_PX, 0),
        max(int(rows[0]) - _MARGIN_PX, 0),
        min(int(columns[-1]) + 1 + _MARGIN_PX, mask.shape[1]),
        min(int(rows[-1]) + 1 + _MARGIN_PX, mask.shape[0]),
    )


def _blended(picture: Pillow.Image, over: Pixels, mask: Mask) -> Pillow.Image:
    under = _rgb(picture).astype(np.float32)
    share = mask[..., None]
    return _with_alpha(picture, _whole(under + share * (over - under)))


def _rgb(picture: Pillow.Image) -> Pixels:
    pixels: Pixels = np.asarray(picture)[..., :3]
    return pixels


def _with_alpha(picture: Pillow.Image, pixels: Pixels) -> Pillow.Image:
    made = Pillow.fromarray(pixels)
    if picture.mode == "RGBA":
        made.putalpha(picture.getchannel("A"))
    return made


def _whole(values: NDArray[np.floating]) -> Pixels:
    whole: Pixels = np.clip(values + 0.5, 0, 255).astype(np.uint8)
    return whole
