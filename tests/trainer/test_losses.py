"""The loss and its weights, against figures of sd-scripts and by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor

from trainer import losses
from trainer.noise import Noised, Schedule
from trainer.noise_options import NoiseOptions

FIGURES = json.loads((Path(__file__).parent / "data" / "snr.json").read_text("utf-8"))
SETTINGS = {"beta_start": 0.00085, "beta_end": 0.012}


def weight(snr: float, *, velocity: bool, **options: object) -> float:
    chosen = NoiseOptions(**options)  # type: ignore[arg-type]
    return float(losses.timestep_weights(chosen, torch.tensor([snr]), velocity))


@pytest.mark.parametrize("timestep", list(FIGURES))
def test_min_snr_weights_are_those_of_sd_scripts(timestep: str) -> None:
    figures = FIGURES[timestep]
    for key, velocity in (("min_snr5_eps", False), ("min_snr5_v", True)):
        if key in figures:
            found = weight(figures["snr"], velocity=velocity, min_snr_gamma=5.0)
            assert found == pytest.approx(figures[key], rel=1e-5)


def test_weights_by_hand() -> None:
    assert weight(20, velocity=False) == 1
    assert weight(20, velocity=False, min_snr_gamma=5) == pytest.approx(5 / 20)
    assert weight(4, velocity=False, min_snr_gamma=5) == 1
    assert weight(20, velocity=True, min_snr_gamma=5) == pytest.approx(5 / 21)
    assert weight(4, velocity=True, min_snr_gamma=5) == pytest.approx(4 / 5)
    assert weight(4, velocity=False, debiased_estimation_loss=True) == pytest.approx(1 / 2)
    assert weight(4, velocity=True, debiased_estimation_loss=True) == pytest.approx(1 / 5)
    assert weight(1e6, velocity=False, debiased_estimation_loss=True) == pytest.approx(1000**-0.5)
    scaled = weight(4, velocity=True, scale_v_pred_loss_like_noise_pred=True, min_snr_gamma=2)
    assert scaled == pytest.approx(2 / 5 * 4 / 5)
    assert weight(4, velocity=False, v_pred_like_loss=0.1) == pytest.approx(1 + 0.1 * 5 / 4)
    assert weight(1e6, velocity=False, v_pred_like_loss=1) == pytest.approx(1 + 1001 / 1000)


def test_every_kind_of_loss_by_hand() -> None:
    predicted, target = torch.tensor([[[[0.0, 3.0]]]]), torch.tensor([[[[0.0, -1.0]]]])

    def found(kind: str) -> list[float]:
        rows: list[float] = (
            losses.pixel_losses(predicted, target, kind, torch.tensor([3.0])).flatten().tolist()
        )
        return rows

    assert found("l2") == [0, 16]
    assert found("l1") == [0, 4]
    assert found("huber") == [0, pytest.approx(2 * 3 * (5 - 3))]
    assert found("smooth_l1") == [0, pytest.approx(2 * (5 - 3))]


@pytest.mark.parametrize("kind", ["huber", "smooth_l1"])
def test_the_gradient_of_huber_is_a_number_where_the_prediction_is_right(kind: str) -> None:
    predicted = torch.zeros(1, 1, 2, 2, requires_grad=True)
    errors = losses.pixel_losses(predicted, torch.zeros(1, 1, 2, 2), kind, torch.tensor([1e-6]))
    errors.sum().backward()
    assert predicted.grad is not None
    assert predicted.grad.tolist() == torch.zeros(1, 1, 2, 2).tolist()


def thresholds(**options: object) -> list[float]:
    schedule = Schedule(SETTINGS, torch.device("cpu"))
    chosen = NoiseOptions(**options)  # type: ignore[arg-type]
    found: list[float] = losses.huber_thresholds(
        chosen, schedule, torch.tensor([0, 500, 999])
    ).tolist()
    return found


def test_thresholds_of_huber_by_hand() -> None:
    constant = thresholds(huber_schedule="constant", huber_c=0.2, huber_scale=2.0)
    assert constant == [pytest.approx(0.4)] * 3
    exponential = thresholds(huber_schedule="exponential", huber_c=0.01, huber_scale=2.0)
    assert exponential == [2.0, pytest.approx(0.2), pytest.approx(2 * 0.01**0.999)]
    sigmas = [FIGURES[at]["snr"] ** -0.5 for at in ("0", "500", "999")]
    by_hand = [0.9 / (1 + sigma) ** 2 + 0.1 for sigma in sigmas]
    assert thresholds(huber_scale=7.0) == pytest.approx(by_hand, rel=1e-3)


def mask_of(share: float) -> Tensor:
    mask = torch.zeros(1, 1, 16, 16)
    mask[..., : int(16 * share)] = 1
    return mask


def test_a_mask_counts_by_its_area_and_normalized_by_what_it_leaves() -> None:
    errors = torch.ones(2, 4, 2, 2)
    masks = torch.cat([mask_of(0.5), mask_of(0.25)])
    plain = losses.masked(errors, masks, normalized=False)
    assert plain[0, 0].tolist() == [[1, 0], [1, 0]]
    assert plain[1, 3].tolist() == [[0.5, 0], [0.5, 0]]  # half of the left half is covered
    normalized = losses.masked(errors, masks, normalized=True)
    assert normalized.mean(dim=(1, 2, 3)).tolist() == [1, 1]
    nothing = losses.masked(errors, torch.zeros(2, 1, 16, 16), normalized=True)
    assert nothing.tolist() == torch.zeros(2, 4, 2, 2).tolist()


def test_the_loss_is_averaged_per_picture_in_float32_and_weighed_by_its_timestep() -> None:
    schedule = Schedule(SETTINGS, torch.device("cpu"))
    predicted = torch.stack([torch.full((4, 8, 8), 2.0), torch.full((4, 8, 8), 300.0)])
    noised = Noised(predicted, torch.tensor([0, 999]), torch.zeros(2, 4, 8, 8))
    found = losses.per_picture(NoiseOptions(), schedule, predicted.half(), noised)
    assert found.dtype == torch.float32
    assert found.tolist() == [4.0, 90000.0]  # the second is beyond what fp16 holds
    options = NoiseOptions(min_snr_gamma=5)
    steadied = losses.per_picture(options, schedule, predicted, noised, torch.ones(2, 1, 64, 64))
    assert steadied.tolist() == [pytest.approx(4 * 5 / FIGURES["0"]["snr"], rel=1e-3), 90000.0]
