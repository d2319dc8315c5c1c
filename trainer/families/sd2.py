"""Stable Diffusion 2.x: OpenCLIP without its last layer, a UNet that predicts noise or velocity."""

from __future__ import annotations

from functools import partial

from torch import Tensor
from transformers import CLIPTextModel

from trainer import clip_text, stable_diffusion
from trainer.base_kinds import TITLES
from trainer.layers import text_targets, unet_targets
from trainer.model import BaseModel, Family, Target, Texts
from trainer.resources import RESOURCES
from trainer.stable_diffusion import Layout, TextPart, open_clip_tensors

CONFIGS = RESOURCES / "model_configs" / "sd21"
_TEXT = TextPart("text_encoder", CLIPTextModel, "cond_stage_model.model.", open_clip_tensors)
LAYOUT = Layout(TITLES["sd2"], CONFIGS, (_TEXT,))


def targets(model: BaseModel) -> list[Target]:
    """The layers of its UNet and of its text encoder.

    What leads into and out of its transformers is linear, where the original code has convolutions.
    """
    unet = unet_targets(model.unet, written_as_conv=("proj_in", "proj_out"))
    return [*unet, *text_targets(model.text_encoders[0])]


def encode_text(model: BaseModel, ids: Tensor, clip_skip: int) -> Texts:
    """States (batch, tokens, width).

    The encoder has no last layer, so 1 is the usual `clip_skip`.
    """
    return Texts(clip_text.encode(model.text_encoders[0], ids[0], clip_skip))


FAMILY = Family(
    label=TITLES["sd2"],
    versions=("sd_v2", "sd_v2_v"),
    pixels_step=64,
    on_clip_skip=(
        "Stable Diffusion 2.x has no last layer in its text encoder, so that 1 already stands for "
        "the last but one; clip_skip goes further."
    ),
    asks_prediction=True,
    load=partial(stable_diffusion.load, layout=LAYOUT),
    empty=partial(stable_diffusion.empty_model, LAYOUT),
    targets=targets,
    tokenize=partial(clip_text.tokenize, paddings=(0,)),
    weigh=clip_text.weigh,
    is_too_long=clip_text.is_too_long,
    encode_text=encode_text,
    predict=stable_diffusion.predict,
)
