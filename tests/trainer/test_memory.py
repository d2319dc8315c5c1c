"""What helps where memory is short, and how a driver's spilling is seen."""

from __future__ import annotations

import pytest

from trainer.config import RunConfig
from trainer.memory import advice, spills, too_little

TOTAL = 24 * 2**30
FULL = int(0.97 * TOTAL)


def test_advice_names_only_what_is_still_to_be_had() -> None:
    config = RunConfig(train_batch_size=1, gradient_checkpointing=True, mixed_precision="bf16")
    text = advice(config)
    assert "train_batch_size" not in text
    assert "gradient_checkpointing" not in text
    assert text.startswith("What helps, in this order: train the UNet alone")


def test_the_least_costly_comes_first_and_says_what_it_saves() -> None:
    text = advice(RunConfig(train_batch_size=4, resolution=(1024, 1024)))
    assert text.startswith("What helps, in this order: lower train_batch_size")
    assert "half the batch needs half" in text
    assert text.index("gradient_accumulation_steps") < text.index("gradient_checkpointing")


def test_a_run_that_has_done_all_is_still_told_something() -> None:
    frugal = RunConfig(
        train_batch_size=1,
        gradient_checkpointing=True,
        mixed_precision="bf16",
        network_train_unet_only=True,
        optimizer_type="AdamW8bit",
        resolution=(512, 512),
    )
    assert "lower network_dim or the resolution" in advice(frugal)


def test_an_error_says_where_and_what_became_of_the_run() -> None:
    error = too_little(RunConfig(), "step 3 was trained", "All is saved.")
    assert error.message.endswith("it ran out while step 3 was trained. All is saved.")


@pytest.mark.parametrize(
    ("seconds", "reserved", "expected"),
    [
        ([1.0] * 30 + [3.0] * 20, FULL, True),
        ([1.0] * 30 + [3.0] * 20, TOTAL // 2, False),  # slower for another reason
        ([1.0] * 30 + [2.0] * 20, FULL, False),
        ([1.0] * 50, FULL, False),  # full, and as fast as ever
        ([1.0] * 49 + [60.0], FULL, False),  # one slow step is none
        ([1.0] * 10 + [3.0] * 20, FULL, False),  # too few to tell
        ([1.0], TOTAL + 1, True),  # more than there is
    ],
)
def test_a_jump_of_the_step_time_with_full_memory_is_spilling(
    seconds: list[float], reserved: int, expected: bool
) -> None:
    assert spills(seconds, reserved, TOTAL) is expected
