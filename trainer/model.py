"""What a base model is to the trainer, whichever family it is of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn

from trainer.base_kinds import BaseFile

Part = Literal["unet", "text_encoder"]


@dataclass(frozen=True, slots=True)
class Target:
    """A layer that an adapter may sit on; `name` is its module name in Kohya's naming."""

    part: Part
    name: str
    module: nn.Linear | nn.Conv2d


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A frozen base model in memory.

    `unet` predicts noise from (latents, timesteps, text states); `vae` is in float32, because its
    half precision overflows on some models; `scheduler` are diffusers' settings of the noise
    schedule; `latent_scale` multiplies the latents of the VAE.
    """

    unet: Any
    vae: Any
    text_encoder: Any
    scheduler: dict[str, Any]
    latent_scale: float
    source: Path


@dataclass(frozen=True, slots=True)
class Family:
    """One model family: how its files load, which layers adapters sit on, how text is encoded.

    `version` is the `ss_base_model_version` of its checkpoints. `encode_text(model, token_ids,
    clip_skip)` takes ids of shape (batch, 77) and gives states of shape (batch, 77, width).
    `is_too_long` says whether
    the end of a caption is cut off. `pixels_step` divides both sides of every picture.
    """

    label: str
    version: str
    pixels_step: int
    load: Callable[[BaseFile, torch.dtype], BaseModel]
    targets: Callable[[BaseModel], Sequence[Target]]
    tokenize: Callable[[Sequence[str]], torch.Tensor]
    is_too_long: Callable[[str], bool]
    encode_text: Callable[[BaseModel, torch.Tensor, int], torch.Tensor]
