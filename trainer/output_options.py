"""The options that say what is saved, sampled and measured, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.options import option


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
