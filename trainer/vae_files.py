"""The VAE of a run: from its base model, or from a file or folder of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers.loaders import single_file_utils
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from torch import Tensor, nn

from trainer.base_files import convert_pickled
from trainer.base_kinds import is_pickled
from trainer.errors import TrainerError
from trainer.model_parts import fill, load_part, read_config, read_tensors

_LDM: Any = single_file_utils  # untyped
_PREFIX = "first_stage_model."


def load_vae(path: Path, configs: Path) -> nn.Module:
    """A VAE in float32 from a diffusers folder, or a file in the original or diffusers' layout.

    `configs` holds the diffusers settings of the base model's family. Raises TrainerError when it
    is not whole, or belongs to another family.
    """
    scale = read_config(configs / "vae/config.json")["scaling_factor"]
    if path.is_dir():
        folder = path / "vae" if (path / "vae").is_dir() else path
        vae: Any = load_part(AutoencoderKL, folder, torch.float32)
        if vae.config.scaling_factor != scale:
            raise TrainerError(
                f"The VAE {path} belongs to another kind of base model (its latents are scaled by "
                f"{vae.config.scaling_factor:g} instead of {scale:g}).",
                "Choose a VAE of the base model's kind, or leave vae empty.",
            )
        return vae  # type: ignore[no-any-return]
    if not path.is_file():
        raise TrainerError(
            f"The VAE {path} does not exist.", "Choose a file or folder, or leave vae empty."
        )
    path = convert_pickled(path) if is_pickled(path) else path
    return _of_tensors(read_tensors(path), path, configs)


def vae_of_checkpoint(tensors: Mapping[str, Tensor], path: Path, configs: Path) -> nn.Module:
    """The VAE inside a whole checkpoint. Raises TrainerError when it has none."""
    if not any(name.startswith(_PREFIX) for name in tensors):
        raise TrainerError(
            f"The base model {path} was saved without its VAE.",
            "Set vae to the VAE of this kind of model, or get the whole checkpoint.",
        )
    return _of_tensors(tensors, path, configs)


def _of_tensors(tensors: Mapping[str, Tensor], path: Path, configs: Path) -> nn.Module:
    with torch.device("meta"):
        vae: nn.Module = AutoencoderKL.from_config(read_config(configs / "vae/config.json"))
    if not any(name.startswith("encoder.down_blocks.") for name in tensors):
        tensors = _LDM.convert_ldm_vae_checkpoint(tensors, vae.config)
    fill(vae, tensors, torch.float32, path)
    return vae
