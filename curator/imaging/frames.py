"""The frames of animations, multi-page files and videos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import imagehash
from PIL import Image, ImageFile

from curator.imaging.bad_image import BadImage, decoding
from curator.imaging.decoded import decode
from curator.imaging.load import Probe
from curator.imaging.opened import check_size, open_bytes, open_picture
from curator.imaging.video import video_frames

# Bits of a 64-bit perceptual hash. Measured on 60 photos: copies coded again at quality 20 to 80
# differ by up to 4, copies shifted by a twentieth of their width by 8 and more.
NEAR_IDENTICAL_BITS = 4


def frames(
    path: Path, probe: Probe, every: float, max_pixels: int
) -> Iterator[tuple[int, Image.Image]]:
    """Frame numbers, counted from 0, and pictures as `load` gives them.

    Every `every`th frame; of a video one every `every` seconds, without those that look like the
    one before. Raises BadImage when not even the first can be decoded; ends early where the file
    is damaged further on.
    """
    if probe.is_video:
        yield from _unlike_neighbours(video_frames(path, max_pixels, every))
        return
    with open_bytes(path, None) as file:
        picture = open_picture(file, path, max_pixels)
        yield 0, decode(picture, path, max_pixels).picture.copy()  # the next takes its place
        step = max(1, round(every))
        for number in range(step, probe.frames, step):
            try:
                yield number, _frame(picture, number, path, max_pixels)
            except BadImage:
                return


def _frame(picture: ImageFile.ImageFile, number: int, path: Path, max_pixels: int) -> Image.Image:
    with decoding(path, max_pixels):
        picture.seek(number)
    check_size(picture.size, path, max_pixels)
    return decode(picture, path, max_pixels).picture.copy()


def _unlike_neighbours(
    found: Iterator[tuple[int, Image.Image]],
) -> Iterator[tuple[int, Image.Image]]:
    last: imagehash.ImageHash | None = None
    for number, picture in found:
        now = imagehash.phash(picture)
        if last is None or now - last > NEAR_IDENTICAL_BITS:
            last = now
            yield number, picture
