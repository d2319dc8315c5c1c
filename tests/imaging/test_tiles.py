"""Cutting into tiles keeps every whole tile once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curator.imaging.tiles import mean_of_highest, tiles_of


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 12))
def test_tiles_are_the_parts_of_the_plane(height: int, width: int, side: int) -> None:
    plane = np.arange(height * width, dtype=np.float32).reshape(height, width)
    tiles = tiles_of(plane, side)
    if min(height, width) < side:
        assert (tiles[0] == plane).all()
        return
    assert len(tiles) == (height // side) * (width // side)
    assert (tiles[0] == plane[:side, :side]).all()
    assert len(np.unique(tiles)) == tiles.size


def test_the_highest_are_at_least_one() -> None:
    values = np.arange(10, dtype=np.float32)
    assert mean_of_highest(values, 0.2) == 8.5
    assert mean_of_highest(values, 0) == 9
