"""How a picture lies on another: crops, mirrored ones, turned ones, strangers."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from curator.imaging.alignment import Alignment, align
from curator.imaging.fingerprints import fingerprint
from tests.helpers.copied import SIZE, original

WIDTH, HEIGHT = SIZE


def laid(one: Image.Image, other: Image.Image) -> Alignment:
    found = align(fingerprint(one), fingerprint(other))
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("box", [(60, 30, 210, 150), (0, 0, 180, 180), (40, 30, 200, 150)])
def test_a_crop_lies_where_it_was_cut(seed: int, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    found = laid(original(seed), original(seed).crop(box))
    across, down = WIDTH / (right - left), HEIGHT / (bottom - top)
    expected = [[across, 0, -left / (right - left)], [0, down, -top / (bottom - top)]]
    assert np.abs(found.matrix - expected).max() < 0.04
    assert found.likeness > 0.97
    assert not found.is_mirrored
    back = laid(original(seed).crop(box), original(seed))
    assert np.abs(back.matrix @ _whole(found) - np.eye(2, 3)).max() < 0.05


def _whole(found: Alignment) -> np.ndarray:
    return np.vstack([found.matrix, [0, 0, 1]])


def test_a_picture_lies_on_itself() -> None:
    found = laid(original(0), original(0))
    assert np.abs(found.matrix - np.eye(2, 3)).max() < 0.01
    assert found.likeness > 0.999
    assert found.changed == 0
    assert found.is_in_place


@pytest.mark.parametrize("seed", range(3))
def test_a_mirrored_one_is_found_mirrored(seed: int) -> None:
    found = laid(original(seed), ImageOps.mirror(original(seed)))
    assert found.is_mirrored
    assert np.abs(found.matrix - [[-1, 0, 1], [0, 1, 0]]).max() < 0.03
    one, other = fingerprint(original(seed)), fingerprint(ImageOps.mirror(original(seed)))
    upright = align(one, other, ways=(False,))
    assert upright is None or upright.likeness < 0.9


def test_a_turn_is_measured() -> None:
    turned = original(1).rotate(5, Image.Resampling.BICUBIC).crop((20, 20, 220, 160))
    found = laid(original(1), turned)
    assert abs(found.turn_deg) == pytest.approx(5, abs=0.7)
    assert found.stretch < 1.03


def test_a_stretch_is_measured() -> None:
    found = laid(original(2), original(2).resize((WIDTH * 11 // 10, HEIGHT)))
    assert found.stretch == pytest.approx(1.1, abs=0.02)


def test_a_rim_does_not_move_what_it_surrounds() -> None:
    found = laid(original(0), ImageOps.expand(original(0), 30, "white"))
    assert np.abs(found.matrix - [[0.8, 0, 0.1], [0, 0.75, 0.125]]).max() < 0.02


@pytest.mark.parametrize("seed", range(4))
def test_strangers_do_not_lie_on_each_other(seed: int) -> None:
    found = align(fingerprint(original(seed)), fingerprint(original(seed + 10)))
    assert found is None or found.likeness < 0.6


def test_pictures_of_one_colour_show_nothing_to_compare() -> None:
    one, other = (fingerprint(Image.new("RGB", SIZE, name)) for name in ("red", "#f00000"))
    assert align(one, other) is None
