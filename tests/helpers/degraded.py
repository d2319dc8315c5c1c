"""Pictures made worse on purpose, by known amounts."""

from __future__ import annotations

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.helpers.pictures import encode


def gray_of(picture: Image.Image) -> NDArray[np.float32]:
    """The brightness of a picture, as measures look at it."""
    rgb = np.asarray(picture.convert("RGB"))
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)


def levels_of(picture: Image.Image) -> NDArray[np.uint8]:
    """The brightness of a picture in whole levels."""
    return gray_of(picture).round().astype(np.uint8)


def fine(seed: int, size: tuple[int, int]) -> Image.Image:
    """Detail down to single pixels: noise of a spectrum that falls as photos' do, 1 / f^1.2."""
    width, height = size
    dice = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, np.newaxis], np.fft.rfftfreq(width))
    frequency[0, 0] = 1
    planes = []
    for _ in range(3):
        spectrum = np.fft.rfft2(dice.normal(size=(height, width))) * frequency**-1.2
        plane = np.fft.irfft2(spectrum, s=(height, width))
        planes.append(plane / plane.std())
    levels = 128 + 45 * (planes[0][..., np.newaxis] + 0.3 * np.stack(planes, axis=-1))
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def noisy(picture: Image.Image, levels: float) -> Image.Image:
    """With white noise of that deviation."""
    clean = np.asarray(picture, np.float32)
    dirty = clean + np.random.default_rng(7).normal(0, levels, clean.shape)
    return Image.fromarray(np.clip(dirty, 0, 255).astype(np.uint8))


def blurred(picture: Image.Image, sigma_px: float) -> Image.Image:
    """Out of focus all over."""
    return picture.filter(ImageFilter.GaussianBlur(sigma_px)) if sigma_px else picture


def enlarged(
    picture: Image.Image, times: float, how: Image.Resampling = Image.Resampling.BICUBIC
) -> Image.Image:
    """With more pixels and no more detail."""
    return picture.resize((round(picture.width * times), round(picture.height * times)), how)


def as_jpeg(picture: Image.Image, quality: int, **options: object) -> Image.Image:
    """What is left of it after such a JPEG."""
    with Image.open(io.BytesIO(encode(picture, "JPEG", quality=quality, **options))) as file:
        file.load()
        return file


def written_on(
    picture: Image.Image, words: str, size_px: int = 28, alpha: int = 255
) -> Image.Image:
    """With a line of text across it."""
    over = Image.new("RGBA", picture.size)
    pen = ImageDraw.Draw(over)
    font = ImageFont.load_default(size_px)
    pen.text((20, picture.height // 2), words, font=font, fill=(255, 255, 255, alpha))
    return Image.alpha_composite(picture.convert("RGBA"), over).convert("RGB")


def framed(picture: Image.Image, top_px: int, side_px: int = 0) -> Image.Image:
    """In a black letterbox."""
    size = picture.width + 2 * side_px, picture.height + 2 * top_px
    frame = Image.new("RGB", size)
    frame.paste(picture, (side_px, top_px))
    return frame


def screenshot(size: tuple[int, int] = (900, 700)) -> Image.Image:
    """A drawn window with menus, boxes and text."""
    picture = Image.new("RGB", size, (245, 245, 245))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, size[0], 40), fill=(50, 60, 70))
    for row in range(8):
        top = 70 + row * 75
        pen.rectangle((30, top, size[0] - 40, top + 55), fill="white", outline=(140, 140, 150))
        pen.text((50, top + 15), f"Line {row} of a list in a window", fill=(20, 20, 20))
    return picture
