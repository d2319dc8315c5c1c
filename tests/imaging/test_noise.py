"""Noise is told by how much of it there is, and texture and edges are not."""

from __future__ import annotations

import numpy as np
import pytest

from curator.imaging.noise import noise
from tests.helpers.degraded import gray_of, noisy
from tests.helpers.pictures import draw, photo


def test_noise_orders_pictures_by_the_noise_put_into_them() -> None:
    clean = photo(1, (640, 480), grain=0)
    found = [noise(gray_of(noisy(clean, levels))) for levels in (0, 2, 5, 10, 20)]
    assert found == sorted(found)
    assert found[-1] - found[0] > 8


@pytest.mark.parametrize("levels", [3, 8, 20])
def test_on_a_flat_picture_it_is_the_deviation(levels: float) -> None:
    flat = np.full((200, 200), 128, np.float32)
    flat += np.random.default_rng(0).normal(0, levels, flat.shape).astype(np.float32)
    assert noise(flat) == pytest.approx(levels, rel=0.15)


def test_edges_are_no_noise() -> None:
    assert noise(gray_of(draw(1, (400, 300)))) < 0.5


@pytest.mark.parametrize("level", [0, 255])
def test_a_plain_black_or_white_picture_has_none(level: int) -> None:
    assert noise(np.full((64, 64), level, np.float32)) == 0


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (3, 3)])
def test_the_smallest_pictures_have_a_number(shape: tuple[int, int]) -> None:
    assert noise(np.full(shape, 90, np.float32)) == 0
