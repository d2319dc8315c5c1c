"""Base models on disk as the trainer takes them: `.ckpt` files are made safe before."""

from __future__ import annotations

import pickle
import struct
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from trainer.base_kinds import BaseFile, is_pickled, look_at
from trainer.errors import TrainerError
from trainer.files import replaced

# What torch's safe reader raises for files that ask for code and for damaged ones.
_REFUSALS = (
    *(pickle.UnpicklingError, RuntimeError, AssertionError, AttributeError, TypeError),
    *(EOFError, ValueError, LookupError, OverflowError, struct.error),
)


def find_base(path: Path) -> BaseFile:
    """Look at a diffusers folder, a `.safetensors` file, or a `.ckpt`, which is converted.

    Raises TrainerError when it is none of them, is damaged, or cannot be converted safely.
    """
    if is_pickled(path):
        path = convert_pickled(path)
    return look_at(path)


def convert_pickled(path: Path) -> Path:
    """A pickled checkpoint as a safetensors file beside it, made once; only plain weights are read.

    Raises TrainerError when the file needs code to be run, when it holds no weights, or when the
    folder cannot be written.
    """
    target = path.with_name(path.name + ".safetensors")
    if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
        return target
    weights = _read_pickled(path)
    with replaced(target) as beside:
        try:
            save_file(weights, beside, {"format": "pt", "converted_from": path.name})
        except SafetensorError as error:
            raise TrainerError(
                f"{target} could not be written: {error}.", "Free some space beside the model."
            ) from error
    return target


def _read_pickled(path: Path) -> dict[str, torch.Tensor]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about how the file was written; it is read or refused
            content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise TrainerError(f"Cannot read {path}: {error.strerror or error}.") from error
    except _REFUSALS as error:
        raise TrainerError(
            f"{path} was refused: it holds more than weights, or is damaged.",
            "Such a file can run any program when it is opened. Get the model as .safetensors.",
        ) from error
    return _plain_weights(content, path)


def _plain_weights(content: Any, path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a state dict; separate copies, because safetensors knows no shared memory."""
    content = content.get("state_dict", content) if isinstance(content, Mapping) else {}
    weights = {
        str(name): value.clone().contiguous()
        for name, value in content.items()
        if isinstance(value, torch.Tensor)
    }
    if not weights:
        raise TrainerError(f"{path} holds no weights.", "Choose another file.")
    return weights
