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
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Edit = Callable[[Image.Image, random.Random], Image.Image]
LONG_PX = 1400  # of a photo before it is edited
WORDS = ("Lorem ipsum", "photo by somebody", "example.com", "SAMPLE", "2019-07-21 14:02")


# -- edits of pixels


def resized(scale: float) -> Edit:
    def edit(picture: Image.Image, _dice: random.Random) -> Image.Image:
        size = [max(8, round(side * scale)) for side in picture.size]
        return picture.resize((size[0], size[1]), Image.Resampling.LANCZOS)

    return edit


def thumbnail(side: int) -> Edit:
    def edit(picture: Image.Image, _dice: random.Random) -> Image.Image:
        small = picture.copy()
        small.thumbnail((side, side))
        return small

    return edit


def stretched(by: float) -> Edit:
    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        wide = dice.choice((1 + by, 1 / (1 + by)))
        return picture.resize((round(picture.width * wide), picture.height))

    return edit


def flipped(picture: Image.Image, _dice: random.Random) -> Image.Image:
    return ImageOps.mirror(picture)


def cropped(share: float) -> Edit:
    """Leaves 1 - share of each side, anywhere."""

    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        width, height = (round(side * (1 - share)) for side in picture.size)
        left = dice.randint(0, picture.width - width)
        top = dice.randint(0, picture.height - height)
        return picture.crop((left, top, left + width, top + height))

    return edit


def cut_side(share: float) -> Edit:
    """Cuts a share off one side."""

    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        width, height = picture.size
        box = [0, 0, width, height]
        side = dice.randrange(4)
        length = round((width, height)[side % 2] * share)
        box[side] += length if side < 2 else -length
        return picture.crop((box[0], box[1], box[2], box[3]))

    return edit


def squared(picture: Image.Image, dice: random.Random) -> Image.Image:
    side = min(picture.size)
    left = dice.randint(0, picture.width - side)
    top = dice.randint(0, picture.height - side)
    return picture.crop((left, top, left + side, top + side))


def turned(degrees: float, keep: bool) -> Edit:
    """Turned; the corners are cut off, or (`keep`) filled."""

    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        angle = degrees * dice.choice((-1, 1))
        fill = dice.choice(((0, 0, 0), (255, 255, 255)))
        found = picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=fill)
        if keep:
            return found
        cut = abs(np.tan(np.radians(degrees))) * 0.5
        dx, dy = round(picture.height * cut), round(picture.width * cut)
        return found.crop((dx, dy, picture.width - dx, picture.height - dy))

    return edit


def bordered(share: float) -> Edit:
    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        width = round(max(picture.size) * share)
        colour = dice.choice(("white", "black", "#d8c8a8", "#304050"))
        return ImageOps.expand(picture, width, colour)

    return edit


