"""Sample pictures: the model with its network as it is now, by the base's own noise schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from torch import Tensor

from trainer.devices import Compute
from trainer.files import replaced
from trainer.frames import whole
from trainer.model import BaseModel, Family, Texts
from trainer.noise import generator
from trainer.prompts import Prompt
from trainer.samplers import Sampler

Encode = Callable[[Sequence[str]], Texts]
_TITLES = {  # as AUTOMATIC1111 names them
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "pndm": "PLMS",
    "lms": "LMS",
    "euler": "Euler",
    "euler_a": "Euler a",
    "heun": "Heun",
    "dpm_2": "DPM2",
    "dpm_2_a": "DPM2 a",
    "dpmsolver": "DPM-Solver 2M",
    "dpmsolver++": "DPM++ 2M",
    "dpmsingle": "DPM++ 2S",
    "unipc": "UniPC",
}


@torch.no_grad()
def draw(
    family: Family, model: BaseModel, compute: Compute, encode: Encode, prompt: Prompt
) -> Image.Image:
    """One picture with classifier-free guidance; the same for the same seed and weights.

    `encode` turns texts into what the model attends to. Guidance (Ho and Salimans 2022):
    out = empty + guidance (text - empty).
    """
    sampler = Sampler(prompt.sampler, model.scheduler, compute, prompt.steps)
    shape = (1, model.unet.config.in_channels, prompt.height // 8, prompt.width // 8)
    random = generator("sample", prompt.seed)
    latents = torch.randn(shape, generator=random).to(compute.device) * sampler.first_sigma
    texts = encode([prompt.negative, prompt.text])
    frames = [whole((prompt.width, prompt.height))] * 2
    for timestep in sampler.timesteps:
        doubled = sampler.scaled(torch.cat([latents] * 2), timestep)
        with compute.autocast():
            both = family.predict(model, doubled, timestep, texts, frames).float()
        empty, text = both.chunk(2)
        predicted = empty + prompt.guidance * (text - empty)
        latents = sampler.step(predicted, timestep, latents, random)
    return _decode(model, compute, latents)


def _decode(model: BaseModel, compute: Compute, latents: Tensor) -> Image.Image:
    model.vae.to(compute.device)
    colours = model.vae.decode(latents / model.latent_scale).sample[0]
    pixels = ((colours / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8)
    return Image.fromarray(pixels.permute(1, 2, 0).cpu().numpy())


def save_picture(picture: Image.Image, path: Path, parameters: str = "") -> None:
    """Write a PNG, whole or not at all, with `parameters` in it as other programs read them."""
    said = PngInfo()
    if parameters:
        said.add_text("parameters", parameters)
    with replaced(path) as beside:
        picture.save(beside, format="PNG", pnginfo=said)


def parameters_of(prompt: Prompt, model: str) -> str:
    """How a picture was drawn, as AUTOMATIC1111's program writes it into its own.

    `model` is the name of the base and of the network.
    """
    lines = [prompt.text]
    if prompt.negative:
        lines.append(f"Negative prompt: {prompt.negative}")
    facts = {
        "Steps": prompt.steps,
        "Sampler": _TITLES[prompt.sampler.removeprefix("k_")],
        "CFG scale": f"{prompt.guidance:g}",
        "Seed": prompt.seed,
        "Size": f"{prompt.width}x{prompt.height}",
        "Model": model.replace(",", " "),
    }
    lines.append(", ".join(f"{name}: {value}" for name, value in facts.items()))
    return "\n".join(lines)
