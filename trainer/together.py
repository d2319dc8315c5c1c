"""A training in several processes, started by torchrun: they begin, wish, fail and end as one."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import torch
from torch import distributed
from typing_extensions import override

from trainer import devices
from trainer.config import RunConfig
from trainer.control import Control
from trainer.errors import TrainerError
from trainer.events import Event, Stopped
from trainer.launched import Launched
from trainer.ranks import Group, LeftError, Ranks

_PATIENCE = timedelta(days=30)  # others may wait while the leader is paused, saves or draws

Emit = Callable[[Event], None]


class Train(Protocol):
    """What trains in one process; see `trainer.loop.train`."""

    def __call__(self, config: RunConfig, emit: Emit, control: Control, ranks: Ranks) -> None:
        """Train to the end."""


def train_together(
    train: Train, launch: Launched, config: RunConfig, emit: Emit, control: Control
) -> None:
    """Train as one of the processes that torchrun started.

    Raises TrainerError with the same sentence in all of them when any of them fails.
    """
    with _group(launch, config) as group:
        train_in(group, train, config, emit, control)


def train_in(group: Group, train: Train, config: RunConfig, emit: Emit, control: Control) -> None:
    """Train as one of a group of processes that have met. Raises as `train_together`."""
    mine = config if group.leads else _follower(config)
    try:
        train(mine, emit, SharedControl(control, group), group)
    except LeftError:  # asked to stop before the first step, while this one was not
        emit(Stopped(0))
    except Exception as error:
        group.leave(_sentence(error))
        raise
    else:
        group.leave(None)


class SharedControl(Control):
    """The wishes of all processes, the same in each of them from one step border to the next."""

    def __init__(self, own: Control, ranks: Ranks) -> None:
        super().__init__()
        self._own = own
        self._ranks = ranks
        self._met = False

    @property
    @override
    def stopping(self) -> bool:
        """Before the first border each process stops by itself; the others hear that it has."""
        return super().stopping or (not self._met and self._own.stopping)

    @override
    def meet(self) -> None:
        self._met = True
        own = self._own
        ending = own.stopping, own.stopping_after_epoch
        wishes = *ending, own.paused, own.take_save(), own.take_sample()
        stop, stop_after_epoch, pause, save, sample = self._ranks.agree(wishes)
        verbs = {
            self.stop: stop,
            self.stop_after_epoch: stop_after_epoch,
            self.pause if pause else self.resume: True,
            self.save_now: save,
            self.sample_now: sample,
        }
        for verb, wished in verbs.items():
            if wished:
                verb()

    @override
    def wait_while_paused(self) -> None:
        self._own.wait_while_paused()  # only the leader's is ever paused
        self.meet()


def _follower(config: RunConfig) -> RunConfig:
    """The run without what only the leader does: logs, samples and measuring."""
    return replace(
        config,
        logging_dir=None,
        log_with="csv",
        sample_prompts="",
        validate_every_n_epochs=0,
    )


def _sentence(error: Exception) -> TrainerError:
    if isinstance(error, TrainerError):
        return error
    trace = "".join(traceback.format_exception(error))
    return TrainerError(f"A fault of the program ({type(error).__name__}: {error}).", trace)


@contextmanager
def _group(launch: Launched, config: RunConfig) -> Iterator[Group]:
    kind = devices.kind_of(config.device)
    if kind == "cuda":
        _take_gpu(launch)
    elif kind == "mps":
        raise TrainerError(
            "Several processes cannot share the GPU of a Mac.", "Start one, without torchrun."
        )
    backend = "cpu:gloo,cuda:nccl" if kind == "cuda" else "gloo"
    distributed.init_process_group(backend, timeout=_PATIENCE)
    try:
        yield Group(launch)
    finally:
        distributed.destroy_process_group()


def _take_gpu(launch: Launched) -> None:
    """The GPU of this process, which "cuda" means from now on."""
    count = torch.cuda.device_count()
    if launch.beside > count:
        raise TrainerError(
            f"{launch.beside} processes were started here, but this machine has {count} GPUs.",
            f"Start torchrun with --nproc_per_node {count}, or set device to cpu.",
        )
    torch.cuda.set_device(launch.here)
