"""The options that say what is trained, how it learns, and what is saved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.options import Number, Words, option

PRECISIONS = ("auto", "no", "fp16", "bf16")


@dataclass(frozen=True, kw_only=True)
class ModelOptions:
    """The base model, the machine and the network."""

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
    network_module: str = option(
        "networks.lora",
        "Network",
        "The kind of network that is trained, by sd-scripts' name.",
        section="net",
        choices=("networks.lora",),
    )
    network_dim: int = option(
        32,
        "Network dim",
        "The rank: how much the network can hold, and how large its file is. (sd-scripts: 4.)",
        section="net",
        bounds=(1, 1024),
    )
    network_alpha: float = option(
        16.0,
        "Network alpha",
        "The network's output is scaled by alpha / dim; 0 means the same as dim. (sd-scripts: 1.)",
        section="net",
        bounds=(0, 1024),
    )
    network_train_unet_only: bool = option(
        False, "UNet only", "The text encoder is left as it is.", section="net"
    )
    network_train_text_encoder_only: bool = option(
        False, "Text encoder only", "The UNet is left as it is.", section="net"
    )
    network_weights: Path | None = option(
        None,
        "Continue from",
        "A finished checkpoint that training begins with; only its weights are taken. To go on "
        "with an interrupted run use Resume.",
        section="net",
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


@dataclass(frozen=True, kw_only=True)
class LearningOptions:
    """How long and how fast the network learns."""

    train_batch_size: int = option(
        1,
        "Batch size",
        "Pictures per batch; double the batch, double the learning rate.",
        section="epochs",
        bounds=(1, 1024),
    )
    gradient_accumulation_steps: int = option(
        1,
        "Batches per step",
        "So many batches are added up before the network changes, as if they were one.",
        section="epochs",
        bounds=(1, 1024),
    )
    max_train_epochs: int | None = option(
        None,
        "Epochs",
        "How often the whole dataset with its repeats is seen; wins over Steps. (Not set by the "
        "scheduler's number of cycles, as a tutorial says.)",
        section="epochs",
        bounds=(1, 100_000),
    )
    max_train_steps: int = option(
        1600,
        "Steps",
        "How many steps are trained when no epochs are given.",
        section="epochs",
        bounds=(1, 100_000_000),
    )
    seed: int = option(
        42,
        "Seed",
        "The same seed on the same machine gives the same run. (sd-scripts draws one when it is "
        "not given.)",
        section="epochs",
        bounds=(0, 2**32 - 1),
    )
    learning_rate: float = option(
        1e-4,
        "Learning rate",
        "For every part that has no rate of its own. (sd-scripts: 2e-6, which learns nearly "
        "nothing.)",
        section="lr",
        bounds=(0, 10),
    )
    unet_lr: float | None = option(
        None,
        "UNet rate",
        "Replaces the learning rate for the UNet; 0 leaves the UNet as it is.",
        section="lr",
        bounds=(0, 10),
    )
    text_encoder_lr: float | None = option(
        None,
        "Text encoder rate",
        "Replaces the learning rate for the text encoder; 0 leaves it as it is.",
        section="lr",
        bounds=(0, 10),
    )
    optimizer_type: str = option(
        "AdamW",
        "Optimizer",
        "AdamW with a rate of about 1e-4 suits nearly everything.",
        section="optimizer",
        choices=("AdamW",),
    )
    optimizer_args: Words = option(
        (),
        "Optimizer arguments",
        "name=value each, separated by spaces, such as weight_decay=0.1 betas=0.9,0.99.",
        section="optimizer",
    )
    lr_scheduler: str = option(
        "constant",
        "Schedule",
        "How the learning rate changes: constant, constant after a warm-up, or falling like a "
        "cosine after an optional warm-up.",
        section="sched",
        choices=("constant", "constant_with_warmup", "cosine"),
    )
    lr_warmup_steps: Number = option(
        0,
        "Warm-up",
        "The rate rises from 0 during so many steps; below 1 it is a share of all steps. The "
        "schedule constant takes none.",
        section="sched",
        bounds=(0, 100_000_000),
    )
    max_grad_norm: float = option(
        1.0,
        "Gradient clipping",
        "Gradients longer than this are shortened; 0 switches it off.",
        section="optimizer",
        bounds=(0, 1000),
    )
    min_snr_gamma: float = option(
        0.0,
        "Min-SNR gamma",
        "Weighs down the nearly noiseless steps, which steadies learning: 5 is usual, 0 is off.",
        section="min_snr_gamma",
        bounds=(0, 100),
    )
    noise_offset: float = option(
        0.0,
        "Noise offset",
        "Lets the network learn darker and brighter pictures: 0.03 to 0.1 is usual, 0 is off.",
        section="noise",
        bounds=(0, 1),
    )


@dataclass(frozen=True, kw_only=True)
class OutputOptions:
    """What is saved, sampled and measured, and where."""

    output_dir: Path = option(
        Path("output"), "Output folder", "Where checkpoints are saved.", section="save"
    )
    output_name: str = option(
        "lora",
        "Output name",
        "Checkpoints are called NAME-000001.safetensors ... and, at the end, NAME.safetensors.",
        section="save",
    )
    save_every_n_epochs: int = option(
        1,
        "Save every N epochs",
        "The last epoch is often not the best; 0 saves only the end. (sd-scripts: 0.)",
        section="save",
        bounds=(0, 100_000),
    )
    save_state: bool = option(
        False,
        "Save the state with every checkpoint",
        "Without it the state is saved only when the run is stopped or told to save.",
        section="save",
    )
    state_dir: Path | None = option(
        None,
        "State folder",
        "Where the state for resuming is kept; without it, OUTPUT_NAME-state beside the "
        "checkpoints.",
        section="save",
    )
    resume: Path | None = option(
        None,
        "Resume",
        "A saved state; the run goes on exactly as if it had not been interrupted.",
        section="save",
    )
    training_comment: str = option(
        "",
        "Trigger word",
        "Written into the checkpoint, so that other programs show it.",
        section="save",
    )
    sample_prompts: str = option(
        "",
        "Sample prompt",
        "A prompt, or a .txt file with one per line. After it may stand --n negative prompt, "
        "--w width, --h height, --d seed, --l guidance, --s steps.",
        section="sample",
    )
    sample_every_n_epochs: int = option(
        1,
        "Sample every N epochs",
        "How often the sample prompts are drawn; 0 draws none unless asked to.",
        section="sample",
        bounds=(0, 100_000),
    )
    sample_dir: Path | None = option(
        None,
        "Sample folder",
        'Where sample pictures are put; without it, "sample" in the output folder.',
        section="sample",
    )
    logging_dir: Path | None = option(
        None,
        "Log folder",
        "Losses and rates are written there, one table per run; without it none are written.",
        section="log",
    )
    validate_every_n_epochs: int = option(
        1,
        "Validate every N epochs",
        "How often the loss on fixed pictures, noise and timesteps is measured; 0 is never.",
        section="log",
        bounds=(0, 100_000),
    )
    max_validation_steps: int = option(
        8,
        "Validation pictures",
        "How many pictures the validation loss is measured on.",
        section="log",
        bounds=(1, 100_000),
    )
