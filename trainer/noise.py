"""Noise and timesteps: what one training step adds to the latents, as a pure function of a seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from trainer.noise_options import NoiseOptions
from trainer.order import Place

# What settings say, as diffusers names it, where the last timestep is noise alone.
ZERO_TERMINAL = {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}


def generator(*key: object) -> torch.Generator:
    """Random numbers on the CPU that depend on `key` alone, so that any step can be repeated."""
    digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
    return torch.Generator("cpu").manual_seed(int.from_bytes(digest[:8], "little"))


def gaussian(shape: torch.Size, random: torch.Generator, device: torch.device) -> Tensor:
    """Gaussian numbers, float32; drawn on the CPU, so that they are the same on every device."""
    # A copy that is not waited for may read memory that was freed meanwhile, but not on CUDA.
    numbers = torch.randn(shape, generator=random)
    return numbers.to(device, non_blocking=device.type == "cuda")


def strength(most: float, random: torch.Generator | None) -> float:
    """`most`, or with `random` a share of it by chance: most * U(0, 1)."""
    return most if random is None else most * float(torch.rand(1, generator=random))


def with_offset(
    noise: Tensor, latents: Tensor, offset: float, adaptive: float, random: torch.Generator
) -> Tensor:
    """noise + o * g, with a Gaussian number g for every channel of every picture.

    o = `offset`; with `adaptive` s not 0, o = max(0, offset + s * |mean of the channel's latent|)
    (sd-scripts, apply_noise_offset; Guttenberg 2023, "Diffusion with Offset Noise").
    """
    share: Tensor | float = offset
    if adaptive:
        share = (offset + adaptive * latents.mean(dim=(2, 3), keepdim=True).abs()).clamp(min=0)
    shape = torch.Size((*noise.shape[:2], 1, 1))
    return noise + share * gaussian(shape, random, noise.device)


def pyramid(noise: Tensor, iterations: int, discount: float, random: torch.Generator) -> Tensor:
    """noise + sum over i of discount^i * coarse noise i, all divided by its deviation.

    Coarse noise i is Gaussian, of sides max(1, floor(side / r^i)) with r = 2 + 2 U(0, 1) drawn for
    each, enlarged bilinearly; none follows one with a side of 1 (sd-scripts, pyramid_noise_like;
    Whitaker 2023, "Multi-Resolution Noise for Diffusion Model Training").
    """
    height, width = noise.shape[2:]
    for level in range(iterations):
        ratio = 2 + 2 * float(torch.rand(1, generator=random))
        rows, columns = (max(1, int(side / ratio**level)) for side in (height, width))
        coarse = gaussian(torch.Size((*noise.shape[:2], rows, columns)), random, noise.device)
        enlarged = functional.interpolate(coarse, size=(height, width), mode="bilinear")
        noise = noise + enlarged * discount**level
        if min(rows, columns) == 1:
            break
    return noise / noise.std()


def draw_noise(options: NoiseOptions, latents: Tensor, random: torch.Generator) -> Tensor:
    """The noise of a batch of latents, in their shape and on their device, float32."""
    noise = gaussian(latents.shape, random, latents.device)
    if options.noise_offset:
        chance = random if options.noise_offset_random_strength else None
        offset = strength(options.noise_offset, chance)
        noise = with_offset(noise, latents, offset, options.adaptive_noise_scale, random)
    if options.multires_noise_iterations:
        discount = options.multires_noise_discount
        noise = pyramid(noise, options.multires_noise_iterations, discount, random)
    return noise


def draw_shares(options: NoiseOptions, count: int, random: torch.Generator) -> Tensor:
    """Where between no noise (0) and all of it (1) each picture of a batch is trained, (count,).

    uniform: t = U(0, 1). sigmoid: t = 1 / (1 + exp(-sigmoid_scale * g)) with a Gaussian g, which is
    logit-normal. shift: of that, t s / (1 + (s - 1) t) with s = discrete_flow_shift (sd-scripts,
    get_noisy_model_input_and_timesteps; Esser et al. 2024, "Scaling Rectified Flow Transformers").
    """
    if options.timestep_sampling == "uniform":
        return torch.rand(count, generator=random)
    shares = torch.sigmoid(options.sigmoid_scale * torch.randn(count, generator=random))
    if options.timestep_sampling == "shift":
        shift = options.discrete_flow_shift
        shares = shares * shift / (1 + (shift - 1) * shares)
    return shares


def draw_timesteps(
    options: NoiseOptions, count: int, total: int, random: torch.Generator
) -> Tensor:
    """Timesteps from min_timestep up to but without max_timestep, (count,), of `total`.

    Equal ones give that timestep alone, as in sd-scripts.
    """
    low = min(options.min_timestep, total - 1)
    high = max(low + 1, min(options.max_timestep, total))
    steps = low + (draw_shares(options, count, random) * (high - low)).long()
    return steps.clamp(max=high - 1)


def zero_terminal(alphas_cumprod: Tensor) -> Tensor:
    """The same schedule with nothing left of a latent at its last timestep.

    r_t = (sqrt(a_t) - sqrt(a_T)) * sqrt(a_0) / (sqrt(a_0) - sqrt(a_T)), squared (Lin et al. 2023,
    "Common Diffusion Noise Schedules and Sample Steps are Flawed", algorithm 1).
    """
    roots = alphas_cumprod.sqrt()
    first, last = roots[0].clone(), roots[-1].clone()
    return ((roots - last) * first / (first - last)) ** 2


class Schedule:
    """How much of a latent is left at each timestep; betas rise like squares of a line (SD)."""

    def __init__(self, settings: Mapping[str, Any], device: torch.device) -> None:
        """`settings` are those of the base's scheduler, as diffusers names them."""
        self.timesteps = int(settings.get("num_train_timesteps", 1000))
        first, last = settings["beta_start"] ** 0.5, settings["beta_end"] ** 0.5
        betas = torch.linspace(first, last, self.timesteps, dtype=torch.float64) ** 2
        alphas = (1 - betas).cumprod(0)
        # As in sd-scripts the loss is weighed by the schedule without zero terminal SNR, which
        # would leave the last timestep without any weight.
        self._snr = (alphas / (1 - alphas)).to(torch.float32).to(device)
        if settings.get("rescale_betas_zero_snr"):
            alphas = zero_terminal(alphas)
        self.velocity = settings.get("prediction_type") == "v_prediction"
        self.alphas_cumprod = alphas.to(torch.float32).to(device)

    def add(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """Noisy latents: sqrt(a) x + sqrt(1 - a) noise, with a of each picture's timestep."""
        alphas = self.alphas_cumprod[timesteps].view(-1, 1, 1, 1)
        return alphas.sqrt() * latents + (1 - alphas).sqrt() * noise

    def target(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """What the base predicts: the noise, or the velocity sqrt(a) noise - sqrt(1 - a) x.

        Salimans and Ho 2022, "Progressive Distillation", appendix D.
        """
        if not self.velocity:
            return noise
        alphas = self.alphas_cumprod[timesteps].view(-1, 1, 1, 1)
        return alphas.sqrt() * noise - (1 - alphas).sqrt() * latents

    def snr(self, timesteps: Tensor) -> Tensor:
        """Signal-to-noise ratio a / (1 - a) of each timestep, (batch,)."""
        return self._snr[timesteps]


@dataclass(frozen=True, slots=True)
class Noised:
    """A batch as the model gets it: noisy latents, their timesteps, and what it should predict."""

    noisy: Tensor
    timesteps: Tensor
    target: Tensor


def add_noise(
    options: NoiseOptions, schedule: Schedule, latents: Tensor, random: torch.Generator
) -> Noised:
    """Noise and timesteps drawn for a batch, in sd-scripts' order.

    With ip_noise_gamma g the latents get noise + g * another noise, while the target keeps the
    first alone (Ning et al. 2023, "Input Perturbation Reduces Exposure Bias in Diffusion Models").
    """
    noise = draw_noise(options, latents, random)
    drawn = draw_timesteps(options, len(latents), schedule.timesteps, random)
    timesteps = drawn.to(latents.device, non_blocking=latents.device.type == "cuda")
    added = noise
    if options.ip_noise_gamma:
        chance = random if options.ip_noise_gamma_random_strength else None
        gamma = strength(options.ip_noise_gamma, chance)
        added = noise + gamma * gaussian(noise.shape, random, noise.device)
    noisy = schedule.add(latents, added, timesteps)
    return Noised(noisy, timesteps, schedule.target(latents, noise, timesteps))


def add_noise_to_share(
    options: NoiseOptions,
    schedule: Schedule,
    latents: Tensor,
    random: torch.Generator,
    place: Place | None,
) -> Noised:
    """`add_noise` for the pictures of a batch that are computed here; None means all of them.

    Drawn for the whole batch, so that each picture gets the same as in one process.
    """
    if place is None:
        return add_noise(options, schedule, latents, random)
    rows = slice(place.first, place.first + place.count)
    wide = latents.new_zeros((place.whole, *latents.shape[1:]))
    wide[rows] = latents
    noised = add_noise(options, schedule, wide, random)
    return Noised(noised.noisy[rows], noised.timesteps[rows], noised.target[rows])
