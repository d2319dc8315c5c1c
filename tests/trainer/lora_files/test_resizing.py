"""Fewer ranks: nothing is lost that fits, and what is cut off is the smallest part."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.loras import TO_K, drawn, layer, write_lora
from trainer.errors import TrainerError
from trainer.lora_files.deltas import change
from trainer.lora_files.layers import Plain, plain
from trainer.lora_files.reading import read
from trainer.lora_files.resizing import Limit, approximate, kept_rank, ranks, resize, shrunk

DIAGONAL = torch.diag(torch.tensor([4.0, 2.0, 1.0]))


def test_the_largest_singular_values_stay_and_the_kept_energy_is_told() -> None:
    for found, kept in (
        approximate(DIAGONAL, Limit(rank=2)),
        shrunk(Plain(DIAGONAL, torch.eye(3)), Limit(rank=2)),
    ):
        expected = torch.diag(torch.tensor([4.0, 2.0, 0.0]))
        assert torch.allclose(found.product(), expected, atol=1e-6)
        assert kept.share == pytest.approx(20 / 21)


@pytest.mark.parametrize(
    ("limit", "rank"),
    [
        (Limit(keep=16 / 21), 1),
        (Limit(keep=0.8), 2),
        (Limit(keep=1.0), 3),
        (Limit(rank=2, keep=1.0), 2),
        (Limit(rank=9), 3),
    ],
)
def test_the_rank_is_the_smallest_that_holds_the_share(limit: Limit, rank: int) -> None:
    assert kept_rank(torch.tensor([4.0, 2.0, 1.0]), limit) == rank


def test_nothing_stays_nothing() -> None:
    found, kept = shrunk(Plain(torch.zeros(4, 2), torch.zeros(2, 3)), Limit(keep=0.9))
    assert found.rank == 1
    assert not found.product().any()
    assert kept.share == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 6), st.integers(0, 99))
def test_at_full_rank_the_product_is_the_same(out: int, wide: int, rank: int, seed: int) -> None:
    whole = Plain(drawn(out, rank, seed=seed), drawn(rank, wide, seed=(seed, 2)))
    found, kept = shrunk(whole, Limit(rank=rank))
    assert found.rank <= min(out, wide, rank)
    assert torch.allclose(found.product(), whole.product(), atol=1e-5)
    assert kept.share == pytest.approx(1)


def test_the_search_for_few_ranks_of_a_large_matrix_finds_the_best() -> None:
    low = drawn(120, 4) @ drawn(4, 100)
    found, kept = approximate(low, Limit(rank=4))
    assert torch.allclose(found.product(), low, atol=1e-4)
    assert kept.share == pytest.approx(1, abs=1e-6)
    noisy = low + 0.1 * drawn(120, 100)
    found, kept = approximate(noisy, Limit(rank=4))
    values = torch.linalg.svdvals(noisy).double().square()
    assert kept.share == pytest.approx(float(values[:4].sum() / values.sum()), abs=1e-5)


def test_a_file_is_resized_layer_by_layer(tmp_path: Path) -> None:
    layers = {TO_K["sd1"]: layer("lora", 8, 768, 4), "lora_unet_conv_in": layer("lora", rank=2)}
    file = read(write_lora(tmp_path / "a.safetensors", layers))
    found, _ = resize(file, Limit(rank=3))
    assert ranks(found) == (2, 3)
    full, kept = resize(file, Limit(rank=4))
    assert kept.share == pytest.approx(1)
    for name, parts in full.items():
        assert torch.allclose(plain(parts).product(), change(layers[name]), atol=1e-4)


def test_a_type_without_ranks_says_so(tmp_path: Path) -> None:
    file = read(write_lora(tmp_path / "a.safetensors", {TO_K["sd1"]: layer("dora", 8, 768)}))
    with pytest.raises(TrainerError, match=r"DoRA.*Convert"):
        resize(file, Limit(rank=1))
