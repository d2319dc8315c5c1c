"""Stable Diffusion 1.x: a folder or a single checkpoint loaded offline, its text, its layers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers.loaders import single_file_utils
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel

from trainer import clip_text
from trainer.base_kinds import TITLES, BaseFile, variant_of
from trainer.errors import TrainerError
from trainer.model import BaseModel, Family, Target
from trainer.quiet import quiet
from trainer.resources import RESOURCES

CONFIGS = RESOURCES / "model_configs" / "sd15"
_LDM: Any = single_file_utils  # untyped


def load(base: BaseFile, dtype: torch.dtype) -> BaseModel:
    """UNet and text encoder in `dtype`, the VAE in float32, on the CPU, frozen.

    Raises TrainerError when a part is missing, damaged, or stored in a form that could run code.
    """
    if base.is_folder:
        return _load_folder(base.path, dtype)
    return load_single_file(base.path, dtype, CONFIGS)


def _load_folder(folder: Path, dtype: torch.dtype) -> BaseModel:
    kinds = {"unet": UNet2DConditionModel, "vae": AutoencoderKL, "text_encoder": CLIPTextModel}
    parts = {
        name: _load_part(kind, folder / name, torch.float32 if name == "vae" else dtype)
        for name, kind in kinds.items()
    }
    scheduler = _read_config(folder / "scheduler" / "scheduler_config.json")
    return _frozen(parts, scheduler, folder)


def _load_part(kind: Any, folder: Path, dtype: torch.dtype) -> nn.Module:
    dtype_name = "dtype" if kind is CLIPTextModel else "torch_dtype"
    options = {dtype_name: dtype, "local_files_only": True, "use_safetensors": True}
    variant = variant_of(folder) or None
    with quiet():
        try:
            part: nn.Module = kind.from_pretrained(folder, variant=variant, **options)
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise _damaged(folder, str(error)) from error
    return part


def load_single_file(path: Path, dtype: torch.dtype, configs: Path) -> BaseModel:
    """A checkpoint in the original layout; `configs` holds the diffusers settings of its parts.

    Raises TrainerError when it does not hold a whole model of that shape.
    """
    tensors = _read_tensors(path)
    parts = empty_parts(configs)
    unet_tensors = _LDM.convert_ldm_unet_checkpoint(tensors, parts["unet"].config)
    _fill(parts["unet"], unet_tensors, dtype, path)
    vae_tensors = _LDM.convert_ldm_vae_checkpoint(tensors, parts["vae"].config)
    _fill(parts["vae"], vae_tensors, torch.float32, path)
    text_tensors = {
        name.removeprefix("text_model."): tensor
        for name, tensor in _LDM.convert_ldm_clip_checkpoint(tensors).items()
    }
    _fill(parts["text_encoder"], text_tensors, dtype, path)
    embeddings = parts["text_encoder"].embeddings  # whose positions are in no checkpoint
    count = embeddings.position_embedding.num_embeddings
    embeddings.position_ids = torch.arange(count).expand((1, -1))
    return _frozen(parts, _read_config(configs / "scheduler/scheduler_config.json"), path)


def empty_parts(configs: Path) -> dict[str, Any]:
    """UNet, VAE and text encoder of these settings without any numbers (on the meta device)."""
    text_config = CLIPTextConfig(**_read_config(configs / "text_encoder/config.json"))
    with torch.device("meta"):
        return {
            "unet": UNet2DConditionModel.from_config(_read_config(configs / "unet/config.json")),
            "vae": AutoencoderKL.from_config(_read_config(configs / "vae/config.json")),
            "text_encoder": CLIPTextModel(text_config),
        }


def _read_tensors(path: Path) -> dict[str, Tensor]:
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            names = file.keys()
            return {name: file.get_tensor(name) for name in names if "model_ema." not in name}
    except (OSError, SafetensorError) as error:
        raise _damaged(path, str(error)) from error


def _fill(module: Any, tensors: Mapping[str, Tensor], dtype: torch.dtype, path: Path) -> None:
    wanted = {name: tensor.shape for name, tensor in module.state_dict().items()}
    missing = [name for name in wanted if name not in tensors]
    wrong = [name for name in wanted if name in tensors and tensors[name].shape != wanted[name]]
    if missing or wrong:
        count = f"{len(missing)} tensors are missing and {len(wrong)} have another shape"
        raise _damaged(path, f"{count}, such as {(missing + wrong)[0]}")
    module.load_state_dict({name: tensors[name].to(dtype) for name in wanted}, assign=True)


def _frozen(parts: Mapping[str, Any], scheduler: dict[str, Any], source: Path) -> BaseModel:
    kind = scheduler.get("beta_schedule"), scheduler.get("prediction_type", "epsilon")
    if kind != ("scaled_linear", "epsilon"):
        raise TrainerError(
            f"The base model {source} was trained with another noise schedule or target "
            f"({kind[0]}, {kind[1]}) than Stable Diffusion 1.x.",
            "Choose a model that predicts noise (epsilon).",
        )
    for part in parts.values():
        part.requires_grad_(False).eval()
    scale = float(parts["vae"].config.scaling_factor)
    return BaseModel(
        unet=parts["unet"],
        vae=parts["vae"],
        text_encoder=parts["text_encoder"],
        scheduler=scheduler,
        latent_scale=scale,
        source=source,
    )


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    return config


def _damaged(path: Path, reason: str) -> TrainerError:
    first = reason.strip().splitlines()[0] if reason.strip() else "no reason was given"
    return TrainerError(
        f"The base model {path} cannot be loaded: {first}.",
        "Get the model again, or choose another.",
    )


def targets(model: BaseModel) -> list[Target]:
    """The layers of sd-scripts' LoRA: all linear and 1x1 convolutions of the UNet's transformers,
    all linear ones of the text encoder's layers."""
    found = []
    for prefix, block in _blocks(model.unet, "Transformer2DModel"):
        for name, module in _layers(block):
            path = f"{prefix}.{name}".replace(".", "_")
            found.append(Target("unet", f"lora_unet_{path}", module))
    for prefix, block in _blocks(model.text_encoder, "CLIPEncoderLayer"):
        for name, module in _layers(block):
            # transformers 5.6 left "text_model" out of its names; other programs need it.
            path = f"text_model.{prefix.removeprefix('text_model.')}.{name}".replace(".", "_")
            found.append(Target("text_encoder", f"lora_te_{path}", module))
    return found


def _blocks(root: nn.Module, kind: str) -> Iterator[tuple[str, nn.Module]]:
    return ((name, part) for name, part in root.named_modules() if type(part).__name__ == kind)


def _layers(block: nn.Module) -> Iterator[tuple[str, nn.Linear | nn.Conv2d]]:
    for name, module in block.named_modules():
        if isinstance(module, nn.Linear) or (
            isinstance(module, nn.Conv2d) and module.kernel_size == (1, 1)
        ):
            yield name, module


def _encode_text(model: BaseModel, ids: Tensor, clip_skip: int) -> Tensor:
    return clip_text.encode(model.text_encoder, ids, clip_skip)


FAMILY = Family(
    label=TITLES["sd1"],
    version="sd_v1",
    pixels_step=64,
    load=load,
    targets=targets,
    tokenize=clip_text.tokenize,
    is_too_long=clip_text.is_too_long,
    encode_text=_encode_text,
)
