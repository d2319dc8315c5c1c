"""Any pixels Pillow can hold, as 8-bit sRGB with or without alpha; colour profiles through lcms."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageCms

# The modes that lcms takes, by the colour space that a profile may declare for them.
_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}
_SAME_LEVELS = (
    2  # Editions of sRGB by several makers differ by no more; converting would only cost.
)


@dataclass(frozen=True, slots=True)
class _Conversion:
    """What a profile asks for: a transform, or none, because it is sRGB or has a problem."""

    transform: ImageCms.ImageCmsTransform | None
    problem: str = ""


def to_srgb(picture: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """The picture as 8-bit sRGB in mode RGB, or RGBA where it has alpha, and warnings.

    A profile that is broken or made for another kind of colour is left out with a warning. 16-bit
    and float samples are scaled to 8 bits.
    """
    profile = picture.info.get("icc_profile")
    colours, alpha = _split_alpha(_to_8_bit(picture))
    warnings: tuple[str, ...] = ()
    if profile:
        colours, warnings = _apply(bytes(profile), colours)
    # Pillow copies where there is nothing to convert, and lets no other thread work meanwhile.
    is_rgb = colours.mode == "RGB"
    colours = colours._new(colours.im) if is_rgb else colours.convert("RGB")
    if alpha is not None:
        colours.putalpha(alpha)
    return colours, warnings


def is_srgb(picture: Image.Image) -> bool:
    """Whether `to_srgb` would leave the colours of a picture in mode RGB as they are."""
    profile = picture.info.get("icc_profile")
    return not profile or _conversion(bytes(profile), picture.mode).transform is None


def _apply(profile: bytes, colours: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    conversion = _conversion(profile, colours.mode)
    if conversion.problem:
        return colours, (conversion.problem,)
    if conversion.transform is None:
        return colours, ()
    return conversion.transform.apply(colours), ()


@lru_cache(maxsize=32)
def _conversion(profile: bytes, mode: str) -> _Conversion:
    """Cached, because pictures share few profiles; a transform may be used by many threads."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != _SPACES[mode]:
            return _Conversion(None, "its colour profile is for other colours and was left out")
        transform = ImageCms.buildTransform(source, _srgb(), mode, "RGB")
    except (OSError, ImageCms.PyCMSError):
        return _Conversion(None, "its colour profile is broken and was left out")
    return _Conversion(None if _changes_nothing(transform, mode) else transform)


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    if mode != "RGB":
        return False
    levels = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), -1).reshape(27, 27, 3)
    after = np.asarray(transform.apply(Image.fromarray(grid)))
    return int(np.abs(after.astype(int) - grid).max()) <= _SAME_LEVELS


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _split_alpha(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Colours in a mode that lcms takes, and the alpha channel."""
    if picture.mode in ("RGBA", "LA"):
        return picture.convert(picture.mode[:-1]), picture.getchannel("A")
    if picture.mode not in _SPACES:
        return picture.convert("RGB"), None
    return picture, None


def _to_8_bit(picture: Image.Image) -> Image.Image:
    """One of the modes L, LA, RGB, RGBA, CMYK, LAB, YCbCr, HSV."""
    mode = picture.mode
    if mode.startswith("I") or mode == "F":
        return _scaled(picture)
    if mode == "CMYK" and picture.format in ("JPEG", "MPO") and "adobe" not in picture.info:
        return ImageChops.invert(picture)  # Pillow takes every one for Adobe's, stored inverted.
    if "transparency" in picture.info:
        return _with_alpha(picture)
    if mode == "1":
        return picture.convert("L")
    if mode in ("P", "PA", "RGBa"):
        opaque = mode == "P" and (picture.palette is None or picture.palette.mode == "RGB")
        return picture.convert("RGB" if opaque else "RGBA")
    return picture.convert("RGB") if mode == "RGBX" else picture


def _with_alpha(picture: Image.Image) -> Image.Image:
    """Apply a transparent colour; of 16-bit samples Pillow keeps 8 bits, of their key all."""
    key = picture.info["transparency"]
    if isinstance(key, tuple) and max(key) > 255:
        picture = picture.copy()
        picture.info["transparency"] = tuple(value >> 8 for value in key)
    return picture.convert("RGBA")


def _scaled(picture: Image.Image) -> Image.Image:
    """Gray of more than 8 bits in mode L, or LA where one value is transparent."""
    samples = np.nan_to_num(np.asarray(picture).astype(np.float32), posinf=0, neginf=0)
    tags: Mapping[int, Any] = getattr(picture, "tag_v2", {})
    mode = "I;16" if picture.format == "PPM" and picture.mode == "I" else picture.mode
    low, high = _range(mode, samples, tags.get(258, (0,))[0])
    gray = np.clip((samples - low) * (255 / (high - low)) + 0.5, 0, 255).astype(np.uint8)
    if tags.get(262) == 0:  # "white is zero"
        gray = 255 - gray
    result = Image.fromarray(gray)
    key = picture.info.get("transparency")
    if isinstance(key, int):
        result.putalpha(Image.fromarray(np.where(samples == key, 0, 255).astype(np.uint8)))
    return result


def _range(mode: str, samples: np.ndarray[Any, Any], bits: int) -> tuple[float, float]:
    """What is black and what is white: the format's full range, else the range of the samples."""
    if mode.startswith("I;16"):
        return 0, 4095 if bits == 12 else 65535
    if mode == "F":
        whites: tuple[float, ...] = (1, 255, 65535)
    elif bits == 16:  # with a sign, for Pillow has another mode for those without
        whites = (255, 32767, 65535)
    else:
        whites = (255, 65535)
    low, high = float(samples.min()), float(samples.max())
    return next(((0, white) for white in whites if low >= 0 and high <= white), (low, high))
