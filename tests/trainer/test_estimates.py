"""The memory of a run by its formula, against sums made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.estimates import Sizes, memory

SD1 = Sizes(
    family="sd1",
    unet=860_000_000,
    text=123_000_000,
    network=10_000_000,
    bucket=(512, 512),
    pictures=100,
    batch=2,
    half=True,
    checkpointing="no",
    optimizer="AdamW",
    ema=False,
    trains_text=False,
    text_tokens=75,
    text_cached=False,
)


def test_the_parts_are_what_the_formula_says() -> None:
    found = memory(SD1)
    assert found["base"] == 2 * 983_000_000
    assert found["network"] == 160_000_000
    assert found["activations"] == 2 * 4096 * 313_000
    assert found["pictures"] == 16 * 4096 * 100
    assert found["all"] == pytest.approx(sum(found.values()) - found["all"])


def test_what_saves_memory_saves_it_in_the_right_place() -> None:
    whole = memory(SD1)
    assert memory(replace(SD1, checkpointing="whole"))["activations"] < whole["activations"] / 4
    half = memory(replace(SD1, checkpointing="large"))["activations"]
    assert whole["activations"] / 3 < half < whole["activations"]
    assert memory(replace(SD1, optimizer="AdamW8bit"))["network"] == 100_000_000
    assert memory(replace(SD1, text_cached=True))["base"] == 2 * 860_000_000
    assert memory(replace(SD1, half=False))["base"] == 2 * whole["base"]
    assert memory(replace(SD1, ema=True))["network"] == 200_000_000
    assert memory(replace(SD1, pictures=100_000))["pictures"] == 0


@given(st.integers(1, 64), st.sampled_from(["sd1", "sd2", "sdxl"]), st.booleans())
def test_a_larger_batch_never_needs_less(batch: int, family: str, text: bool) -> None:
    sizes = replace(SD1, batch=batch, family=family, trains_text=text)
    assert memory(replace(sizes, batch=batch + 1))["all"] > memory(sizes)["all"]
