"""The samplers that sample pictures are drawn with, under sd-scripts' names."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from typing import Any

import torch
from diffusers import schedulers
from torch import Tensor

from trainer.devices import Compute
from trainer.noise import Schedule
from trainer.quiet import quiet

_SMALLEST = 2.0**-24  # of what is left of a latent; some samplers divide by it
_CLASSES: Mapping[str, str] = {
    "ddim": "DDIMScheduler",
    "ddpm": "DDPMScheduler",
    "pndm": "PNDMScheduler",
    "lms": "LMSDiscreteScheduler",
    "euler": "EulerDiscreteScheduler",
    "euler_a": "EulerAncestralDiscreteScheduler",
    "heun": "HeunDiscreteScheduler",
    "dpm_2": "KDPM2DiscreteScheduler",
    "dpm_2_a": "KDPM2AncestralDiscreteScheduler",
    "dpmsolver": "DPMSolverMultistepScheduler",
    "dpmsolver++": "DPMSolverMultistepScheduler",
    "dpmsingle": "DPMSolverSinglestepScheduler",
    "unipc": "UniPCMultistepScheduler",
}


class Sampler:
    """A sampler with the noise schedule of a base model, set for some steps."""

    def __init__(
        self, name: str, settings: Mapping[str, Any], compute: Compute, steps: int
    ) -> None:
        """`settings` are those of the base's scheduler: prediction and zero terminal SNR too."""
        name = name.removeprefix("k_")
        kind = getattr(schedulers, _CLASSES[name])
        known = inspect.signature(kind.__init__).parameters
        more: dict[str, Any] = {"clip_sample": False, "skip_prk_steps": True}
        if name.startswith("dpmsolver"):
            more["algorithm_type"] = name
        if name == "dpmsolver":
            more["final_sigmas_type"] = "sigma_min"  # the only one that it takes
        if settings.get("rescale_betas_zero_snr") and "rescale_betas_zero_snr" not in known:
            more["trained_betas"] = _betas(settings)
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # how diffusers writes is not ours to mend
            self._scheduler = kind.from_config(
                {key: value for key, value in {**settings, **more}.items() if key in known}
            )
            self._scheduler.set_timesteps(steps, device=compute.device)
        takes = inspect.signature(self._scheduler.step).parameters
        self._takes_chance = "generator" in takes

    @property
    def timesteps(self) -> Tensor:
        """At which the model is asked, from much noise to little."""
        found: Tensor = self._scheduler.timesteps
        return found

    @property
    def first_sigma(self) -> float:
        """What Gaussian numbers are multiplied by to begin with."""
        return float(self._scheduler.init_noise_sigma)

    def scaled(self, latents: Tensor, timestep: Tensor) -> Tensor:
        """The latents as the model takes them."""
        found: Tensor = self._scheduler.scale_model_input(latents, timestep)
        return found

    def step(
        self, predicted: Tensor, timestep: Tensor, latents: Tensor, random: torch.Generator
    ) -> Tensor:
        """The latents with less noise; what the sampler leaves to chance comes from `random`."""
        chance = {"generator": random} if self._takes_chance else {}
        found: Tensor = self._scheduler.step(predicted, timestep, latents, **chance).prev_sample
        return found


def _betas(settings: Mapping[str, Any]) -> Any:
    """The steps of a schedule with zero terminal SNR, for samplers that do not make it so."""
    alphas = Schedule(settings, torch.device("cpu")).alphas_cumprod.double().clamp(min=_SMALLEST)
    before = torch.cat([alphas.new_ones(1), alphas[:-1]])
    return (1 - alphas / before).float().numpy()
