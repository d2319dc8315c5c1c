"""The options that say which base model is trained, and with which precision."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.options import option

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
    clip_skip: int = option(
        1,
        "CLIP skip",
        "The text encoder's layer, from the end: 1 for photo models, 2 for the NAI family.",
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
        "auto takes bf16 where the device has it, else fp16 on a GPU and none on the processor.",
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
