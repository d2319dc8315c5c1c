"""A labelled benchmark of copies, made from any folder of photos.

Run: python bench/duplicate_pictures.py PHOTOS OUT [--seed 7] [--most 150]. Every photo gets copies
edited in one way or in several after another; `labels.json` holds file -> [photo, what was done].
Different photos are the hard negatives, those of one subject and one place above all.
"""

from __future__ import annotations

import argparse
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path

from duplicate_edits import (
    Edit,
    bordered,
    boxed,
    chain,
    coloured,
    cropped,
    cut_side,
    flipped,
    noisy,
    overlaid,
    resized,
    same,
    screenshot,
    soft,
    squared,
    stretched,
    thumbnail,
    turned,
)
from PIL import Image, ImageOps

LONG_PX = 1400  # of a photo before it is edited

# Kind, name, edit, file format, quality.
Row = tuple[str, str, Edit, str, int]
ROWS: Sequence[Row] = (
    ("reencoded", "jpeg 75", same, "JPEG", 75),
    ("reencoded", "jpeg 30", same, "JPEG", 30),
    ("reencoded", "jpeg 12", same, "JPEG", 12),
    ("converted", "png", same, "PNG", 0),
    ("converted", "webp 60", same, "WEBP", 60),
    ("converted", "gif", same, "GIF", 0),
    ("resized", "half", resized(0.5), "JPEG", 85),
    ("resized", "quarter", resized(0.25), "JPEG", 85),
    ("resized", "upscaled", resized(1.6), "JPEG", 85),
    ("resized", "thumbnail 160", thumbnail(160), "JPEG", 80),
    ("resized", "thumbnail 100", thumbnail(100), "JPEG", 80),
    ("resized", "stretched 6 %", stretched(0.06), "JPEG", 85),
    ("flipped", "flip", flipped, "JPEG", 90),
    ("flipped", "flip, half", chain(flipped, resized(0.5)), "JPEG", 70),
    ("bordered", "border 4 %", bordered(0.04), "JPEG", 90),
    ("bordered", "border 15 %", bordered(0.15), "JPEG", 90),
    ("letterbox", "to square", boxed(1.0), "JPEG", 88),
    ("letterbox", "to 16:9", boxed(16 / 9), "JPEG", 88),
    ("letterbox", "to 9:16", boxed(9 / 16), "JPEG", 88),
    ("letterbox", "to square, blurred", boxed(1.0, is_blurred=True), "JPEG", 88),
    ("letterbox", "to 9:16, blurred", boxed(9 / 16, is_blurred=True), "JPEG", 88),
    ("overlay", "corner", overlaid("corner"), "JPEG", 90),
    ("overlay", "diagonal", overlaid("diagonal"), "JPEG", 90),
    ("overlay", "tiled", overlaid("tiled"), "JPEG", 90),
    ("overlay", "logo", overlaid("logo"), "JPEG", 90),
    ("overlay", "bar", overlaid("bar"), "JPEG", 90),
    ("colour", "bright 1.4", coloured("bright", 1.4), "JPEG", 90),
    ("colour", "dark 0.55", coloured("bright", 0.55), "JPEG", 90),
    ("colour", "contrast 1.5", coloured("contrast", 1.5), "JPEG", 90),
    ("colour", "gray", coloured("gray"), "JPEG", 90),
    ("colour", "sepia", coloured("sepia"), "JPEG", 90),
    ("colour", "warm", coloured("warm", 1.3), "JPEG", 90),
    ("colour", "gamma", coloured("gamma", 1.8), "JPEG", 90),
    ("colour", "vivid, auto", chain(coloured("vivid", 1.8), coloured("auto")), "JPEG", 90),
    ("colour", "noise", noisy, "JPEG", 85),
    ("colour", "soft", soft, "JPEG", 90),
    ("colour", "sharpened", coloured("sharp", 3.0), "JPEG", 90),
    ("crop", "5 %", cropped(0.05), "JPEG", 90),
    ("crop", "10 %", cropped(0.10), "JPEG", 90),
    ("crop", "20 %", cropped(0.20), "JPEG", 90),
    ("crop", "30 %", cropped(0.30), "JPEG", 90),
    ("crop", "35 %", cropped(0.35), "JPEG", 85),
    ("crop", "35 % of a side", cut_side(0.35), "JPEG", 85),
    ("square crop", "square", squared, "JPEG", 90),
    ("square crop", "square, half", chain(squared, resized(0.5)), "JPEG", 80),
    ("rotation", "1 degree", turned(1, keep=False), "JPEG", 90),
    ("rotation", "3 degrees", turned(3, keep=False), "JPEG", 90),
    ("rotation", "5 degrees, corners", turned(5, keep=True), "JPEG", 90),
    ("rotation", "8 degrees", turned(8, keep=False), "JPEG", 90),
    ("screenshot", "phone", screenshot("phone"), "JPEG", 80),
    ("screenshot", "desktop", screenshot("desktop"), "PNG", 0),
    ("chain", "crop, colour, jpeg", chain(cropped(0.15), coloured("gamma", 1.3)), "JPEG", 40),
    ("chain", "flip, border, half", chain(flipped, bordered(0.06), resized(0.5)), "JPEG", 60),
    ("chain", "square, bar, small", chain(squared, overlaid("bar"), resized(0.4)), "JPEG", 60),
    ("chain", "turn, gray, box", chain(turned(2, False), coloured("gray"), boxed(1.0)), "JPEG", 70),
    ("chain", "phone of a crop", chain(cropped(0.15), screenshot("phone")), "JPEG", 70),
    ("chain", "thumbnail, up", chain(thumbnail(200), resized(3)), "JPEG", 70),
)
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}


