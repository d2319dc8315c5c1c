"""Steps that change part of a picture."""

from __future__ import annotations

import numpy as np
from PIL import Image as Pillow

from curator.core.regions import Ellipse, Polygon, Stroke
from curator.core.steps import Adjust, Blur, Heal, Paint
from curator.imaging.retouch import adjust, blur, heal, mask_of, paint
from tests.helpers import pictures

LEFT = Polygon(((0, 0), (0.5, 0), (0.5, 1), (0, 1)))


def test_a_mask_covers_what_was_drawn_at_any_size() -> None:
    for size in ((100, 50), (400, 200)):
        mask = mask_of((LEFT,), size)
        assert mask.shape == (size[1], size[0])
        assert mask[:, : size[0] // 2 - 2].min() == 1
        assert mask[:, size[0] // 2 + 2 :].max() == 0
        spot = mask_of((Ellipse(0.5, 0.5, 0.25, 0.25),), size)
        assert abs(spot.mean() - np.pi / 16) < 0.02  # OpenCV draws half a pixel wider


def test_strokes_are_as_wide_and_as_soft_as_the_brush_and_can_erase() -> None:
    line = ((0.2, 0.5), (0.8, 0.5))
    hard = mask_of((Stroke(line, 0.1),), (200, 100))
    assert 18 <= (hard[:, 100] > 0.5).sum() <= 22
    soft = mask_of((Stroke(line, 0.1, hardness=0.0),), (200, 100))
    assert ((soft > 0.05) & (soft < 0.95)).sum() > 2 * ((hard > 0.05) & (hard < 0.95)).sum()
    assert mask_of((Stroke(line, 0.1), Stroke(line, 0.2, erases=True)), (200, 100)).max() == 0
    assert mask_of((Stroke((), 0.1), Stroke(((0.5, 0.5),), 0.1)), (200, 100)).max() == 1
    assert mask_of((Stroke(((1e9, -1e9), (0.5, 0.5)), 0.1),), (200, 100)).max() <= 1


def test_healing_fills_a_mark_from_around_it_and_leaves_the_rest() -> None:
    clean = Pillow.new("RGB", (120, 90), (90, 140, 60))
    marked = clean.copy()
    marked.paste((255, 255, 255), (50, 40, 70, 50))
    healed = heal(Heal((Ellipse(0.5, 0.5, 0.14, 0.12),)), marked)
    assert pictures.difference(healed, clean) < 1
    drawn = pictures.draw(size=(120, 90))
    part = np.asarray(heal(Heal((Ellipse(0.2, 0.2, 0.05, 0.05),)), drawn))
    assert (part[45:, 60:] == np.asarray(drawn)[45:, 60:]).all()


def test_nothing_or_everything_to_heal_leaves_the_picture() -> None:
    drawn = pictures.draw()
    everything = Polygon(((-1, -1), (2, -1), (2, 2), (-1, 2)))
    assert heal(Heal(()), drawn) is drawn
    assert heal(Heal((everything,)), drawn) is drawn


def test_blurred_and_coarse_regions_lose_what_was_there() -> None:
    drawn = pictures.draw(size=(200, 100))
    for step in (Blur((LEFT,), 0.05), Blur((LEFT,), 0.05, pixelate=True)):
        made = np.asarray(blur(step, drawn), np.float32)
        before = np.asarray(drawn, np.float32)
        assert (made[:, 110:] == before[:, 110:]).all()
        assert np.abs(made[:, :90] - before[:, :90]).mean() > 1
    blocks = np.asarray(blur(Blur((LEFT,), 0.05, pixelate=True), drawn))
    assert (blocks[1:9, 1:9] == blocks[1, 1]).all()


def test_paint_covers_and_alpha_stays() -> None:
    clear = pictures.draw(alpha=True)
    made = paint(Paint((LEFT,), "#ff8000"), clear)
    assert made.getpixel((5, 5))[:3] == (255, 128, 0)  # type: ignore[index]
    assert made.getchannel("A").tobytes() == clear.getchannel("A").tobytes()


def test_adjustments_do_what_they_say() -> None:
    grey = Pillow.new("RGB", (4, 4), (100, 100, 100))
    assert adjust(Adjust(), grey).getpixel((0, 0)) == (100, 100, 100)
    assert adjust(Adjust(exposure=1), grey).getpixel((0, 0)) == (138, 138, 138)
    assert adjust(Adjust(contrast=-1), grey).getpixel((0, 0)) == (128, 128, 128)
    red = Pillow.new("RGB", (4, 4), (200, 20, 20))
    pale = adjust(Adjust(saturation=-1), red).getpixel((0, 0))
    assert len(set(pale)) == 1  # type: ignore[arg-type]
    noise = np.random.default_rng(1).normal(128, 20, (64, 64, 3)).clip(0, 255).astype(np.uint8)
    smooth = np.asarray(adjust(Adjust(denoise=1), Pillow.fromarray(noise)))
    assert smooth.std() < noise.std() * 0.8
