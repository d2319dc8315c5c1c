"""Runs the training here and now, and sees to it that whoever started it hears how it ended."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from trainer.config import RunConfig
from trainer.control import Control
from trainer.errors import TrainerError
from trainer.events import Event, Failed
from trainer.launched import launched
from trainer.loading import beside_others
from trainer.memory import advice
from trainer.rules import require_complete

Emit = Callable[[Event], None]

EXIT_DONE, EXIT_USER, EXIT_BUG = 0, 1, 70
_EXTRA = ("torch", "diffusers", "transformers", "safetensors", "peft", "accelerate")


def perform(config: RunConfig, emit: Emit, control: Control) -> int:
    """Train; the last event says how it ended, whatever happens. Returns the exit code.

    Sets OMP_WAIT_POLICY before torch is loaded: without it a training on the processor spins
    against whatever else runs (20 small steps took 28 s instead of 1 s beside a busy window).
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    code = _exit_code(config, emit, control)
    _release()
    return code


def _exit_code(config: RunConfig, emit: Emit, control: Control) -> int:
    try:
        require_complete(config)  # known without torch
        _train(config, emit, control)
    except TrainerError as error:
        emit(Failed(error.message, error.hint))
        return EXIT_USER
    except MemoryError:
        emit(Failed("The memory of this machine does not suffice for this run.", advice(config)))
        return EXIT_USER
    except Exception as error:  # noqa: BLE001 - a run's one handler: its owner hears of every end
        sentence = f"Training ended by a fault of the program ({type(error).__name__}: {error})."
        emit(Failed(sentence, "Please report it with its details.", traceback.format_exc()))
        return EXIT_BUG
    return EXIT_DONE


def _release() -> None:
    """Give back what the run held of a GPU; only now does no traceback hold its model any more."""
    if sys.modules.get("torch"):
        from trainer.devices import release

        release()


def _train(config: RunConfig, emit: Emit, control: Control) -> None:
    try:
        with beside_others():
            from trainer.loop import train  # loads torch, which takes seconds and may not be there
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise TrainerError(
            f"Training needs {error.name}, which is not installed.",
            'Install it with: pip install "curator[train]"',
        ) from error
    launch = launched()
    if launch.count == 1:
        train(config, emit, control)
        return
    from trainer.together import train_together

    train_together(train, launch, config, emit, control)
