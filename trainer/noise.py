"""Noise and timesteps: what one training step adds to the latents, as a pure function of a seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


def generator(*key: object) -> torch.Generator:
    """Random numbers on the CPU that depend on `key` alone, so that any step can be repeated."""
    digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
    return torch.Generator("cpu").manual_seed(int.from_bytes(digest[:8], "little"))


def draw_noise(shape: torch.Size, noise_offset: float, random: torch.Generator) -> Tensor:
    """Gaussian noise of shape (batch, channels, height, width), float32 on the CPU.

    With an offset every channel of every picture is shifted by `noise_offset` times a Gaussian
    number (training reference 1.7).
    """
    noise = torch.randn(shape, generator=random)
    if noise_offset:
        noise += noise_offset * torch.randn((*shape[:2], 1, 1), generator=random)
    return noise


def draw_timesteps(count: int, end: int, random: torch.Generator) -> Tensor:
    """Whole numbers from 0 up to but without `end`, (count,)."""
    return torch.randint(0, end, (count,), generator=random)


class Schedule:
    """How much of a latent is left at each timestep; betas rise like squares of a line (SD)."""

    def __init__(self, settings: Mapping[str, Any], device: torch.device) -> None:
        """`settings` are those of the base's scheduler, as diffusers names them."""
        self.timesteps = int(settings.get("num_train_timesteps", 1000))
        first, last = settings["beta_start"] ** 0.5, settings["beta_end"] ** 0.5
        betas = torch.linspace(first, last, self.timesteps, dtype=torch.float64) ** 2
        self._velocity = settings.get("prediction_type") == "v_prediction"
        self.alphas_cumprod = (1 - betas).cumprod(0).to(torch.float32).to(device)

    def add(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """Noisy latents: sqrt(a) x + sqrt(1 - a) noise, with a of each picture's timestep."""
        alphas = self.alphas_cumprod[timesteps].view(-1, 1, 1, 1)
        return alphas.sqrt() * latents + (1 - alphas).sqrt() * noise

    def target(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """What the base predicts: the noise, or the velocity sqrt(a) noise - sqrt(1 - a) x.

        Salimans and Ho 2022, "Progressive Distillation", appendix D.
        """
        if not self._velocity:
            return noise
        alphas = self.alphas_cumprod[timesteps].view(-1, 1, 1, 1)
        return alphas.sqrt() * noise - (1 - alphas).sqrt() * latents

    def snr(self, timesteps: Tensor) -> Tensor:
        """Signal-to-noise ratio a / (1 - a) of each timestep, (batch,)."""
        alphas = self.alphas_cumprod[timesteps]
        return alphas / (1 - alphas)
