"""The options that say which base model is trained, and with which precision."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.options import option

_FOUND_OR_SET = ("auto", "true", "false")
PRECISIONS = ("auto", "no", "fp16", "bf16")


@dataclass(frozen=True, kw_only=True)
class ModelOptions:
    """The base model and the machine."""

    pretrained_model_name_or_path: str = option(
        "",
        "Base model",
        'A diffusers folder, a .safetensors or .ckpt checkpoint, or "practice" for the tiny '
        "practice model. Nothing is downloaded.",
        section="base_model",
    )
    vae: Path | None = option(
        None,
        "VAE",
        "A VAE file or folder that takes the place of the base model's own. Usual: none.",
        section="base_model",
    )
    v2: str = option(
        "auto",
        "Stable Diffusion 2.x",
        "The kind of the base model is seen by itself. true or false only says what you expect: a "
        "run with another base model does not begin.",
        section="base_model",
        choices=_FOUND_OR_SET,
    )
    v_parameterization: str = option(
        "auto",
        "Predicts velocity",
        "Whether the base model predicts velocity (v), as SD 2.x for 768 pixels does, not noise. "
        "auto finds out; sd-scripts does not, there it must be set.",
        section="base_model",
        choices=_FOUND_OR_SET,
    )
    clip_skip: int = option(
        1,
        "CLIP skip",
        "The text encoder's layer, from the end: 1 for photo models, 2 for the NAI family. SDXL "
        "always reads the last but one.",
        section="base_model",
        bounds=(1, 11),
    )
    device: str = option(
        "auto",
        "Device",
        "Where to train; auto takes CUDA, else MPS, else the processor.",
        section="precision",
        choices=("auto", "cpu", "cuda", "mps"),
    )
    torch_threads: int = option(
        0,
        "Processor threads",
        "Threads for training on the processor; 0 leaves one core to everything else.",
        section="precision",
        bounds=(0, 1024),
    )
    mixed_precision: str = option(
        "auto",
        "Mixed precision",
        "auto takes bf16 where the device has it, else fp16 on a CUDA GPU, else no: float32.",
        section="precision",
        choices=PRECISIONS,
    )
    save_precision: str = option(
        "fp16",
        "Saved as",
        "The number format of checkpoints; fp16 is read everywhere.",
        section="precision",
        choices=("fp16", "bf16", "float"),
    )
    gradient_checkpointing: bool = option(
        False,
        "Gradient checkpointing",
        "Needs less memory and about half as much time again.",
        section="precision",
    )
    gradient_checkpointing_blocks: str = option(
        "whole",
        "Checkpointed blocks",
        "With gradient checkpointing: whole takes all blocks of the UNet, large only the few that "
        "hold two thirds of the memory, which is faster.",
        section="precision",
        choices=("whole", "large"),
    )
