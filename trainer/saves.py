"""What a run saves and when: checkpoints under sd-scripts' names, and the state to resume from."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from trainer import checkpoint, optimizers
from trainer.assemble import Training
from trainer.checkpoint import State
from trainer.errors import TrainerError
from trainer.events import Event, Saved, StateSaved
from trainer.metadata import BaseFacts, Moment, describe, file_hashes


class Saves:
    """The checkpoints of a run so far, in the order of their saving, and how to add one."""

    def __init__(self, training: Training, emit: Callable[[Event], None]) -> None:
        self._training = training
        self._emit = emit
        self._names: list[str] = []
        self._started = time.time()
        self._session = str(uuid4().int >> 64)
        self._base: BaseFacts | None = None
        self._state_step = 0
        self._checkpoint_step = 0

    @property
    def checkpoints(self) -> tuple[Path, ...]:
        """The paths of all checkpoints, those from before a resume among them."""
        return tuple(self._training.config.output_dir / name for name in self._names)

    def resume(self) -> int:
        """Take over the saved state that the run file names; gives the steps that are done.

        Raises TrainerError when it is damaged or belongs to another run.
        """
        training, path = self._training, self._training.config.resume
        if path is None:
            return 0
        state = training.ranks.from_leader(lambda: checkpoint.load_state(path))
        checkpoint.check_identity(path, state.identity, training.identity)
        if state.step > training.steps:
            raise TrainerError(
                f"The saved state is at step {state.step}, but the run has only {training.steps}.",
                "Raise max_train_epochs or max_train_steps.",
            )
        training.adapter.load(state.network)
        optimizers.load_state(training.optimizer, training.averages.load(state.optimizer))
        training.scaler.load_state_dict(state.scaler)
        self._names = list(state.saved)
        self._state_step = self._checkpoint_step = state.step
        return state.step

    def save_epoch(self, epoch: int, step: int) -> None:
        """The checkpoint of an epoch; the state too, if the run file asks for it."""
        self._save_network(f"-{epoch:06d}", epoch, step)
        if self._training.config.save_state:
            self._save_state(step)

    def save_end(self, step: int) -> None:
        """The finished checkpoint, without a number."""
        self._save_network("", self._training.epochs, step)
        if self._training.config.save_state:
            self._save_state(step)

    def save_step(self, step: int) -> None:
        """A checkpoint named after the step, and the state."""
        self._save_network(f"-step{step:08d}", self._epoch(step), step)
        self._save_state(step)

    def save_stop(self, step: int) -> None:
        """As `save_step`, but only what is not yet on disk."""
        if step > self._checkpoint_step:
            self._save_network(f"-step{step:08d}", self._epoch(step), step)
        if step > self._state_step:
            self._save_state(step)

    def _epoch(self, step: int) -> int:
        return self._training.plan.epoch_of(max(0, step - 1)) + 1

    def _save_network(self, suffix: str, epoch: int, step: int) -> None:
        training, config = self._training, self._training.config
        if not training.ranks.leads:
            return
        path = config.output_dir / f"{config.output_name}{suffix}.safetensors"
        moment = Moment(epoch, step, self._started, time.time(), self._session)
        known = replace(config, mixed_precision=training.compute.precision)
        metadata = describe(known, training.dataset, training.plan, self._facts(), moment)
        each = training.dataset.batch_size // training.ranks.count
        metadata["ss_batch_size_per_device"] = str(each)
        with training.averages.shown():
            tensors = training.adapter.state_dict()
            checkpoint.save_network(path, tensors, config.save_precision, metadata)
        if path.name not in self._names:
            self._names.append(path.name)
        self._checkpoint_step = step
        self._emit(Saved(path, epoch, step))

    def _save_state(self, step: int) -> None:
        training = self._training
        if not training.ranks.leads:
            return
        state = State(
            step=step,
            identity=training.identity,
            network=training.adapter.state_dict(),
            optimizer=optimizers.dump_state(training.optimizer) | training.averages.dump(),
            scaler=training.scaler.state_dict(),
            saved=tuple(self._names),
        )
        checkpoint.save_state(training.state_dir, state)
        self._state_step = step
        self._emit(StateSaved(training.state_dir, step))

    def _facts(self) -> BaseFacts:
        """The base model for metadata; hashing its file takes seconds, so once and not at start."""
        if self._base is None:
            model, vae = self._training.model, self._training.config.vae
            velocity = model.predicts_velocity
            self._base = BaseFacts(
                model.source.name,
                self._training.family.versions[velocity],
                "v" if velocity else "epsilon",
                *_hashes(model.source),
                *((vae.name, *_hashes(vae)) if vae else ()),
            )
        return self._base


def _hashes(path: Path) -> tuple[str, str]:
    """Of a file; a folder has none."""
    return file_hashes(path) if path.is_file() else ("", "")
