"""The loss and its weights, against figures of sd-scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from trainer import losses

FIGURES = json.loads((Path(__file__).parent / "data" / "snr.json").read_text("utf-8"))


@pytest.mark.parametrize("timestep", list(FIGURES))
def test_min_snr_weights_are_those_of_sd_scripts(timestep: str) -> None:
    snr = torch.tensor([FIGURES[timestep]["snr"]])
    weight = losses.min_snr_weights(snr, 5.0)
    assert float(weight) == pytest.approx(FIGURES[timestep]["min_snr5_eps"], rel=1e-5)


def test_the_error_is_averaged_per_picture_in_float32() -> None:
    target = torch.zeros(2, 4, 8, 8)
    predicted = torch.stack([torch.full((4, 8, 8), 2.0), torch.full((4, 8, 8), 300.0)])
    found = losses.per_picture(predicted.half(), target)
    assert found.dtype == torch.float32
    assert found.tolist() == [4.0, 90000.0]  # the second is beyond what fp16 holds


def test_weights_come_before_the_mean() -> None:
    per_picture, snr = torch.tensor([1.0, 3.0]), torch.tensor([10.0, 1.0])
    found = losses.weighted(per_picture, torch.tensor([1.0, 0.5]), snr, gamma=5.0)
    assert float(found) == pytest.approx((1.0 * 1 * 0.5 + 3.0 * 0.5 * 1) / 2)


def test_gamma_0_leaves_the_loss_alone() -> None:
    per_picture, snr = torch.tensor([1.0, 3.0]), torch.tensor([10.0, 1.0])
    assert float(losses.weighted(per_picture, torch.ones(2), snr, gamma=0.0)) == 2.0
