"""Subjects cut out by strokes, and what takes the background's place."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from curator.core.regions import Stroke
from curator.core.steps import CutOut
from curator.imaging.cutout import grab, replace_background
from tests.helpers import pictures

KEPT = (Stroke(((0.5, 0.4), (0.5, 0.6)), 0.1),)


@pytest.fixture
def ball() -> Pillow.Image:
    """A red ball before a green ground, both grainy."""
    picture = Pillow.new("RGB", (160, 120), (40, 150, 60))
    ImageDraw.Draw(picture).ellipse((50, 30, 110, 90), (200, 40, 40))
    grain = np.random.default_rng(2).normal(0, 6, (120, 160, 3))
    return Pillow.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))


def test_strokes_cut_a_ball_out(ball: Pillow.Image) -> None:
    mask = grab(CutOut("hand", kept=KEPT), ball)
    assert mask.shape == (120, 160)
    assert mask[60, 80] == 1
    assert mask[10, 10] == 0
    assert abs((mask > 0.5).sum() - np.pi * 30**2) < 150
    again = grab(CutOut("hand", kept=KEPT), ball)
    assert (mask == again).all()


def test_all_or_nothing_is_no_crash() -> None:
    plain = Pillow.new("RGB", (3, 2), "white")
    everywhere = (Stroke(((0, 0), (1, 1)), 9.0),)
    assert grab(CutOut("hand", kept=everywhere), plain).min() == 1
    assert grab(CutOut("hand", dropped=everywhere), plain).max() == 0


def test_the_background_becomes_what_is_asked_for(ball: Pillow.Image) -> None:
    mask = grab(CutOut("hand", kept=KEPT), ball)
    white = replace_background(CutOut("hand", "white"), ball, mask)
    assert white.getpixel((5, 5)) == (255, 255, 255)
    assert white.getpixel((80, 60)) == ball.getpixel((80, 60))
    clear = replace_background(CutOut("hand", "transparent"), ball, mask)
    assert (clear.mode, clear.getpixel((5, 5))[3]) == ("RGBA", 0)  # type: ignore[index]
    blurred = replace_background(CutOut("hand", "blur"), ball, mask)
    assert blurred.getpixel((5, 5)) != ball.getpixel((5, 5))
    other = pictures.draw(size=(300, 300))
    behind = replace_background(CutOut("hand", "picture:abc"), ball, mask, lambda _sha: other)
    assert behind.size == ball.size
    assert behind.getpixel((80, 60)) == ball.getpixel((80, 60))


def test_what_was_clear_stays_clear(ball: Pillow.Image) -> None:
    half = ball.convert("RGBA")
    half.putalpha(Pillow.new("L", ball.size, 0))
    made = replace_background(CutOut("hand", "transparent"), half, np.ones((120, 160), np.float32))
    assert made.getchannel("A").getextrema() == (0, 0)
