"""As many regularization pictures as training pictures, in turns where there are more."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from trainer.buckets import BucketRule
from trainer.dataset import Item
from trainer.order import BatchPlan, Manner
from trainer.regularization import apportion, balance_reg, share_reg
from trainer.subsets import Subset

REG = Subset(
    image_dir=Path("1_animal"),
    num_repeats=1,
    class_tokens="animal",
    is_reg=True,
    rule=BucketRule(),
)


def sd_scripts_balance(repeats: list[int], wanted: int) -> list[int]:
    """The loop of DreamBoothDataset, word for word in what it does."""
    shown, first, used = 0, True, list[int]()
    while shown < wanted and repeats:
        for at, times in enumerate(repeats):
            if first:
                used.append(times)
                shown += times
            else:
                used[at] += 1
                shown += 1
            if shown >= wanted:
                break
        first = False
    return used


@given(st.lists(st.integers(1, 4), max_size=8), st.integers(0, 60))
def test_regularization_is_balanced_as_sd_scripts_does(repeats: list[int], wanted: int) -> None:
    reg = [Item(Path(f"{at}"), "", times, 8, 8, REG) for at, times in enumerate(repeats)]
    assert [item.repeats for item in balance_reg(reg, wanted)] == sd_scripts_balance(
        repeats, wanted
    )


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.data())
def test_shares_add_up_and_are_within_one_of_what_is_due(
    counts: list[int], data: st.DataObject
) -> None:
    total = sum(counts) or 1
    counts = counts if sum(counts) else [1, *counts]
    wanted = data.draw(st.integers(0, total))
    shares = apportion(counts, wanted)
    assert sum(shares) == wanted
    for share, count in zip(shares, counts, strict=True):
        assert abs(share - count * wanted / total) < 1
        assert share <= count


def test_the_remainders_decide_by_their_size() -> None:
    assert apportion([5, 3, 2], 5) == [3, 1, 1]  # 2.5, 1.5, 1.0


@given(
    st.lists(st.tuples(st.sampled_from([(512, 512), (512, 768)]), st.integers(1, 3)), min_size=1),
    st.integers(1, 30),
    st.integers(1, 4),
)
def test_every_epoch_has_the_same_steps_and_in_time_all_are_shown(
    rows: list[tuple[tuple[int, int], int]], wanted: int, batch: int
) -> None:
    reg = [Item(Path(f"{at}"), "", times, *size, REG) for at, (size, times) in enumerate(rows)]
    shared = share_reg(reg, wanted, first=0, exactly=False)
    buckets = [item.placement.bucket for item in shared.items]
    repeats = [item.repeats for item in shared.items]
    plan = BatchPlan(buckets, repeats, batch, 1, 1, Manner(tuple(shared.pools)))
    shown = set()
    for epoch in range(60):
        steps = range(epoch * plan.steps_per_epoch, (epoch + 1) * plan.steps_per_epoch)
        items = [at for step in steps for one in plan.batches(step) for at in one.items]
        assert len(items) == wanted
        shown |= set(items)
    most = (
        max((-(-sum(repeats[at] for at in pool.items) // pool.shown)) for pool in shared.pools)
        if shared.pools
        else 1
    )
    assert most > 60 or shown == set(range(len(shared.items)))
