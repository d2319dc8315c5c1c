"""What a base model is to the trainer, whichever family it is of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from trainer.base_kinds import BaseFile
from trainer.frames import Frame
from trainer.reading import Reading

Part = Literal["unet", "text_encoder"]
Layer = nn.Linear | nn.Conv2d


@dataclass(frozen=True, slots=True)
class Target:
    """A layer that an adapter may sit on; `name` is its module name in Kohya's naming.

    `locon` marks those that a plain LoRA leaves out: convolutions 3x3, and what else belongs to
    residual blocks. `written_as_conv` marks a linear layer whose matrices stand in files with two
    more sides of 1, because other programs take it for a convolution 1x1. `outer` marks those in
    front of, behind and beside all blocks, which only LyCORIS takes.
    """

    part: Part
    name: str
    module: Layer
    locon: bool = False
    written_as_conv: bool = False
    outer: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """Encoded texts: `states` (batch, tokens, width); `pooled` (batch, width) where a model has it.

    `pooled` sums up each text in one row; SDXL is told it beside the states.
    """

    states: Tensor
    pooled: Tensor | None = None

    @property
    def nbytes(self) -> int:
        """Their size in memory."""
        return self.states.nbytes + (0 if self.pooled is None else self.pooled.nbytes)

    def repeated(self, count: int) -> Texts:
        """A single text as a batch of `count`."""
        pooled = None if self.pooled is None else self.pooled.expand(count, -1)
        return Texts(self.states.expand(count, -1, -1), pooled)

    def weighted(self, weights: Tensor) -> Texts:
        """The states multiplied by the weights of their tokens, (batch, tokens)."""
        return Texts(self.states * weights[:, :, None].to(self.states.dtype), self.pooled)

    def parted(self) -> list[Texts]:
        """Each text as a batch of one, with memory of its own."""
        rows = [slice(at, at + 1) for at in range(len(self.states))]
        pooled = self.pooled
        return [
            Texts(self.states[row].clone(), None if pooled is None else pooled[row].clone())
            for row in rows
        ]

    def on(self, bring: Callable[[Tensor], Tensor]) -> Texts:
        """The same where, or as what, `bring` puts it."""
        return Texts(bring(self.states), None if self.pooled is None else bring(self.pooled))

    @staticmethod
    def joined(rows: Sequence[Texts]) -> Texts:
        """Batches as one."""
        pooled = [row.pooled for row in rows if row.pooled is not None]
        states = torch.cat([row.states for row in rows])
        return Texts(states, torch.cat(pooled) if pooled else None)


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A frozen base model in memory.

    `vae` is in float32, because its half precision overflows on some models; `scheduler` are
    diffusers' settings of the noise schedule; `latent_scale` multiplies the latents of the VAE.
    """

    unet: Any
    vae: Any
    text_encoders: tuple[Any, ...]
    scheduler: dict[str, Any]
    latent_scale: float
    source: Path

    @property
    def predicts_velocity(self) -> bool:
        """Whether it predicts velocity (v), not the noise (epsilon)."""
        return bool(self.scheduler.get("prediction_type") == "v_prediction")


@dataclass(frozen=True, slots=True)
class Family:
    """One model family: how its files load, which layers adapters sit on, what it is told.

    - `versions`: the `ss_base_model_version` where it predicts noise, and where velocity.
    - `pixels_step` divides both sides of every picture.
    - `on_clip_skip`: what to know where clip_skip is above 1, or "".
    - `asks_prediction`: its files do not show by themselves whether it predicts noise or velocity.
    - `load(base, dtype, vae)`: from disk; `vae` is a file or folder in place of the base's own.
    - `empty()`: the model of its single files on the meta device, for names and shapes.
    - `tokenize(texts, reading)`: ids (encoders, texts, tokens with all marks).
    - `weigh(texts, reading)`: what states are multiplied by, (texts, tokens), or None for 1.
    - `is_too_long(text, reading)`: the end of a text is cut off.
    - `encode_text(model, ids, clip_skip)`: what the model attends to.
    - `predict(model, noisy, times, texts, frames)`: what it makes of noisy latents.
    """

    label: str
    versions: tuple[str, str]
    pixels_step: int
    on_clip_skip: str
    asks_prediction: bool
    load: Callable[[BaseFile, torch.dtype, Path | None], BaseModel]
    empty: Callable[[], BaseModel]
    targets: Callable[[BaseModel], Sequence[Target]]
    tokenize: Callable[[Sequence[str], Reading], Tensor]
    weigh: Callable[[Sequence[str], Reading], Tensor | None]
    is_too_long: Callable[[str, Reading], bool]
    encode_text: Callable[[BaseModel, Tensor, int], Texts]
    predict: Callable[[BaseModel, Tensor, Tensor, Texts, Sequence[Frame]], Tensor]
