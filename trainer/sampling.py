"""Sample pictures: the model with its network as it is now, drawn with the base's own schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from PIL import Image
from torch import Tensor

from trainer.devices import Compute
from trainer.files import replaced
from trainer.frames import whole
from trainer.model import BaseModel, Family, Texts
from trainer.noise import generator
from trainer.prompts import Prompt

Encode = Callable[[Sequence[str]], Texts]


@torch.no_grad()
def draw(
    family: Family, model: BaseModel, compute: Compute, encode: Encode, prompt: Prompt
) -> Image.Image:
    """One picture by DDIM with classifier-free guidance; the same for the same seed and weights.

    `encode` turns texts into what the model attends to. Guidance (Ho and Salimans 2022):
    out = empty + guidance (text - empty).
    """
    scheduler: Any = DDIMScheduler.from_config(model.scheduler, clip_sample=False)
    scheduler.set_timesteps(prompt.steps, device=compute.device)
    shape = (1, model.unet.config.in_channels, prompt.height // 8, prompt.width // 8)
    latents = torch.randn(shape, generator=generator("sample", prompt.seed)).to(compute.device)
    texts = encode([prompt.negative, prompt.text])
    frames = [whole((prompt.width, prompt.height))] * 2
    for timestep in scheduler.timesteps:
        with compute.autocast():
            both = family.predict(model, torch.cat([latents] * 2), timestep, texts, frames).float()
        empty, text = both.chunk(2)
        predicted = empty + prompt.guidance * (text - empty)
        latents = scheduler.step(predicted, timestep, latents).prev_sample
    return _decode(model, compute, latents)


def _decode(model: BaseModel, compute: Compute, latents: Tensor) -> Image.Image:
    model.vae.to(compute.device)
    colours = model.vae.decode(latents / model.latent_scale).sample[0]
    pixels = ((colours / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8)
    return Image.fromarray(pixels.permute(1, 2, 0).cpu().numpy())


def save_picture(picture: Image.Image, path: Path) -> None:
    """Write a PNG, whole or not at all."""
    with replaced(path) as beside:
        picture.save(beside, format="PNG")
