"""SDXL: two text encoders, and a UNet that is told how each picture was resized and cropped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor
from transformers import CLIPTextModelWithProjection

from trainer import clip_text, stable_diffusion
from trainer.base_kinds import TITLES
from trainer.frames import Frame
from trainer.layers import original_names, text_targets, unet_targets
from trainer.model import BaseModel, Family, Target, Texts
from trainer.resources import RESOURCES
from trainer.stable_diffusion import Layout, TextPart, clip_part, open_clip_tensors

CONFIGS = RESOURCES / "model_configs" / "sdxl"
_SECOND = TextPart(
    "text_encoder_2",
    CLIPTextModelWithProjection,
    "conditioner.embedders.1.model.",
    open_clip_tensors,
)
LAYOUT = Layout(
    TITLES["sdxl"], CONFIGS, (clip_part("conditioner.embedders.0.transformer."), _SECOND)
)


def targets(model: BaseModel) -> list[Target]:
    """The layers of its UNet, under the names of the original code, and of both text encoders."""
    found = unet_targets(model.unet, original_names(model.unet))
    for number, encoder in enumerate(model.text_encoders, 1):
        found += text_targets(encoder, f"lora_te{number}")
    return found


def encode_text(model: BaseModel, ids: Tensor, _clip_skip: int) -> Texts:
    """The last but one layer of both encoders, side by side, and what the second sums up.

    Neither goes through a last norm; `clip_skip` says nothing here, as in sd-scripts. Of a long
    text its first piece is summed up.
    """
    outputs = [
        encoder(clip_text.in_pieces(one), output_hidden_states=True)
        for encoder, one in zip(model.text_encoders, ids, strict=True)
    ]
    count = ids.shape[1]
    states = torch.cat([output.hidden_states[-2] for output in outputs], dim=-1)
    pooled = outputs[-1].text_embeds.reshape(count, -1, outputs[-1].text_embeds.shape[-1])[:, 0]
    return Texts(clip_text.joined(states, count), pooled)


def predict(
    model: BaseModel, noisy: Tensor, times: Tensor, texts: Texts, frames: Sequence[Frame]
) -> Tensor:
    """What the UNet makes of noisy latents; each picture has its frame."""
    numbers = torch.tensor([frame.numbers for frame in frames], dtype=torch.float32)
    told = {"text_embeds": texts.pooled, "time_ids": numbers.to(noisy.device)}
    found: Tensor = model.unet(noisy, times, texts.states, added_cond_kwargs=told).sample
    return found


FAMILY = Family(
    label=TITLES["sdxl"],
    versions=("sdxl_base_v1-0", "sdxl_base_v1-0"),
    pixels_step=32,
    on_clip_skip="SDXL always reads the last layer but one of its texts; clip_skip is not used.",
    asks_prediction=False,
    load=partial(stable_diffusion.load, layout=LAYOUT),
    empty=partial(stable_diffusion.empty_model, LAYOUT),
    targets=targets,
    tokenize=partial(clip_text.tokenize, paddings=(None, 0)),
    weigh=clip_text.weigh,
    is_too_long=clip_text.is_too_long,
    encode_text=encode_text,
    predict=predict,
)
