"""Tiny seeded models of the shapes of SD 2.x and SDXL, as diffusers folders and as single files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tests.helpers.ldm_names import clip_text, open_clip_text, whole_checkpoint
from trainer.quiet import quiet
from trainer.resources import RESOURCES

_WIDTH = 32
_UNETS: dict[str, dict[str, Any]] = {
    "sd21": {
        "block_out_channels": (32, 64),
        "layers_per_block": 1,
        "cross_attention_dim": _WIDTH,
        "attention_head_dim": (2, 4),
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
        "use_linear_projection": True,
        "upcast_attention": True,
    },
    "sdxl": {
        "block_out_channels": (32, 64),
        "layers_per_block": 2,
        "cross_attention_dim": 2 * _WIDTH,
        "attention_head_dim": (2, 4),
        "transformer_layers_per_block": (1, 2),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": _WIDTH + 6 * 8,
    },
}
_TEXT = {
    "vocab_size": 49408,
    "hidden_size": _WIDTH,
    "intermediate_size": 2 * _WIDTH,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "max_position_embeddings": 77,
    "projection_dim": _WIDTH,
    "bos_token_id": 0,
    "eos_token_id": 2,
    "pad_token_id": 1,
}


def write_folder(folder: Path, shape: str, practice: Path) -> Path:
    """A model of the shape "sd21" or "sdxl"; the VAE is that of the practice model."""
    configs = RESOURCES / "model_configs" / shape
    scale = json.loads((configs / "vae" / "config.json").read_text("utf-8"))["scaling_factor"]
    with quiet(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        UNet2DConditionModel(norm_num_groups=8, sample_size=8, **_UNETS[shape]).save_pretrained(
            folder / "unet"
        )
        first = CLIPTextConfig(hidden_act="quick_gelu" if shape == "sdxl" else "gelu", **_TEXT)
        CLIPTextModel(first).save_pretrained(folder / "text_encoder")
        if shape == "sdxl":
            second = CLIPTextConfig(hidden_act="gelu", **_TEXT)
            CLIPTextModelWithProjection(second).save_pretrained(folder / "text_encoder_2")
        vae: Any = AutoencoderKL.from_pretrained(practice / "vae")
        vae.register_to_config(scaling_factor=scale)
        vae.save_pretrained(folder / "vae")
    for part in ("scheduler", "tokenizer", "tokenizer_2"):
        if (configs / part).is_dir():
            shutil.copytree(configs / part, folder / part)
    for tokenizer in folder.glob("tokenizer*"):
        for name in ("vocab.json", "merges.txt"):
            shutil.copy(RESOURCES / "clip" / name, tokenizer)
    shutil.copy(configs / "model_index.json", folder)
    return folder


def write_single_file(folder: Path, path: Path, metadata: dict[str, str] | None = None) -> Path:
    """The model of such a folder in the layout of the original checkpoints."""
    image, text = "diffusion_pytorch_model.safetensors", "model.safetensors"
    first = load_file(folder / "text_encoder" / text)
    if (folder / "text_encoder_2").is_dir():
        layers, texts = 2, clip_text(first, "conditioner.embedders.0.transformer.")
        second = load_file(folder / "text_encoder_2" / text)
        texts |= open_clip_text(second, "conditioner.embedders.1.model.")
    else:
        layers, texts = 1, open_clip_text(first, "cond_stage_model.model.")
    unet, vae = load_file(folder / "unet" / image), load_file(folder / "vae" / image)
    save_file(whole_checkpoint(unet, vae, texts, layers), path, metadata)
    return path
