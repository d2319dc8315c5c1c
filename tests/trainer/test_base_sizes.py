"""Weights of a base model counted from its headers."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

from trainer.base_kinds import BaseFile
from trainer.base_sizes import BaseSizes, sizes_of


def test_a_folder_is_counted_as_it_is_loaded(practice: Path) -> None:
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
    from transformers import CLIPTextModel

    unet = UNet2DConditionModel.from_pretrained(practice / "unet")
    text = CLIPTextModel.from_pretrained(practice / "text_encoder")
    counts = (sum(one.numel() for one in part.parameters()) for part in (unet, text))
    assert sizes_of(BaseFile(practice, "sd1")) == BaseSizes(*counts)


def test_a_single_file_is_counted_by_the_names_of_its_parts(tmp_path: Path) -> None:
    tensors = {
        "model.diffusion_model.a": torch.zeros(3, 4),
        "cond_stage_model.b": torch.zeros(5),
        "first_stage_model.c": torch.zeros(100),
    }
    save_file(tensors, tmp_path / "base.safetensors")
    found = sizes_of(BaseFile(tmp_path / "base.safetensors", "sd1"))
    assert found == BaseSizes(12, 5)
    assert not found.is_full_size
