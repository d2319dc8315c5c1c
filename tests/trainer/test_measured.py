"""Measured steps that are kept for later plans, beside others of their kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from trainer.measured import Measured, StepKind, keep, recall

KIND = StepKind(
    device="GPU",
    family="sd1 860",
    precision="bf16",
    checkpointing="no",
    optimizer="AdamW",
    network="lora 32 0",
    parts="unet True, text False",
)
STEP = Measured(batch=2, width=512, height=512, accumulation=1, seconds=0.5, peak=10)


def test_the_same_step_is_recalled_as_it_was_measured_last(tmp_path: Path) -> None:
    assert recall(KIND, STEP, tmp_path) is None
    keep(KIND, replace(STEP, seconds=9.0), tmp_path)
    keep(KIND, STEP, tmp_path)
    assert recall(KIND, replace(STEP, seconds=0, peak=0), tmp_path) == STEP


def test_the_nearest_size_is_scaled_by_pixels_and_says_so(tmp_path: Path) -> None:
    keep(KIND, STEP, tmp_path)
    keep(KIND, replace(STEP, batch=64, seconds=99.0), tmp_path)
    found = recall(KIND, replace(STEP, batch=4), tmp_path)
    assert found == replace(STEP, batch=4, seconds=1.0, peak=0, exact=False)


def test_steps_of_another_kind_say_nothing(tmp_path: Path) -> None:
    keep(KIND, STEP, tmp_path)
    assert recall(replace(KIND, precision="no"), STEP, tmp_path) is None


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "trainer-steps.json").write_text("{[", "utf-8")
    assert recall(KIND, STEP, tmp_path) is None
    keep(KIND, STEP, tmp_path)
    assert recall(KIND, STEP, tmp_path) == STEP