def boxed(ratio: float, is_blurred: bool = False) -> Edit:
    """A letterbox of a ratio, black or white, or of the blurred picture itself."""

    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        width, height = picture.size
        size = (
            (round(height * ratio), height)
            if ratio > width / height
            else (
                width,
                round(width / ratio),
            )
        )
        if is_blurred:
            ground = ImageOps.fit(picture, size).filter(ImageFilter.GaussianBlur(max(size) / 40))
        else:
            ground = Image.new("RGB", size, dice.choice(("black", "white")))
        ground.paste(picture, ((size[0] - width) // 2, (size[1] - height) // 2))
        return ground

    return edit


def overlaid(kind: str) -> Edit:
    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        layer = Image.new("RGBA", picture.size)
        draw = ImageDraw.Draw(layer)
        width, height = picture.size
        if kind == "corner":
            font = ImageFont.load_default(max(10, height // 25))
            place = (width * 0.6, height * 0.92)
            draw.text(place, dice.choice(WORDS), fill=(255, 255, 255, 230), font=font)
        elif kind == "diagonal":
            font = ImageFont.load_default(max(12, width // 8))
            text = Image.new("RGBA", picture.size)
            ImageDraw.Draw(text).text(
                (width * 0.12, height * 0.42), "SAMPLE", fill=(255, 255, 255, 120), font=font
            )
            layer = text.rotate(30)
        elif kind == "tiled":
            font = ImageFont.load_default(max(9, width // 28))
            for x in range(0, width, max(1, width // 4)):
                for y in range(0, height, max(1, height // 6)):
                    draw.text((x, y), "example.com", fill=(255, 255, 255, 110), font=font)
        elif kind == "logo":
            x, y, side = width * 0.05, height * 0.05, min(picture.size) * 0.22
            draw.ellipse((x, y, x + side, y + side), fill=(220, 40, 60, 255))
            draw.rectangle(
                (x + side * 0.3, y + side * 0.3, x + side * 0.7, y + side * 0.7), "white"
            )
        else:
            draw.rectangle((0, height * 0.84, width, height), fill=(0, 0, 0, 170))
            font = ImageFont.load_default(max(10, height // 14))
            draw.text((width * 0.05, height * 0.87), dice.choice(WORDS), "white", font=font)
        return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")

    return edit


def coloured(kind: str, by: float = 1.0) -> Edit:
    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        if kind == "gray":
            return picture.convert("L").convert("RGB")
        if kind == "sepia":
            return ImageOps.colorize(picture.convert("L"), "#201008", "#fff0d0", "#a07850")
        if kind == "gamma":
            table = [round(255 * (n / 255) ** by) for n in range(256)]
            return picture.point(table * 3)
        if kind == "warm":
            red, green, blue = picture.split()
            return Image.merge(
                "RGB",
                (red.point(lambda v: min(255, v * by)), green, blue.point(lambda v: v / by)),
            )
        if kind == "auto":
            return ImageOps.autocontrast(picture, cutoff=2)
        enhance = {
            "bright": ImageEnhance.Brightness,
            "contrast": ImageEnhance.Contrast,
            "vivid": ImageEnhance.Color,
            "sharp": ImageEnhance.Sharpness,
        }[kind]
        return enhance(picture).enhance(by)

    return edit


def noisy(picture: Image.Image, dice: random.Random) -> Image.Image:
    noise = np.random.default_rng(dice.randrange(1 << 30)).normal(0, 9, (*picture.size[::-1], 3))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def soft(picture: Image.Image, _dice: random.Random) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 500))


def screenshot(kind: str) -> Edit:
    """The picture in an app on a phone, or in a page on a desktop."""

    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        is_dark = dice.random() < 0.5
        ground, ink = ("#121212", "#e8e8e8") if is_dark else ("#ffffff", "#202020")
        size = (720, 1440) if kind == "phone" else (1600, 900)
        screen = Image.new("RGB", size, ground)
        draw = ImageDraw.Draw(screen)
        font, large = ImageFont.load_default(22), ImageFont.load_default(30)
        if kind == "phone":
            draw.text((24, 10), "14:02", ink, font=font)
            draw.text((600, 10), "87 %", ink, font=font)
            draw.ellipse((24, 70, 84, 130), "#c06030")
            draw.text((110, 82), "somebody", ink, font=large)
            shown = ImageOps.contain(picture, (720, 980))
            top = 160 + (980 - shown.height) // 3
            screen.paste(shown, ((720 - shown.width) // 2, top))
            for n, icon in enumerate(("like", "answer", "share")):
                draw.text((30 + 130 * n, 1170), icon, ink, font=large)
            draw.text((30, 1230), f"{dice.randrange(9000):,} likes", ink, font=font)
            draw.line((260, 1420, 460, 1420), ink, 6)
        else:
            draw.rectangle((0, 0, 1600, 74), "#dadce0")
            draw.rounded_rectangle((120, 18, 1300, 58), 20, "#ffffff")
            draw.text((140, 24), "example.com/gallery", "#404040", font=font)
            shown = ImageOps.contain(picture, (980, 780))
            screen.paste(shown, (60, 94 + (780 - shown.height) // 2))
            for n in range(14):
                length = dice.randint(18, 34)
                line = "".join(dice.choice("abcdefgh ijklmnop ") for _ in range(length))
                draw.text((1080, 120 + 44 * n), line, ink, font=font)
        return screen

    return edit


def chain(*edits: Edit) -> Edit:
    def edit(picture: Image.Image, dice: random.Random) -> Image.Image:
        for one in edits:
            picture = one(picture, dice)
        return picture

    return edit


def same(picture: Image.Image, _dice: random.Random) -> Image.Image:
    return picture


# -- the table: kind, name, edit, file format, quality


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
