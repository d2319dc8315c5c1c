"""Orders, choices and groups of points are what they say."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from curator.core.likeness import arranged, clusters, cover, points_of

Points = NDArray[np.float32]


def heaps(count: int, each: int, seed: int = 0) -> Points:
    """`count` heaps of points far from one another, shuffled."""
    dice = np.random.default_rng(seed)
    middles = dice.normal(size=(count, 20)) * 5
    points = np.repeat(middles, each, axis=0) + dice.normal(size=(count * each, 20)) * 0.02
    return np.asarray(dice.permutation(points), np.float32)


@given(st.integers(0, 70), st.integers(0, 9))
def test_an_order_holds_every_picture_once(count: int, seed: int) -> None:
    points = np.random.default_rng(seed).integers(0, 3, (count, 4)).astype(np.float32)
    assert sorted(arranged(points)) == list(range(count))


def test_neighbours_in_the_order_are_alike() -> None:
    points = heaps(12, 8)

    def steps(order: list[int]) -> float:
        return float(np.linalg.norm(np.diff(points[order], axis=0), axis=1).mean())

    assert steps(arranged(points)) < 0.35 * steps(list(range(len(points))))


@given(st.integers(1, 8), st.integers(1, 6), st.integers(0, 5))
def test_a_cover_leaves_no_picture_much_farther_than_the_best_could(
    number: int, count: int, seed: int
) -> None:
    points = np.random.default_rng(seed).normal(size=(8, 3)).astype(np.float32)[: count + 2]
    chosen = cover(points, number)
    assert len(set(chosen)) == len(chosen) == min(number, len(points))

    def farthest(some: tuple[int, ...]) -> float:
        away = np.linalg.norm(points[:, np.newaxis] - points[list(some)], axis=2)
        return float(away.min(axis=1).max())

    best = min(farthest(some) for some in combinations(range(len(points)), len(chosen)))
    assert farthest(tuple(chosen)) <= 2 * best + 1e-5


def test_a_cover_takes_one_of_each_heap_and_is_always_the_same() -> None:
    points = heaps(6, 5)
    chosen = cover(points, 6)
    away = np.linalg.norm(points[:, np.newaxis] - points[chosen], axis=2).min(axis=1)
    assert away.max() < 1
    assert chosen == cover(points, 6)
    assert cover(points, 0) == cover(points[:0], 3) == []
    assert len(cover(np.zeros((4, 2), np.float32), 9)) == 4


def test_groups_are_the_heaps() -> None:
    points = heaps(5, 4)
    groups = clusters(points, 1.0)
    assert [len(group) for group in groups] == [4] * 5
    assert sorted(n for group in groups for n in group) == list(range(20))
    assert clusters(points[:1]) == clusters(points[:0]) == []


def test_a_picture_alone_is_no_group() -> None:
    points = np.array([[0.0], [0.01], [9.0]], np.float32)
    assert clusters(points, 0.5) == [[0, 1]]


def test_points_of_descriptors_are_as_far_apart_as_these_differ() -> None:
    black, white, dark = (
        bytes([0] * 192 + [0] * 32),
        bytes([255] * 192 + [0] * 32),
        bytes([30] * 224),
    )
    points = points_of([black, white, dark])
    away = np.linalg.norm(points - points[0], axis=1)
    assert away[0] == 0
    assert away[1] == pytest.approx(np.linalg.norm(points[1]) * 2, rel=0.2)
    assert away[2] < away[1]
