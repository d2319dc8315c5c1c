"""Noise, timesteps and the schedule, against figures of sd-scripts and by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from trainer import noise
from trainer.noise import Schedule, generator
from trainer.noise_options import SAMPLINGS, NoiseOptions

SETTINGS: dict[str, object] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "num_train_timesteps": 1000,
}
SHAPE = torch.Size((64, 4, 16, 16))
CPU = torch.device("cpu")
FIGURES = json.loads((Path(__file__).parent / "data" / "snr.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return Schedule(SETTINGS, CPU)


def drawn(latents: Tensor | None = None, key: object = 5, **options: object) -> Tensor:
    chosen = NoiseOptions(**options)  # type: ignore[arg-type]
    return noise.draw_noise(
        chosen, torch.zeros(SHAPE) if latents is None else latents, generator(key)
    )


@pytest.mark.parametrize("timestep", [int(one) for one in FIGURES])
def test_the_schedule_is_that_of_stable_diffusion(schedule: Schedule, timestep: int) -> None:
    figures = FIGURES[str(timestep)]
    at = torch.tensor([timestep])
    assert float(schedule.alphas_cumprod[timestep]) == pytest.approx(
        figures["alphas_cumprod"], rel=1e-5
    )
    assert float(schedule.snr(at)) == pytest.approx(figures["snr"], rel=1e-3)


def test_velocity_is_what_the_latents_move_by_when_noise_turns_into_them() -> None:
    velocity = Schedule({**SETTINGS, "prediction_type": "v_prediction"}, CPU)
    latents, added, times = torch.randn(SHAPE), torch.randn(SHAPE), torch.arange(64) * 15
    noisy, target = velocity.add(latents, added, times), velocity.target(latents, added, times)
    left = velocity.alphas_cumprod[times].view(-1, 1, 1, 1)
    assert torch.allclose(left.sqrt() * noisy - (1 - left).sqrt() * target, latents, atol=1e-5)
    assert torch.allclose((1 - left).sqrt() * noisy + left.sqrt() * target, added, atol=1e-5)


def test_noisy_latents_keep_the_variance_of_latents_and_noise(schedule: Schedule) -> None:
    latents, added = torch.randn(SHAPE), torch.randn(SHAPE)
    times = noise.draw_timesteps(NoiseOptions(), 64, 1000, generator(1))
    assert float(schedule.add(latents, added, times).var()) == pytest.approx(1.0, abs=0.05)


def test_the_same_key_draws_the_same_and_another_key_something_else() -> None:
    assert torch.equal(drawn(key="a"), drawn(key="a"))
    assert not torch.equal(drawn(key="a"), drawn(key="b"))


def test_a_noise_offset_shifts_whole_channels() -> None:
    shift = drawn(noise_offset=0.5) - drawn()
    assert torch.allclose(shift.std(dim=(2, 3)), torch.zeros(64, 4), atol=1e-5)
    assert float(shift.mean(dim=(2, 3)).std()) == pytest.approx(0.5, rel=0.2)


def test_an_adaptive_offset_grows_with_the_mean_of_each_channel_and_never_turns_around() -> None:
    latents = torch.zeros(SHAPE)
    latents[:, 1], latents[:, 2] = -2.0, 4.0
    plain, start = drawn(), torch.zeros(SHAPE)

    def shifts(adaptive: float) -> Tensor:
        moved = noise.with_offset(start, latents, 0.1, adaptive, generator(7))
        return (
            moved[:, :, 0, 0]
            / noise.with_offset(start, latents, 1.0, 0.0, generator(7))[:, :, 0, 0]
        )

    assert torch.allclose(shifts(0.05)[0], torch.tensor([0.1, 0.2, 0.3, 0.1]))
    assert torch.allclose(shifts(-0.03)[0], torch.tensor([0.1, 0.04, 0.0, 0.1]), atol=1e-6)
    assert not torch.equal(drawn(latents, noise_offset=0.1, adaptive_noise_scale=0.05), plain)


def test_a_strength_by_chance_is_a_share_of_the_whole() -> None:
    shares = [noise.strength(0.1, generator(key)) for key in range(200)]
    assert noise.strength(0.1, None) == 0.1
    assert 0 <= min(shares) < 0.01
    assert 0.09 < max(shares) < 0.1


def test_multires_noise_adds_coarser_noise_and_keeps_the_deviation() -> None:
    random = generator("pyramid")
    base = torch.randn((2, 3, 8, 12), generator=generator("base"))
    expected, by_hand = base.clone(), generator("pyramid")
    for level in range(6):
        ratio = 2 + 2 * float(torch.rand(1, generator=by_hand))
        sides = max(1, int(8 / ratio**level)), max(1, int(12 / ratio**level))
        coarse = torch.randn((2, 3, *sides), generator=by_hand)
        expected += torch.nn.Upsample((8, 12), mode="bilinear")(coarse) * 0.3**level
        if 1 in sides:
            break
    found = noise.pyramid(base, 6, 0.3, random)
    assert torch.allclose(found, expected / expected.std(), atol=1e-6)
    assert float(found.std()) == pytest.approx(1.0, rel=1e-5)
    assert random.get_state().equal(by_hand.get_state())  # none was drawn after a side of 1


@given(
    st.sampled_from(SAMPLINGS), st.integers(0, 999), st.integers(1, 1000), st.integers(0, 2**32 - 1)
)
def test_timesteps_keep_within_their_bounds(name: str, low: int, high: int, key: int) -> None:
    low = min(low, high)
    options = NoiseOptions(min_timestep=low, max_timestep=high, timestep_sampling=name)
    times = noise.draw_timesteps(options, 50, 1000, generator(key))
    assert low <= int(times.min())
    assert int(times.max()) < max(high, low + 1)


def test_uniform_timesteps_reach_from_the_first_to_the_last() -> None:
    times = noise.draw_timesteps(
        NoiseOptions(min_timestep=3, max_timestep=9), 2000, 1000, generator(1)
    )
    assert set(times.tolist()) == set(range(3, 9))


def test_sigmoid_timesteps_are_logit_normal_and_shift_moves_them() -> None:
    sigmoid = NoiseOptions(timestep_sampling="sigmoid", sigmoid_scale=0.5)
    shares = noise.draw_shares(sigmoid, 20_000, generator(1)).double()
    logits = torch.logit(shares)
    assert float(logits.mean()) == pytest.approx(0.0, abs=0.02)
    assert float(logits.std()) == pytest.approx(0.5, rel=0.02)
    shift = NoiseOptions(timestep_sampling="shift", sigmoid_scale=0.5, discrete_flow_shift=3.0)
    moved = torch.logit(noise.draw_shares(shift, 20_000, generator(1)).double())
    assert torch.allclose(moved, logits + math.log(3), atol=1e-4)  # what shifting is, on logits


def test_zero_terminal_snr_keeps_the_first_timestep_and_leaves_nothing_at_the_last(
    schedule: Schedule,
) -> None:
    found = Schedule({**SETTINGS, **noise.ZERO_TERMINAL}, CPU)
    assert float(found.alphas_cumprod[0]) == pytest.approx(float(schedule.alphas_cumprod[0]))
    assert float(found.alphas_cumprod[-1]) == 0.0
    first, last, middle = (float(schedule.alphas_cumprod[at]) ** 0.5 for at in (0, -1, 500))
    by_hand = ((middle - last) * first / (first - last)) ** 2
    assert float(found.alphas_cumprod[500]) == pytest.approx(by_hand, rel=1e-5)
    assert torch.equal(found.snr(torch.arange(1000)), schedule.snr(torch.arange(1000)))


def test_input_noise_is_added_beside_the_target(schedule: Schedule) -> None:
    latents = torch.randn(SHAPE)
    plain = noise.add_noise(NoiseOptions(), schedule, latents, generator(3))
    perturbed = noise.add_noise(NoiseOptions(ip_noise_gamma=0.1), schedule, latents, generator(3))
    assert torch.equal(plain.target, perturbed.target)
    left = schedule.alphas_cumprod[plain.timesteps].view(-1, 1, 1, 1)
    more = (perturbed.noisy - plain.noisy) / (1 - left).sqrt()
    assert float(more.std()) == pytest.approx(0.1, rel=0.02)
