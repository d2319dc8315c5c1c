"""Parts of a base model from disk: modules of a diffusers folder, tensors and settings of files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from transformers import PreTrainedModel

from trainer.base_kinds import IMAGE_STEM, TEXT_STEM, variant_of
from trainer.errors import TrainerError
from trainer.quiet import quiet


def load_part(kind: Any, folder: Path, dtype: torch.dtype) -> nn.Module:
    """A module of this class from its part of a diffusers folder.

    Raises TrainerError when it is damaged or stored in a form that could run code.
    """
    is_text = issubclass(kind, PreTrainedModel)
    dtype_name = "dtype" if is_text else "torch_dtype"
    options = {dtype_name: dtype, "local_files_only": True, "use_safetensors": True}
    variant = variant_of(folder, TEXT_STEM if is_text else IMAGE_STEM) or None
    with quiet():
        try:
            part: nn.Module = kind.from_pretrained(folder, variant=variant, **options)
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise damaged(folder, str(error)) from error
    return part


def read_tensors(path: Path) -> dict[str, Tensor]:
    """All tensors of a checkpoint but the averages that training kept. Raises TrainerError."""
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            names = file.keys()
            return {name: file.get_tensor(name) for name in names if "model_ema." not in name}
    except (OSError, SafetensorError) as error:
        raise damaged(path, str(error)) from error


def fill(module: Any, tensors: Mapping[str, Tensor], dtype: torch.dtype, path: Path) -> None:
    """Give a module its numbers. Raises TrainerError where some are missing or do not fit."""
    wanted = {name: tensor.shape for name, tensor in module.state_dict().items()}
    missing = [name for name in wanted if name not in tensors]
    wrong = [name for name in wanted if name in tensors and tensors[name].shape != wanted[name]]
    if missing or wrong:
        count = f"{len(missing)} tensors are missing and {len(wrong)} have another shape"
        raise damaged(path, f"{count}, such as {(missing + wrong)[0]}")
    module.load_state_dict({name: tensors[name].to(dtype) for name in wanted}, assign=True)


def read_config(path: Path) -> dict[str, Any]:
    """Settings in JSON. Raises TrainerError."""
    try:
        config: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise damaged(path, str(error)) from error
    return config


def damaged(path: Path, reason: str) -> TrainerError:
    """The error for a model that cannot be loaded."""
    first = reason.strip().splitlines()[0] if reason.strip() else "no reason was given"
    return TrainerError(
        f"The base model {path} cannot be loaded: {first}.",
        "Get the model again, or choose another.",
    )
