"""Every sampler draws what its schedule promises, by chance that can be repeated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from trainer.devices import Compute
from trainer.noise import ZERO_TERMINAL, Schedule, generator
from trainer.output_options import SAMPLERS
from trainer.samplers import Sampler

CPU = Compute(torch.device("cpu"), "no")
STEPS = 12
TRUE = torch.linspace(-1.5, 1.5, 4 * 8 * 8).reshape(1, 4, 8, 8)


@pytest.fixture(scope="module")
def settings(practice: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((practice / "scheduler/scheduler_config.json").read_text())
    return found


def drawn(name: str, settings: dict[str, Any], seed: int = 1) -> Tensor:
    """What a sampler makes where the model knows the picture: it predicts the rest as noise."""
    schedule = Schedule(settings, CPU.device)
    sampler = Sampler(name, settings, CPU, STEPS)
    random = generator("sample", seed)
    latents = torch.randn(TRUE.shape, generator=random) * sampler.first_sigma
    for time in sampler.timesteps:
        seen = sampler.scaled(latents, time)
        # Some samplers ask between two timesteps.
        low, share = int(time), float(time) - int(time)
        alphas = schedule.alphas_cumprod
        ends = alphas[low].sqrt(), alphas[min(low + 1, len(alphas) - 1)].sqrt()
        root = ends[0] + share * (ends[1] - ends[0])
        rest = (1 - root.square()).sqrt()
        noise = (seen - root * TRUE) / rest.clamp(min=1e-4)
        predicted = root * noise - rest * TRUE if schedule.velocity else noise
        latents = sampler.step(predicted, time, latents, random)
    return latents


@pytest.mark.parametrize("kind", ["epsilon", "velocity", "zero terminal"])
@pytest.mark.parametrize("name", SAMPLERS)
def test_a_sampler_arrives_at_what_the_model_sees(
    name: str, kind: str, settings: dict[str, Any]
) -> None:
    if kind != "epsilon":
        settings = settings | {"prediction_type": "v_prediction"}
    if kind == "zero terminal":
        settings = settings | ZERO_TERMINAL
    error = (drawn(name, settings) - TRUE).abs().mean()
    assert error < 0.1


@pytest.mark.parametrize("name", SAMPLERS)
def test_all_chance_of_a_sampler_is_that_of_its_seed(name: str, settings: dict[str, Any]) -> None:
    torch.manual_seed(1)
    first = drawn(name, settings)
    before = torch.get_rng_state()
    assert torch.equal(first, drawn(name, settings))
    assert torch.equal(before, torch.get_rng_state())


def test_names_of_k_diffusion_mean_the_same(settings: dict[str, Any]) -> None:
    assert torch.equal(drawn("euler_a", settings), drawn("k_euler_a", settings))
