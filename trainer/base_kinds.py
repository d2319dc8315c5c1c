"""Which kind of base model lies on disk, from names, shapes and settings alone, without torch."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.errors import TrainerError
from trainer.headers import read_header

PICKLED = (".ckpt", ".pt", ".pth")
MODEL_INDEX = "model_index.json"  # what makes a folder a diffusers model
# The families that are told apart, by the names that the rest of the program calls them.
TITLES: Mapping[str, str] = {
    "sd1": "Stable Diffusion 1.x",
    "sd2": "Stable Diffusion 2.x",
    "sdxl": "SDXL",
    "sd3": "SD3",
    "flux": "Flux",
}
TRAINED = ("sd1", "sd2", "sdxl")  # those of them with a row in `trainer.families`
_JSON_LIMIT = 1_000_000  # bytes
_VARIANTS = ("", ".fp16")  # of the weights in a folder; the first one found is read
# The weights in a part of a folder, without variant and extension.
IMAGE_STEM, TEXT_STEM = "diffusion_pytorch_model", "model"
_UNET = "model.diffusion_model."
_TRANSFORMER = f"{_UNET}input_blocks.{{}}.1."
_WIDTHS = {768: "sd1", 1024: "sd2", 2048: "sdxl"}  # of the text states that the UNet attends to
_REFINER_WIDTH = 1280
_TRANSFORMERS = {"joint_blocks": "sd3", "double_blocks": "flux"}  # that stand in a UNet's place
_OTHER_PIPELINES = {
    "StableDiffusion3Pipeline": "sd3",
    "FluxPipeline": "flux",
}


class NoBaseModelError(TrainerError):
    """There is nothing, or something else: a LoRA, a VAE, a part of a model."""


@dataclass(frozen=True, slots=True)
class BaseFile:
    """A base model that was found on disk: its family's name, one of `TITLES`, or ""."""

    path: Path
    family: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a diffusers folder, not a single safetensors file."""
        return self.path.is_dir()


def look_at(path: Path) -> BaseFile:
    """The base model in a diffusers folder or a `.safetensors` file.

    Raises NoBaseModelError when it is something else or missing, TrainerError when it is damaged or
    of a kind that nothing can be trained on.
    """
    if os.path.isdir(path):  # noqa: PTH112 - Path's raises in a closed folder
        return BaseFile(path, _family_of_folder(path))
    if not _is_file(path):
        raise NoBaseModelError(
            f"The base model {path} does not exist.",
            "Choose a .safetensors checkpoint or a diffusers folder.",
        )
    if path.suffix.lower() != ".safetensors":
        raise NoBaseModelError(
            f"{path} is no base model that can be read.",
            "Choose a .safetensors checkpoint or a diffusers folder.",
        )
    return BaseFile(path, _family_of_file(path, read_header(path).shapes))


def is_pickled(path: Path) -> bool:
    """Whether it is a checkpoint in the older form, of which nothing is known before it is read."""
    return path.suffix.lower() in PICKLED and _is_file(path)


def require_trained(base: BaseFile) -> None:
    """Raise TrainerError for a base model of a family that this version does not train."""
    if base.family in TRAINED:
        return
    kind = f"a model of the kind {TITLES[base.family]}" if base.family else "of an unknown kind"
    labels = " and ".join(TITLES[family] for family in TRAINED)
    raise TrainerError(
        f"{base.path} is {kind}; this version trains {labels} only.",
        f"Choose a base model of the kind {labels}.",
    )


def variant_of(folder: Path, stem: str) -> str:
    """The variant of the weights in one part of a diffusers folder, such as unet: "" or "fp16".

    `stem` is IMAGE_STEM or TEXT_STEM; large weights may lie in several files with an index.
    Raises TrainerError when they are missing or stored in a form that could run code.
    """
    for variant in _VARIANTS:
        whole, index = f"{stem}{variant}.safetensors", f"{stem}.safetensors.index{variant}.json"
        if _is_file(folder / whole) or _is_file(folder / index):
            return variant.removeprefix(".")
    raise TrainerError(
        f"{folder} holds no .safetensors weights.",
        "Weights in .bin files can run any program when opened, so they are not read. "
        "Get the model as .safetensors.",
    )


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - Path's raises in a closed folder


def _family_of_file(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> str:
    inside = [name.removeprefix(_UNET) for name in shapes if name.startswith(_UNET)]
    parts = {name.partition(".")[0] for name in inside}
    if not parts:
        raise NoBaseModelError(
            f"{path} is not a whole base model.",
            "It may be a LoRA, a VAE or a part of a model. Choose a checkpoint with UNet, VAE and"
            " text encoder in one file.",
        )
    for name, family in _TRANSFORMERS.items():
        if name in parts:
            return family
    _refuse_inpainting(path, _second(shapes.get(f"{_UNET}input_blocks.0.0.weight"), 4))
    for block in (1, 4):  # SDXL has no attention in its first blocks
        start = _TRANSFORMER.format(block)
        shape = shapes.get(f"{start}transformer_blocks.0.attn2.to_k.weight")
        if width := _second(shape, 0):
            linear = len(shapes.get(f"{start}proj_in.weight", ())) == 2
            return _family_of_unet(path, width, linear=linear, framed="label_emb" in parts)
    return ""


def _second(shape: tuple[int, ...] | None, otherwise: int) -> int:
    return shape[1] if shape and len(shape) > 1 else otherwise


def _family_of_folder(path: Path) -> str:
    if not _is_file(path / MODEL_INDEX):
        raise NoBaseModelError(
            f"{path} is not a whole diffusers model: {MODEL_INDEX} cannot be read.",
            "Choose the folder that holds model_index.json, unet, vae and text_encoder.",
        )
    pipeline = str(_read_json(path / MODEL_INDEX).get("_class_name"))
    if pipeline in _OTHER_PIPELINES:
        return _OTHER_PIPELINES[pipeline]
    unet = _read_json(path / "unet" / "config.json")
    _refuse_inpainting(path, unet.get("in_channels", 4))
    width = unet.get("cross_attention_dim")
    if not isinstance(width, int):
        return ""
    framed = unet.get("addition_embed_type") == "text_time"
    linear = unet.get("use_linear_projection") is True
    family = _family_of_unet(path, width, linear=linear, framed=framed)
    if family in TRAINED:
        for part in ("unet", "vae"):
            variant_of(path / part, IMAGE_STEM)
        for part in ("text_encoder", "text_encoder_2")[: 1 + (family == "sdxl")]:
            variant_of(path / part, TEXT_STEM)
    return family


def _family_of_unet(path: Path, width: int, *, linear: bool, framed: bool) -> str:
    """By the width of the texts; small models of the same shapes differ in their layers alone.

    `linear` says that linear layers lead into its transformers, `framed` that it is told more than
    the text.
    """
    if width == _REFINER_WIDTH:
        raise TrainerError(
            f"{path} is the refiner of SDXL, which only finishes pictures.",
            "Choose the base model of SDXL.",
        )
    if width < min(_WIDTHS):
        return "sdxl" if framed else "sd2" if linear else "sd1"
    return _WIDTHS.get(width, "")


def family_of_width(width: int) -> str:
    """The family whose UNet attends to text states of this width, or ""."""
    # Small models of the same shape differ from SD 1.x in nothing but their widths.
    return "sd1" if width < min(_WIDTHS) else _WIDTHS.get(width, "")


def _refuse_inpainting(path: Path, channels: object) -> None:
    if channels != 4:
        raise TrainerError(
            f"{path} is an inpainting or editing model ({channels} input channels).",
            "Choose the ordinary version of the model.",
        )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(_JSON_LIMIT))
    except (OSError, ValueError, RecursionError) as error:
        raise TrainerError(
            f"{path.parent} is not a whole diffusers model: {path.name} cannot be read.",
            "Choose the folder that holds model_index.json, unet, vae and text_encoder.",
        ) from error
    return content if isinstance(content, dict) else {}
