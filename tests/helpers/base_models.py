"""Checkpoints that are all header: as large as they say, but without a number in them."""

from __future__ import annotations

import json
import struct
from math import prod
from pathlib import Path

CROSS = "model.diffusion_model.input_blocks.{}.1.transformer_blocks.0.attn2.to_k.weight"
CONV = "model.diffusion_model.input_blocks.0.0.weight"
PARTS = ("unet", "vae", "text_encoder")


def header_only(
    path: Path, shapes: dict[str, tuple[int, ...]], metadata: dict[str, str] | None = None
) -> Path:
    """A safetensors file whose tensors are holes in the file, as large as they say."""
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    end = 0
    for name, shape in shapes.items():
        size = 2 * prod(shape)
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)
    return path


def checkpoint(path: Path, width: int = 768, block: int = 1, channels: int = 4) -> Path:
    """A checkpoint whose UNet attends to text states of this width."""
    return header_only(path, {CONV: (320, channels, 3, 3), CROSS.format(block): (320, width)})


def lora(path: Path) -> Path:
    """A LoRA."""
    return header_only(path, {"lora_unet_x.lora_up.weight": (4, 4)})


def diffusers_folder(path: Path, width: int = 768, **more: object) -> Path:
    """A diffusers folder with weights without numbers."""
    for part in PARTS:
        stem = "model" if part == "text_encoder" else "diffusion_pytorch_model"
        header_only(path / part / f"{stem}.safetensors", {"x": (1,)})
    settings = {"in_channels": 4, "cross_attention_dim": width, **more}
    (path / "unet" / "config.json").write_text(json.dumps(settings))
    (path / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    return path
