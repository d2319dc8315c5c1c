"""Pictures of one invented subject, drawn by code: a small turquoise robot with an orange scarf."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

SEED = 20
COUNT = 28
SHEET = 400  # the robot is drawn this large, then scaled, leaned and placed
BODY, DARK, LIGHT = (38, 166, 154), (0, 105, 110), (178, 223, 219)
SCARF, EYE, PUPIL = (239, 108, 0), (255, 253, 231), (33, 33, 33)
SIZES = ((640, 640), (576, 768), (768, 512), (512, 704), (704, 704), (800, 600), (480, 640))
ARMS = {"waving": (-70, 35), "arms down": (40, 40), "arms raised": (-60, -60), "pointing": (0, 45)}
FORMATS = ("jpg", "png", "jpg", "webp", "jpg", "bmp", "jpg")


@dataclass(frozen=True, slots=True)
class Scene:
    """What one picture shows; `clear` pictures are worth most, `blurred` ones nothing."""

    number: int
    size: tuple[int, int]
    place: str
    arms: str
    closeup: bool
    lean_deg: int
    mirrored: bool
    blurred: bool
    suffix: str

    @property
    def clear(self) -> bool:
        """Whether the robot stands upright and large enough to be a telling picture."""
        return not self.blurred and abs(self.lean_deg) <= 8 and self.number % 3 != 2

    def caption(self, trigger: str) -> str:
        """The tags of what may change; the robot's own traits belong to the trigger."""
        framing = "close-up" if self.closeup else f"full body, {self.arms}"
        leaning = ", leaning" if abs(self.lean_deg) > 8 else ""
        return f"{trigger}, {framing}{leaning}, {self.place}"


def scenes() -> list[Scene]:
    """Scenes that vary in place, pose, framing, size and file format; always the same."""
    dice = random.Random(SEED)
    places, arms = list(PLACES), list(ARMS)
    return [
        Scene(
            number=number,
            size=SIZES[number % len(SIZES)],
            place=places[number % len(places)],
            arms=arms[dice.randrange(len(arms))],
            closeup=number % 4 == 1,
            lean_deg=dice.randint(-16, 16),
            mirrored=dice.random() < 0.5,
            blurred=number in (9, 22),
            suffix=FORMATS[number % len(FORMATS)],
        )
        for number in range(COUNT)
    ]


def draw(scene: Scene) -> Image.Image:
    """The picture of a scene, RGB."""
    dice = random.Random(SEED + scene.number)
    width, height = scene.size
    picture = Image.new("RGB", scene.size)
    PLACES[scene.place](ImageDraw.Draw(picture), width, height, dice)
    robot = _robot(ARMS[scene.arms]).rotate(scene.lean_deg, Image.Resampling.BICUBIC, expand=True)
    if scene.mirrored:
        robot = robot.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    share = dice.uniform(1.3, 1.5) if scene.closeup else dice.uniform(0.7, 0.92)
    side = int(min(width, height) * share)
    robot = robot.resize((side, side), Image.Resampling.LANCZOS)
    left = (width - side) // 2 + int(dice.uniform(-0.08, 0.08) * width)
    top = -side // 12 if scene.closeup else height - side - int(height * 0.03)
    picture.paste(robot, (left, top), robot)
    return picture.filter(ImageFilter.GaussianBlur(7)) if scene.blurred else picture


def _robot(arms_deg: tuple[int, int]) -> Image.Image:
    """The subject on a transparent sheet."""
    sheet = Image.new("RGBA", (SHEET, SHEET))
    pen = ImageDraw.Draw(sheet)
    for x in (160, 220):
        pen.rounded_rectangle((x, 320, x + 28, 380), 8, fill=DARK)
        pen.ellipse((x - 10, 366, x + 38, 392), fill=DARK)
    for side, angle in zip((-1, 1), arms_deg, strict=True):
        _arm(sheet, side, angle)
    pen.rounded_rectangle((140, 205, 265, 340), 34, fill=BODY, outline=DARK, width=4)
    pen.rounded_rectangle((172, 250, 236, 312), 10, fill=LIGHT, outline=DARK, width=3)
    pen.ellipse((192, 268, 216, 292), fill=SCARF)
    pen.line((205, 62, 205, 26), fill=DARK, width=7)
    pen.ellipse((192, 8, 218, 34), fill=SCARF)
    pen.rounded_rectangle((108, 58, 300, 200), 52, fill=BODY, outline=DARK, width=4)
    for x in (142, 216):
        pen.ellipse((x, 92, x + 50, 148), fill=EYE, outline=DARK, width=4)
        pen.ellipse((x + 22, 112, x + 42, 138), fill=PUPIL)
    pen.arc((172, 142, 236, 182), 20, 160, fill=DARK, width=6)
    pen.rounded_rectangle((128, 192, 278, 226), 16, fill=SCARF)
    pen.polygon([(240, 214), (290, 296), (250, 300), (218, 222)], fill=SCARF)
    return sheet


