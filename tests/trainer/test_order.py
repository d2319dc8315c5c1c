"""Batches depend on seed and step alone, and an epoch shows every picture exactly its repeats."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.order import BatchPlan, Manner

BUCKETS = [(512, 512), (384, 640), (640, 384)]
ITEMS = st.lists(st.tuples(st.sampled_from(BUCKETS), st.integers(1, 5)), min_size=1, max_size=30)


def plan_of(
    items: list[tuple[tuple[int, int], int]], batch: int, seed: int = 1, accumulation: int = 1
) -> BatchPlan:
    return BatchPlan([it[0] for it in items], [it[1] for it in items], batch, seed, accumulation)


@given(ITEMS, st.integers(1, 5), st.integers(1, 4), st.integers(0, 3))
def test_every_epoch_shows_each_picture_exactly_its_repeats(
    items: list[tuple[tuple[int, int], int]], batch: int, accumulation: int, epoch: int
) -> None:
    plan = plan_of(items, batch, accumulation=accumulation)
    first = epoch * plan.steps_per_epoch
    batches = [it for step in range(plan.steps_per_epoch) for it in plan.batches(first + step)]
    shown = Counter(showing for it in batches for showing in zip(it.items, it.repeats, strict=True))
    expected = {(at, time) for at, (_, repeats) in enumerate(items) for time in range(repeats)}
    assert set(shown) == expected
    assert set(shown.values()) == {1}
    assert all(it.epoch == epoch for it in batches)
    assert [it.number for it in batches] == list(range(plan.batches_per_epoch))


@given(ITEMS, st.integers(1, 5), st.integers(1, 3), st.lists(st.integers(0, 200), max_size=12))
def test_a_batch_is_the_same_whatever_was_asked_before(
    items: list[tuple[tuple[int, int], int]], batch: int, accumulation: int, asked: list[int]
) -> None:
    used, fresh = plan_of(items, batch, 7, accumulation), plan_of(items, batch, 7, accumulation)
    for step in asked:
        used.batches(step)
    assert used.batches(33) == fresh.batches(33)


@given(ITEMS, st.integers(1, 5), st.integers(1, 4))
def test_every_showing_has_the_same_weight_in_the_mean_loss(
    items: list[tuple[tuple[int, int], int]], batch: int, accumulation: int
) -> None:
    plan = plan_of(items, batch, accumulation=accumulation)
    for step in range(plan.steps_per_epoch):
        for one in plan.batches(step):
            assert one.weight / len(one.items) == pytest.approx(1 / batch / accumulation)
            assert len(one.items) <= batch
            assert {items[at][0] for at in one.items} == {one.bucket}


def test_steps_are_counted_by_bucket_remainders_and_accumulation() -> None:
    plan = BatchPlan([BUCKETS[0]] * 5 + [BUCKETS[1]] * 2, [2] * 7, 4, seed=0, accumulation=2)
    assert plan.batches_per_epoch == 3 + 1
    assert plan.steps_per_epoch == 2
    assert plan.length(10, 1600) == (20, 10)


def test_an_odd_number_of_batches_leaves_a_short_last_step() -> None:
    plan = BatchPlan([BUCKETS[0]] * 5, [1] * 5, 1, seed=0, accumulation=2)
    assert [len(plan.batches(step)) for step in range(3)] == [2, 2, 1]
    assert [plan.epoch_of(step) for step in (0, 2, 3)] == [0, 0, 1]


def test_without_epochs_the_steps_decide_and_epochs_win_otherwise() -> None:
    plan = BatchPlan([BUCKETS[0]] * 100, [3] * 100, 1, seed=0)
    assert plan.length(None, 1600) == (1600, 6)
    assert plan.length(2, 1600) == (600, 2)


def test_epochs_and_seeds_differ_in_order() -> None:
    plan = BatchPlan([BUCKETS[0]] * 50, [1] * 50, 1, seed=1)
    other = BatchPlan([BUCKETS[0]] * 50, [1] * 50, 1, seed=2)
    first = [plan.batches(step)[0].items for step in range(50)]
    assert first != [plan.batches(50 + step)[0].items for step in range(50)]
    assert first != [other.batches(step)[0].items for step in range(50)]


def test_the_order_never_changes_between_versions() -> None:
    """A state saved today must resume the same run tomorrow, so the order itself is pinned."""
    plan = BatchPlan([BUCKETS[0]] * 6, [1] * 6, 2, seed=42)
    assert [plan.batches(step)[0].items for step in range(3)] == ORDER_OF_SEED_42


ORDER_OF_SEED_42 = [(3, 1), (5, 4), (2, 0)]


@given(ITEMS, st.integers(1, 5), st.integers(1, 4))
def test_partial_batches_weigh_as_full_ones_where_it_is_to_be_exact(
    items: list[tuple[tuple[int, int], int]], batch: int, accumulation: int
) -> None:
    buckets, repeats = [it[0] for it in items], [it[1] for it in items]
    plan = BatchPlan(buckets, repeats, batch, 1, accumulation, Manner(partial_as_full=True))
    found = [one for step in range(plan.steps_per_epoch) for one in plan.batches(step)]
    assert {one.weight for one in found} == {1 / accumulation}


def test_batches_know_their_step() -> None:
    plan = BatchPlan([BUCKETS[0]] * 5, [1] * 5, 1, seed=0, accumulation=2)
    assert [[one.step for one in plan.batches(step)] for step in (1, 2, 3)] == [[1, 1], [2], [3, 3]]
