"""Reads a LoRA file of any naming: its layers under Kohya's names, its family, its metadata."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from trainer.base_kinds import family_of_width
from trainer.errors import TrainerError
from trainer.headers import HEADER_LIMIT, Header, read_header
from trainer.lora_files import names
from trainer.lora_files.layers import Parts, check, rank_of, sizes

_PEFT_CONFIG = "adapter_config.json"
PEFT_METADATA = "lora_adapter_metadata"  # diffusers' save_lora_weights
_PRECISIONS = {"F32": "float", "F16": "fp16", "BF16": "bf16"}
_BY_VERSION = {"sdxl": "sdxl", "sd_v2": "sd2", "sd_v1": "sd1"}


@dataclass(frozen=True, slots=True)
class LoraFile:
    """A LoRA file: `layers` by Kohya's names as sd-scripts writes them for the family.

    `family` is one of `base_kinds.TITLES` or "". `style` is whose names the file has: "kohya",
    "diffusers" or "peft". `precision` is that of most of its tensors, as options name it.
    `unread` are tensors that belong to no layer, such as an embedding.
    """

    path: Path
    metadata: Mapping[str, str]
    layers: Mapping[str, Parts]
    family: str
    style: str
    precision: str
    unread: tuple[str, ...] = ()


def read(path: Path) -> LoraFile:
    """A LoRA file. Raises TrainerError when it is damaged, pickled or holds no layers of a LoRA."""
    if path.suffix.lower() != ".safetensors":
        raise TrainerError(
            f"{path} is no .safetensors file.",
            "Other files can run any program when opened, so they are not read.",
        )
    header = read_header(path)
    places = {name: names.split(name) for name in header.shapes}
    if not any(place and names.to_kohya(place[0]) for place in places.values()):
        raise TrainerError(f"{path} holds no LoRA.", "Choose the file of a LoRA.")
    tensors = _tensors(path, header)
    layers: dict[str, dict[str, Tensor]] = {}
    unread = []
    for name, tensor in tensors.items():
        place = places[name]
        module = names.to_kohya(place[0]) if place else None
        if place is None or module is None:
            unread.append(name)
        else:
            layers.setdefault(module, {}).update(_lycoris(place[1], tensor))
    for module, parts in layers.items():
        check(module, parts)
        _require_finite(path, module, parts)
    written = [place[0] for place in places.values() if place]
    style = names.style(written[0])
    if style != "kohya":
        _add_alphas(layers, written, _peft_config(path, header.metadata))
    family = _family(layers, header.metadata)
    renamed = {names.canonical(module, family): parts for module, parts in layers.items()}
    if len(renamed) < len(layers):
        raise TrainerError(f"{path} holds the same layer under two names.", "Get the file again.")
    precision = _precision(header.kinds.values())
    return LoraFile(path, header.metadata, renamed, family, style, precision, tuple(unread))


def _tensors(path: Path, header: Header) -> dict[str, Tensor]:
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            # Copies: Windows replaces no file that is still mapped by a tensor.
            return {name: file.get_tensor(name).clone() for name in header.shapes}
    except (OSError, SafetensorError) as error:
        raise TrainerError(f"{path} cannot be read: {error}.", "Get the file again.") from error


def _lycoris(part: str, tensor: Tensor) -> dict[str, Tensor]:
    """The tensors of a part as LyCORIS writes them; peft writes these two otherwise.

    peft's IA3 stores the factor, not what it adds to 1, (1, in) or (out, 1); its magnitude of DoRA
    is one for each row, whatever its shape.
    """
    if part == "ia3_l":
        is_input = tensor.dim() > 1 and tensor.shape[0] == 1
        return {"ia3": tensor.float().flatten() - 1, "on_input": torch.tensor(is_input)}
    if part == "magnitude":
        return {"dora_scale": tensor.reshape(-1, 1)}
    return {part: tensor}


def _require_finite(path: Path, module: str, parts: Parts) -> None:
    if not all(bool(tensor.float().isfinite().all()) for tensor in parts.values()):
        raise TrainerError(
            f"The layer {module} of {path} holds numbers that are not finite.",
            "The training went wrong before it was saved; use an earlier checkpoint.",
        )


def _precision(kinds: Iterable[str]) -> str:
    known = [_PRECISIONS.get(kind, "fp16") for kind in kinds]
    return max(set(known), key=known.count)


def _family(layers: Mapping[str, Parts], metadata: Mapping[str, str]) -> str:
    """By the width of the text states, the names of the parts, the text encoder, or metadata."""
    widths = {}
    for name, parts in layers.items():
        out, wide = sizes(parts)
        if name.endswith("attn2_to_k"):
            widths["cross"] = wide
        elif name.endswith("self_attn_q_proj"):
            widths["text"] = out
    if widths.get("cross"):
        return family_of_width(widths["cross"])
    if any("_te1_" in name or "_te2_" in name or "put_blocks_" in name for name in layers):
        return "sdxl"
    if widths.get("text"):
        return family_of_width(widths["text"])
    version = metadata.get("ss_base_model_version", "")
    return next((it for start, it in _BY_VERSION.items() if version.startswith(start)), "")


def _peft_config(path: Path, metadata: Mapping[str, str]) -> dict[str, Any]:
    """peft's settings from the file's metadata or the file beside it, {} where there are none."""
    text = metadata.get(PEFT_METADATA)
    beside = path.with_name(_PEFT_CONFIG)
    try:
        if text is None and beside.is_file():
            with beside.open("rb") as file:
                text = file.read(HEADER_LIMIT).decode()
        found = json.loads(text) if text else {}
    except (OSError, ValueError, RecursionError) as error:
        raise TrainerError(
            f"The settings that belong to {path} cannot be read.",
            f"Without them its alpha is unknown. Get {_PEFT_CONFIG} again, or remove it.",
        ) from error
    return found if isinstance(found, dict) else {}


def _add_alphas(
    layers: Mapping[str, dict[str, Tensor]], written: Iterable[str], config: Mapping[str, Any]
) -> None:
    """Put the alpha that peft keeps in its settings beside the tensors.

    The scale is alpha / r, or alpha / sqrt(r) with rank-stabilised LoRA (Kalajdzievski, 2023).
    """
    if not config:
        return
    modules = {names.to_kohya(one): one for one in written}
    for name, parts in layers.items():
        alpha, stabilised = _alpha(config, modules[name])
        rank = rank_of(parts)
        if alpha is not None and rank and "alpha" not in parts:
            parts["alpha"] = torch.tensor(alpha * (sqrt(rank) if stabilised else 1.0))


def _alpha(config: Mapping[str, Any], module: str) -> tuple[float | None, bool]:
    """(alpha, whether it is rank-stabilised) of a module; diffusers writes "unet.lora_alpha"."""
    plain = module.removeprefix("base_model.model.")
    start, _, rest = plain.partition(".")
    values, path = config, plain
    if any(key.startswith(f"{start}.") for key in config):
        path = rest
        values = {key.removeprefix(f"{start}."): value for key, value in config.items()}
    found = values.get("lora_alpha", values.get("alpha"))
    patterns = values.get("alpha_pattern")
    for key, value in patterns.items() if isinstance(patterns, dict) else ():
        if path == key or path.endswith(f".{key}"):
            found = value
    number = float(found) if isinstance(found, int | float) else None
    return number, bool(values.get("use_rslora"))
