"""What Stable Diffusion 1.x, 2.x and SDXL have in common: how their files load, and their UNet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers.loaders import single_file_utils
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel

from trainer.base_kinds import BaseFile
from trainer.errors import TrainerError
from trainer.frames import Frame
from trainer.model import BaseModel, Texts
from trainer.model_parts import fill, load_part, read_config, read_tensors
from trainer.vae_files import load_vae, vae_of_checkpoint

Tensors = Mapping[str, Tensor]
_LDM: Any = single_file_utils  # untyped


@dataclass(frozen=True, slots=True)
class TextPart:
    """A text encoder: its folder, its class, and where and how a single file holds it.

    `convert(module, tensors, prefix)` gives the tensors of a single file the module's names.
    """

    folder: str
    kind: Any
    prefix: str
    convert: Callable[[Any, Tensors, str], dict[str, Tensor]]


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a family's files; `configs` holds the diffusers settings of single files."""

    label: str
    configs: Path
    texts: tuple[TextPart, ...]


def clip_tensors(module: Any, tensors: Tensors, prefix: str) -> dict[str, Tensor]:
    """OpenAI's CLIP, as transformers names it but for what stands before the names."""
    inner = {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
    return _named_as_in(module, inner)


def open_clip_tensors(module: Any, tensors: Tensors, prefix: str) -> dict[str, Tensor]:
    """OpenCLIP, whose query, key and value of a layer are one tensor."""
    return _named_as_in(module, _LDM.convert_open_clip_checkpoint(module, tensors, prefix=prefix))


def _named_as_in(module: Any, tensors: Tensors) -> dict[str, Tensor]:
    if hasattr(module, "text_model"):
        return dict(tensors)
    # transformers 5.6 left it out of the names of a text encoder without projection
    return {name.removeprefix("text_model."): tensor for name, tensor in tensors.items()}


def load(base: BaseFile, dtype: torch.dtype, vae: Path | None, layout: Layout) -> BaseModel:
    """UNet and text encoders in `dtype`, the VAE (of its own file, if given) in float32, frozen.

    All is on the CPU. Raises TrainerError when a part is missing, damaged, or stored in a form that
    could run code.
    """
    if not base.is_folder:
        return load_single_file(base.path, dtype, vae, layout)
    folder = base.path
    scheduler = read_config(folder / "scheduler" / "scheduler_config.json")
    return _frozen(
        load_part(UNet2DConditionModel, folder / "unet", dtype),
        load_vae(vae or folder / "vae", layout.configs),
        [load_part(text.kind, folder / text.folder, dtype) for text in layout.texts],
        scheduler,
        folder,
    )


def load_single_file(path: Path, dtype: torch.dtype, vae: Path | None, layout: Layout) -> BaseModel:
    """A checkpoint in the original layout. Raises TrainerError when it is not whole."""
    tensors = read_tensors(path)
    for text in layout.texts:
        if not any(name.startswith(text.prefix) for name in tensors):
            raise TrainerError(
                f"The base model {path} was saved without its text encoder.",
                f"Get the whole checkpoint of this {layout.label} model, or its diffusers folder.",
            )
    unet, *texts = empty_parts(layout)
    fill(unet, _LDM.convert_ldm_unet_checkpoint(tensors, unet.config), dtype, path)
    for text, module in zip(layout.texts, texts, strict=True):
        fill(module, text.convert(module, tensors, text.prefix), dtype, path)
        _count_positions(module)
    if vae is None:
        own_vae = vae_of_checkpoint(tensors, path, layout.configs)
    else:
        own_vae = load_vae(vae, layout.configs)
    scheduler = read_config(layout.configs / "scheduler/scheduler_config.json")
    return _frozen(unet, own_vae, texts, scheduler, path)


def empty_parts(layout: Layout) -> list[Any]:
    """UNet and text encoders of a family without any numbers (on the meta device)."""
    configs = layout.configs
    with torch.device("meta"):
        unet = UNet2DConditionModel.from_config(read_config(configs / "unet/config.json"))
        settings = [read_config(configs / text.folder / "config.json") for text in layout.texts]
        pairs = zip(layout.texts, settings, strict=True)
        return [unet, *(text.kind(CLIPTextConfig(**one)) for text, one in pairs)]


def empty_model(layout: Layout) -> BaseModel:
    """The model that single files of a family hold, all shapes and no numbers, without a VAE."""
    unet, *texts = empty_parts(layout)
    scheduler = read_config(layout.configs / "scheduler/scheduler_config.json")
    return BaseModel(unet, None, tuple(texts), scheduler, 1.0, layout.configs)


def _count_positions(encoder: Any) -> None:
    """The numbers of the positions, which are in no checkpoint."""
    embeddings = getattr(encoder, "text_model", encoder).embeddings
    count = embeddings.position_embedding.num_embeddings
    embeddings.position_ids = torch.arange(count).expand((1, -1))


def _frozen(
    unet: Any, vae: Any, texts: Sequence[Any], scheduler: dict[str, Any], source: Path
) -> BaseModel:
    if scheduler.get("beta_schedule") != "scaled_linear":
        raise TrainerError(
            f"The base model {source} was trained with another noise schedule "
            f"({scheduler.get('beta_schedule')}) than Stable Diffusion.",
            "Choose another base model.",
        )
    for part in (unet, vae, *texts):
        part.requires_grad_(False).eval()
    scale = float(vae.config.scaling_factor)
    return BaseModel(unet, vae, tuple(texts), scheduler, scale, source)


def predict(
    model: BaseModel, noisy: Tensor, times: Tensor, texts: Texts, _frames: Sequence[Frame]
) -> Tensor:
    """What the UNet makes of noisy latents, (batch, 4, height / 8, width / 8)."""
    found: Tensor = model.unet(noisy, times, texts.states).sample
    return found


def clip_part(prefix: str) -> TextPart:
    """The text encoder of OpenAI's CLIP, the first or only one."""
    return TextPart("text_encoder", CLIPTextModel, prefix, clip_tensors)
