"""The base model of a run: found, checked, loaded, with its VAE and what it predicts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch

from trainer.base_files import find_base
from trainer.base_kinds import TITLES, BaseFile
from trainer.config import PRACTICE_MODEL, RunConfig
from trainer.errors import TrainerError
from trainer.families import family_for
from trainer.model import BaseModel, Family
from trainer.noise import ZERO_TERMINAL
from trainer.practice import practice_model
from trainer.predictions import with_prediction
from trainer.rules import check_prediction


@dataclass(frozen=True, slots=True)
class LoadedBase:
    """A base model in memory, its family, and what its owner should know about it."""

    family: Family
    model: BaseModel
    notes: tuple[str, ...]


def find_base_of(config: RunConfig) -> BaseFile:
    """The base model that a run names, on disk; made or converted there if it has to be.

    Raises TrainerError when it is none.
    """
    name = config.pretrained_model_name_or_path
    if name == PRACTICE_MODEL:
        return find_base(practice_model(config.cache_dir or config.output_dir))
    return find_base(Path(name))


def load_base(config: RunConfig, dtype: torch.dtype) -> LoadedBase:
    """The base model that a run names, on the CPU in `dtype`.

    Raises TrainerError when it cannot be trained, is not whole, or is not what the run expects.
    """
    base = find_base_of(config)
    family = family_for(base)
    _check_expected(base, config.v2)
    model = family.load(base, dtype, config.vae)
    scheduler, note = with_prediction(family, base, model, config.v_parameterization)
    if config.zero_terminal_snr:  # samples are drawn by the same settings, from the last timestep
        scheduler |= ZERO_TERMINAL
    model = replace(model, scheduler=scheduler)
    check_prediction(config, velocity=model.predicts_velocity)
    notes = (note, family.on_clip_skip if config.clip_skip > 1 else "")
    return LoadedBase(family, model, tuple(note for note in notes if note))


def _check_expected(base: BaseFile, v2: str) -> None:
    if v2 != "auto" and (v2 == "true") != (base.family == "sd2"):
        raise TrainerError(
            f"v2 is {v2}, but the base model {base.path} is {TITLES[base.family]}.",
            "Set v2 to auto, or choose another base model.",
        )
