"""Nearest neighbours by the cosine, beside the plain way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core import neighbours
from curator.core.jobs import Cancelled, Job
from curator.core.neighbours import Vectors, nearest


def made(count: int, seed: int) -> Vectors:
    """Vectors of length 1."""
    found = np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@given(st.integers(0, 12), st.integers(1, 14), st.floats(-1, 1), st.integers(0, 99))
def test_it_finds_what_sorting_all_cosines_finds(
    count: int, most: int, least: float, seed: int
) -> None:
    vectors = made(count, seed)
    rows = [row for row in range(count) if row % 2]
    wanted = {}
    for row in rows:
        others = [(float(vectors[row] @ vectors[o]), o) for o in range(count) if o != row]
        for cosine, other in sorted(others, reverse=True)[:most]:
            if cosine >= least + 1e-5:
                wanted[min(row, other), max(row, other)] = pytest.approx(cosine, abs=1e-5)
    found = nearest(vectors, rows, most, least)
    assert {pair: c for pair, c in found.items() if c >= least + 1e-5} == wanted


def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = made(40, 1)
    whole = nearest(vectors, range(40), 3, 0.0)
    monkeypatch.setattr(neighbours, "_BLOCK", 7)
    parts = nearest(vectors, range(40), 3, 0.0)
    assert parts.keys() == whole.keys()
    assert list(parts.values()) == pytest.approx([whole[pair] for pair in parts], abs=1e-6)


def test_it_can_be_cancelled() -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        nearest(made(4, 0), [0], 2, 0.0, job.check)
