"""Stable Diffusion 1.x: one CLIP, a UNet that predicts noise (a few fine-tunes: velocity)."""

from __future__ import annotations

from functools import partial

from torch import Tensor

from trainer import clip_text, stable_diffusion
from trainer.base_kinds import TITLES
from trainer.layers import text_targets, unet_targets
from trainer.model import BaseModel, Family, Target, Texts
from trainer.resources import RESOURCES
from trainer.stable_diffusion import Layout, clip_part

CONFIGS = RESOURCES / "model_configs" / "sd15"
LAYOUT = Layout(TITLES["sd1"], CONFIGS, (clip_part("cond_stage_model.transformer."),))


def targets(model: BaseModel) -> list[Target]:
    """The layers of its UNet and of its text encoder."""
    return [*unet_targets(model.unet), *text_targets(model.text_encoders[0])]


def encode_text(model: BaseModel, ids: Tensor, clip_skip: int) -> Texts:
    """States of the layer that `clip_skip` names, (batch, tokens, width)."""
    return Texts(clip_text.encode(model.text_encoders[0], ids[0], clip_skip))


FAMILY = Family(
    label=TITLES["sd1"],
    versions=("sd_v1", "sd_v1_v"),
    pixels_step=64,
    on_clip_skip="",
    asks_prediction=False,
    load=partial(stable_diffusion.load, layout=LAYOUT),
    empty=partial(stable_diffusion.empty_model, LAYOUT),
    targets=targets,
    tokenize=partial(clip_text.tokenize, paddings=(None,)),
    weigh=clip_text.weigh,
    is_too_long=clip_text.is_too_long,
    encode_text=encode_text,
    predict=stable_diffusion.predict,
)