def make(photos: Path, out: Path, seed: int, most: int, each: int) -> dict[str, list[str]]:
    """Write the pictures and give their labels; `each`: copies of a photo besides itself."""
    out.mkdir(parents=True)
    dice = random.Random(seed)
    files = sorted(p for p in photos.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    labels: dict[str, list[str]] = {}
    rows = list(ROWS)
    turn = 0
    for file in sorted(dice.sample(files, min(most, len(files)))):
        source = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        source.thumbnail((LONG_PX, LONG_PX))
        data = _encoded(source, "JPEG", 95)
        _write(out, f"{file.stem}-0.jpg", data, labels, file.stem, "the photo")
        _write(out, f"{file.stem}-1.jpg", data, labels, file.stem, "bytes: copy")
        turned_data = _exif_turned(source, dice)
        _write(out, f"{file.stem}-2.jpg", turned_data, labels, file.stem, "exif: turned")
        for number in range(3, each + 1):
            kind, name, edit, form, quality = rows[turn % len(rows)]
            turn += 1
            picture = edit(source, dice)
            place = f"{file.stem}-{number}.{EXTENSIONS[form]}"
            encoded = _encoded(picture, form, quality)
            _write(out, place, encoded, labels, file.stem, f"{kind}: {name}")
    (out / "labels.json").write_text(json.dumps(labels, indent=0))
    return labels


def _write(
    out: Path, name: str, data: bytes, labels: dict[str, list[str]], photo: str, what: str
) -> None:
    (out / name).write_bytes(data)
    labels[name] = [photo, what]


def _encoded(picture: Image.Image, form: str, quality: int) -> bytes:
    target = io.BytesIO()
    options = {"quality": quality} if quality else {}
    picture.save(target, form, **options)
    return target.getvalue()


def _exif_turned(picture: Image.Image, dice: random.Random) -> bytes:
    """The pixels turned and a note in the EXIF that turns them back."""
    number, how = dice.choice(
        (
            (3, Image.Transpose.ROTATE_180),
            (6, Image.Transpose.ROTATE_90),
            (8, Image.Transpose.ROTATE_270),
        )
    )
    exif = Image.Exif()
    exif[0x0112] = number
    target = io.BytesIO()
    picture.transpose(how).save(target, "JPEG", quality=90, exif=exif)
    return target.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--most", type=int, default=150)
    parser.add_argument("--each", type=int, default=13)
    wanted = parser.parse_args()
    found = make(wanted.photos, wanted.out, wanted.seed, wanted.most, wanted.each)
    print(f"{len(found):,} pictures of {len({photo for photo, _ in found.values()}):,} photos")


if __name__ == "__main__":
    main()
