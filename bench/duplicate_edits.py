"""Edits of pictures as they happen to photos on their way through the web."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Edit = Callable[[Image.Image, random.Random], Image.Image]
WORDS = ("Lorem ipsum", "photo by somebody", "example.com", "SAMPLE", "2019-07-21 14:02")


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
