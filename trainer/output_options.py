"""The options that say what is saved, sampled and measured, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.options import option

SAMPLERS = (  # sd-scripts' names
    *("ddim", "ddpm", "pndm", "lms", "euler", "euler_a", "heun", "dpm_2", "dpm_2_a"),
    *("dpmsolver", "dpmsolver++", "dpmsingle", "unipc"),
    *("k_lms", "k_euler", "k_euler_a", "k_dpm_2", "k_dpm_2_a"),
)
_OFTEN = (0, 100_000_000)


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
    save_every_n_steps: int = option(
        0,
        "Save every N steps",
        "Beside those of the epochs; such checkpoints are called NAME-step00000100.safetensors. "
        "Usual: 0, none.",
        section="save",
        bounds=_OFTEN,
    )
    save_last_n_epochs: int = option(
        0,
        "Keep the last N of the epochs",
        "So many checkpoints of epochs are kept while it trains, and the finished one; 0 keeps "
        "all. What the run did not write is never removed.",
        section="save",
        bounds=_OFTEN,
    )
    save_last_n_steps: int = option(
        0,
        "Keep those of the last N steps",
        "Of the checkpoints of Save every N steps, those are kept that are at most so many steps "
        "old; 0 keeps all.",
        section="save",
        bounds=_OFTEN,
    )
    superseded: str = option(
        "delete",
        "What is not kept",
        "Whether it is deleted for good or put into the system's trash.",
        section="save",
        choices=("delete", "trash"),
    )
    save_state: bool = option(
        False,
        "Save the state with every checkpoint",
        "Without it the state is saved only when the run is stopped or told to save.",
        section="save",
    )
    save_state_on_train_end: bool = option(
        False,
        "Save the state at the end",
        "For a finished run that is given more epochs later.",
        section="save",
    )
    save_last_n_epochs_state: int = option(
        0,
        "States of the last N epochs",
        "Keeps these beside the newest state, each in a folder of its own inside the state folder, "
        "to go back to. Usual: 0, only the newest is kept. (sd-scripts keeps all.)",
        section="save",
        bounds=_OFTEN,
    )
    save_last_n_steps_state: int = option(
        0,
        "States of the last N steps",
        "The same for the states that are saved with Save every N steps: those at most so many "
        "steps old.",
        section="save",
        bounds=_OFTEN,
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
        "Sample prompts",
        "One on each line, or a .txt file with such lines. After a prompt may stand --n negative "
        "prompt, "
        "--w width, --h height, --d seed, --l guidance, --s steps, --ss sampler.",
        section="sample",
    )
    sample_sampler: str = option(
        "ddim",
        "Sampler",
        "How the sample pictures are drawn, unless a prompt names another; euler_a is usual in "
        "other programs.",
        section="sample",
        choices=SAMPLERS,
    )
    sample_at_first: bool = option(
        False,
        "Sample before the first step",
        "Shows what the base model makes of the prompts by itself.",
        section="sample",
    )
    sample_every_n_epochs: int = option(
        1,
        "Sample every N epochs",
        "How often the sample prompts are drawn; 0 draws none unless asked to.",
        section="sample",
        bounds=(0, 100_000),
    )
    sample_every_n_steps: int = option(
        0,
        "Sample every N steps",
        "Beside those of the epochs; 0 draws none. (In sd-scripts it says nothing where epochs are "
        "given.)",
        section="sample",
        bounds=_OFTEN,
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
        "Losses and rates are written there, as tables, and the loss of every picture by timestep; "
        "without it none are written.",
        section="log",
    )
    log_with: str = option(
        "csv",
        "Log with",
        "csv writes tables alone; the others get the curves too. TensorBoard and wandb (Weights & "
        "Biases, a service on the internet) must be installed for it. (sd-scripts: tensorboard.)",
        section="log",
        choices=("csv", "tensorboard", "wandb", "all"),
    )
    log_tracker_name: str = option(
        "network_train",
        "Project in wandb",
        "Under which the run is listed there. Log in once with: wandb login. A key never stands "
        "in a run file.",
        section="log",
    )
    wandb_run_name: str = option(
        "", "Name in wandb", "Of this run; without it, the output name.", section="log"
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
