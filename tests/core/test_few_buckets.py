"""A few buckets in place of all."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.few_buckets import best_few, fit_among
from curator.core.geometry import covering, crop_loss
from curator.core.training_fit import table_of
from trainer.buckets import BucketRule, bucket_resolutions

SD15, SDXL = BucketRule(), BucketRule((1024, 1024), max_reso=2048)
SIDES = st.integers(100, 3000)
SIZES = st.dictionaries(st.tuples(SIDES, SIDES), st.integers(1, 9), min_size=1, max_size=6)
BUCKETS = bucket_resolutions((512, 512))


def least_lost(sizes: dict[tuple[int, int], int], chosen: tuple[tuple[int, int], ...]) -> float:
    """By trying every bucket."""
    lost = (n * min(crop_loss(covering(s, b), b) for b in chosen) for s, n in sizes.items())
    return sum(lost) / sum(sizes.values())


@given(SIZES)
def test_the_few_buckets_proposed_lose_no_more_than_any_others(
    sizes: dict[tuple[int, int], int],
) -> None:
    for number, few in enumerate(best_few(sizes, SD15, most=3), 1):
        assert len(few.buckets) == number
        least = min(least_lost(sizes, chosen) for chosen in combinations(BUCKETS, number))
        assert least_lost(sizes, few.buckets) == pytest.approx(least, abs=0.003)
        assert few.loss == pytest.approx(least, abs=0.003)  # pixels are whole


@given(SIZES, st.sets(st.sampled_from(BUCKETS), min_size=1, max_size=5))
def test_each_picture_goes_to_the_chosen_bucket_that_takes_least_of_it(
    sizes: dict[tuple[int, int], int], chosen: set[tuple[int, int]]
) -> None:
    table = table_of(sizes, fit_among(tuple(chosen)))
    assert table.pictures == sum(sizes.values())
    assert {row.bucket for row in table.rows} <= chosen
    assert table.loss == pytest.approx(least_lost(sizes, tuple(chosen)), abs=0.003)


def test_what_is_cut_off_is_told_in_pixels_of_the_picture() -> None:
    fit = fit_among([(512, 512), (384, 640)])((1200, 1000))
    assert fit.bucket == (512, 512)
    assert fit.lost == (100, 0, 100, 0)
    assert fit.scale == pytest.approx(0.512)
    assert fit.loss == pytest.approx(1 / 6, abs=0.001)


def test_more_buckets_never_lose_more() -> None:
    few = best_few(Counter((width, 1000) for width in range(300, 3000, 37)), SDXL)
    assert [len(one.buckets) for one in few] == [1, 2, 3, 4, 5]
    losses = [one.loss for one in few]
    assert losses == sorted(losses, reverse=True)
    assert best_few({}, SD15) == []