def _arm(sheet: Image.Image, side: int, angle_deg: int) -> None:
    """One arm from the shoulder outwards, turned down by `angle_deg`."""
    layer = Image.new("RGBA", sheet.size)
    pen = ImageDraw.Draw(layer)
    shoulder = (152, 240) if side < 0 else (252, 240)
    end = shoulder[0] + side * 96
    pen.rounded_rectangle((min(shoulder[0], end), 228, max(shoulder[0], end), 252), 12, fill=DARK)
    pen.ellipse((end - 18, 222, end + 18, 258), fill=LIGHT, outline=DARK, width=4)
    turned = layer.rotate(-side * angle_deg, Image.Resampling.BICUBIC, center=shoulder)
    sheet.alpha_composite(turned)


Painter = Callable[[ImageDraw.ImageDraw, int, int, random.Random], None]
Colour = tuple[int, int, int]


def _sky(pen: ImageDraw.ImageDraw, width: int, height: int, top: Colour, low: Colour) -> None:
    for y in range(height):
        share = y / height
        mixed = tuple(int(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        pen.line((0, y, width, y), fill=mixed)


def _meadow(pen: ImageDraw.ImageDraw, width: int, height: int, dice: random.Random) -> None:
    _sky(pen, width, height, (100, 181, 246), (225, 245, 254))
    pen.ellipse((-width // 3, height * 5 // 9, width * 4 // 3, height * 2), fill=(124, 179, 66))
    for _ in range(40):
        x, y = dice.randrange(width), dice.randrange(height * 2 // 3, height)
        pen.ellipse((x, y, x + 9, y + 9), fill=dice.choice([(255, 235, 59), (236, 64, 122)]))


def _beach(pen: ImageDraw.ImageDraw, width: int, height: int, dice: random.Random) -> None:
    _sky(pen, width, height, (79, 195, 247), (255, 249, 196))
    pen.rectangle((0, height // 2, width, height * 7 // 10), fill=(2, 119, 189))
    pen.rectangle((0, height * 7 // 10, width, height), fill=(255, 224, 130))
    x = dice.randrange(width)
    pen.ellipse((x - 45, 30, x + 45, 120), fill=(255, 241, 118))


def _night(pen: ImageDraw.ImageDraw, width: int, height: int, dice: random.Random) -> None:
    _sky(pen, width, height, (13, 13, 45), (57, 73, 171))
    for _ in range(70):
        x, y = dice.randrange(width), dice.randrange(height * 3 // 4)
        pen.ellipse((x, y, x + 3, y + 3), fill=(255, 255, 255))
    pen.rectangle((0, height * 5 // 6, width, height), fill=(38, 50, 56))


def _room(pen: ImageDraw.ImageDraw, width: int, height: int, dice: random.Random) -> None:
    pen.rectangle((0, 0, width, height), fill=(255, 224, 178))
    pen.rectangle((0, height * 4 // 5, width, height), fill=(121, 85, 72))
    x = dice.randrange(width // 2)
    pen.rectangle((x, 60, x + 150, 210), fill=(144, 202, 249), outline=(93, 64, 55), width=10)


def _snow(pen: ImageDraw.ImageDraw, width: int, height: int, dice: random.Random) -> None:
    _sky(pen, width, height, (176, 190, 197), (236, 239, 241))
    pen.rectangle((0, height * 3 // 4, width, height), fill=(250, 250, 250))
    for x in range(-40, width, 150):
        base, top = height * 3 // 4, height // 3 + dice.randrange(80)
        pen.polygon([(x, base), (x + 60, top), (x + 120, base)], fill=(69, 90, 100))


def _city(pen: ImageDraw.ImageDraw, width: int, height: int, dice: random.Random) -> None:
    _sky(pen, width, height, (255, 138, 101), (255, 224, 178))
    for x in range(0, width, 90):
        top = dice.randrange(height // 5, height * 3 // 5)
        grey = dice.randrange(70, 130)
        pen.rectangle((x, top, x + 80, height), fill=(grey, grey, grey + 15))


PLACES: Mapping[str, Painter] = {
    "in a meadow": _meadow,
    "on a beach": _beach,
    "at night": _night,
    "in a room": _room,
    "in the snow": _snow,
    "in a city at sunset": _city,
}
