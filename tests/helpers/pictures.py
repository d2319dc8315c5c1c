"""Pictures drawn by code: one subject, varied by a seed, in any format and turned any way."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageDraw

# How an upright picture must be turned to be stored, by the EXIF orientation that turns it back.
_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
FOURCC = {"mp4": "mp4v", "mov": "mp4v", "mkv": "mp4v", "avi": "MJPG", "webm": "VP80"}


def draw(seed: int = 0, size: tuple[int, int] = (96, 64), *, alpha: bool = False) -> Image.Image:
    """A round creature with a hat on a coloured ground; every seed puts it elsewhere and anew.

    Mode RGB, or RGBA with a transparent ground. Top left is always darker than bottom right, so
    that a test can tell how a picture is turned.
    """
    dice = random.Random(seed)
    width, height = size
    large = Image.new("RGB", (width * 2, height * 2), _shade(dice, 150, 255))
    pen = ImageDraw.Draw(large)
    centre_x, centre_y = (width * dice.uniform(0.7, 1.3), height * dice.uniform(0.8, 1.2))
    radius = min(size) * dice.uniform(0.45, 0.7)
    body = (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius)
    pen.ellipse(body, fill=_shade(dice, 30, 200))
    for side in (-1, 1):
        eye = centre_x + side * radius * 0.35, centre_y - radius * 0.1
        pen.ellipse(_around(eye, radius * 0.18), fill="white")
        pen.ellipse(_around(eye, radius * 0.08), fill="black")
    hat = _shade(dice, 0, 120)
    pen.polygon([(body[0], body[1] + radius * 0.5), (centre_x, 0), (body[2], centre_y)], fill=hat)
    pen.rectangle((0, 0, width * 0.3, height * 0.3), fill=(10, 10, 60))
    pen.rectangle((width * 1.7, height * 1.7, width * 2, height * 2), fill=(250, 240, 200))
    picture = large.resize(size, Image.Resampling.BOX)
    if alpha:
        mask = Image.new("L", large.size, 0)
        ImageDraw.Draw(mask).ellipse(body, fill=255)
        picture.putalpha(mask.resize(size, Image.Resampling.BOX))
    return picture


def _shade(dice: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return dice.randint(low, high), dice.randint(low, high), dice.randint(low, high)


def _around(centre: tuple[float, float], radius: float) -> tuple[float, float, float, float]:
    return centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius


def photo(seed: int, size: tuple[int, int], grain: float = 3.0) -> Image.Image:
    """Detail at every scale, as in a photo, so that a JPEG of it is as large as a real one."""
    dice = np.random.default_rng(seed)
    width, height = size
    light = np.full((height, width, 3), 128, np.float32)
    for octave in range(9):
        cell = 2 ** (9 - octave)
        coarse = dice.normal(size=(height // cell + 2, width // cell + 2, 3)).astype(np.float32)
        light += cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC) * (40 * 0.62**octave)
    light += dice.normal(size=(height, width, 1)).astype(np.float32) * grain
    return Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))


def encode(picture: Image.Image, format_: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file of a Pillow format; `options` go to Pillow."""
    if format_ == "HEIF":
        pillow_heif.register_heif_opener()
    if format_ == "JXL":
        import pillow_jxl  # noqa: F401 - registers itself
    file = io.BytesIO()
    if format_ in ("JPEG", "MPO"):
        options = {"quality": 92, **options}
    picture.save(file, format_, **options)
    return file.getvalue()


def write(path: Path, picture: Image.Image | None = None, **options: Any) -> Path:
    """Write a picture (by default `draw()`) in the format that the extension names."""
    Image.init()
    format_ = options.pop("format", None) or {
        ".heic": "HEIF", ".heif": "HEIF", ".jxl": "JXL", ".tga": "TGA", ".mpo": "MPO",
    }.get(path.suffix.lower()) or Image.EXTENSION[path.suffix.lower()]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(picture or draw(), format_, **options))
    return path


def stored_for(upright: Image.Image, orientation: int) -> Image.Image:
    """The pixels a camera stores that writes this EXIF orientation."""
    how = _STORED[orientation]
    return upright if how is None else upright.transpose(how)


def exif(
    orientation: int | None = None,
    rating: int | None = None,
    taken: str = "",
    offset: str = "",
    percent: int | None = None,
) -> bytes:
    """An EXIF block; `taken` as "2024:05:06 07:08:09", `offset` as "+02:00"."""
    block = Image.Exif()
    values = {ExifTags.Base.Orientation: orientation, 0x4746: rating, 0x4749: percent}
    block.update({tag: value for tag, value in values.items() if value is not None})
    if taken:
        details = block.get_ifd(ExifTags.IFD.Exif)
        details[0x9003] = taken
        if offset:
            details[0x9011] = offset
    return block.tobytes()


def xmp(rating: object = None, keywords: Sequence[str] = (), *, elements: bool = False) -> bytes:
    """An XMP packet with a rating as attribute or as element, and keywords as dc:subject."""
    as_attribute = f' xmp:Rating="{rating}"' if rating is not None and not elements else ""
    as_element = f"<xmp:Rating>{rating}</xmp:Rating>" if rating is not None and elements else ""
    words = "".join(f"<rdf:li>{word}</rdf:li>" for word in keywords)
    subject = f"<dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject>" if keywords else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"{as_attribute}>{as_element}{subject}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def write_video(
    path: Path, pictures: Sequence[Image.Image], fps: float = 10, container: str = ""
) -> Path:
    """A video of RGB pictures of one size; the container is the extension's unless given."""
    container = container or path.suffix[1:].lower()
    made = path.with_name(f"{path.stem}.making.{container}")
    code = cv2.VideoWriter.fourcc(*FOURCC[container])
    writer = cv2.VideoWriter(str(made), cv2.CAP_FFMPEG, code, fps, pictures[0].size)
    assert writer.isOpened()
    for picture in pictures:
        writer.write(cv2.cvtColor(np.asarray(picture.convert("RGB")), cv2.COLOR_RGB2BGR))
    writer.release()
    made.replace(path)
    return path


def difference(first: Image.Image, second: Image.Image) -> float:
    """The mean difference of two pictures of one size and mode, in levels of 0 to 255."""
    assert (first.size, first.mode) == (second.size, second.mode)
    a, b = np.asarray(first).astype(int), np.asarray(second).astype(int)
    return float(np.abs(a - b).mean())
