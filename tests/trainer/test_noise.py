"""Noise, timesteps and the schedule, against figures of sd-scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from trainer.noise import Schedule, draw_noise, draw_timesteps, generator

SETTINGS: dict[str, object] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "num_train_timesteps": 1000,
}
SHAPE = torch.Size((64, 4, 16, 16))
FIGURES = json.loads((Path(__file__).parent / "data" / "snr.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return Schedule(SETTINGS, torch.device("cpu"))


@pytest.mark.parametrize("timestep", [int(one) for one in FIGURES])
def test_the_schedule_is_that_of_stable_diffusion(schedule: Schedule, timestep: int) -> None:
    figures = FIGURES[str(timestep)]
    at = torch.tensor([timestep])
    assert float(schedule.alphas_cumprod[timestep]) == pytest.approx(
        figures["alphas_cumprod"], rel=1e-5
    )
    assert float(schedule.snr(at)) == pytest.approx(figures["snr"], rel=1e-3)


def test_the_target_is_the_noise_or_the_velocity(schedule: Schedule) -> None:
    velocity = Schedule({**SETTINGS, "prediction_type": "v_prediction"}, torch.device("cpu"))
    latents, noise = torch.full((1, 1, 1, 1), 2.0), torch.full((1, 1, 1, 1), 3.0)
    at = torch.tensor([500])
    assert torch.equal(schedule.target(latents, noise, at), noise)
    left = FIGURES["500"]["alphas_cumprod"]
    expected = left**0.5 * 3 - (1 - left) ** 0.5 * 2
    assert float(velocity.target(latents, noise, at)) == pytest.approx(expected, rel=1e-4)


def test_noisy_latents_keep_the_variance_of_latents_and_noise(schedule: Schedule) -> None:
    latents, noise = torch.randn(SHAPE), torch.randn(SHAPE)
    noisy = schedule.add(latents, noise, draw_timesteps(64, 1000, generator(1)))
    assert float(noisy.var()) == pytest.approx(1.0, abs=0.05)


def test_the_same_key_draws_the_same_and_another_key_something_else() -> None:
    first = draw_noise(SHAPE, 0.0, generator("noise", 7, 3))
    again = draw_noise(SHAPE, 0.0, generator("noise", 7, 3))
    other = draw_noise(SHAPE, 0.0, generator("noise", 7, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_noise_offset_shifts_whole_channels() -> None:
    plain = draw_noise(SHAPE, 0.0, generator(5))
    offset = draw_noise(SHAPE, 0.5, generator(5))
    shift = offset - plain
    assert torch.allclose(shift.std(dim=(2, 3)), torch.zeros(64, 4), atol=1e-5)
    assert float(shift.mean(dim=(2, 3)).std()) == pytest.approx(0.5, rel=0.2)


def test_timesteps_reach_from_0_to_the_last_one() -> None:
    drawn = draw_timesteps(5000, 10, generator(1))
    assert set(drawn.tolist()) == set(range(10))
