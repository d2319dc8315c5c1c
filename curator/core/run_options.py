"""Options of a training as a person changes them: in text, checked, and kept with the project."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from curator.core.errors import UserError
from trainer.config import parse_assignments, parse_option
from trainer.errors import TrainerError

YES, NO = "yes", "no"
EPOCHS, STEPS = "max_train_epochs", "max_train_steps"
# Options for which the project has a setting of its own.
AS_SETTING: Mapping[str, str] = {"resolution": "resolution", "sample_prompts": "sample_prompt"}
# The project fills these itself, or they are asked for in another way.
FILLED = frozenset(
    {
        "pretrained_model_name_or_path",
        "network_weights",
        "dim_from_weights",
        "dataset_config",
        "train_data_dir",
        "reg_data_dir",
        "caption_extension",
        "cache_dir",
        "output_dir",
        "output_name",
        "save_state",
        "superseded",
        "state_dir",
        "resume",
        "training_comment",
        "sample_dir",
        "logging_dir",
    }
)


def option_text(value: Any) -> str:
    """The value of an option as a form shows it and a run reads it; "" where it is not set."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, tuple):
        is_size = all(isinstance(part, int) for part in value)
        return (",".join if is_size else " ".join)(map(str, value))
    return str(value)


def tidy_option(name: str, text: str) -> str:
    """The value of an option as it is kept, from what was typed. Raises UserError."""
    try:
        return option_text(parse_option(name, text))
    except TrainerError as error:
        raise UserError(error.message, error.hint) from error


def read_options(kept: str) -> dict[str, str]:
    """The options in a text such as "network_dim=64 sample_prompts='a cat'". Raises UserError."""
    try:
        return parse_assignments(shlex.split(kept))
    except ValueError as error:  # of shlex
        raise UserError(
            f"The options of the training can't be read: {error}.", "Quotes come in pairs."
        ) from error
    except TrainerError as error:
        raise UserError(error.message, error.hint) from error


def write_options(options: Mapping[str, str]) -> str:
    """The text that `read_options` reads."""
    return shlex.join(f"{name}={value}" for name, value in options.items())
