"""What a run saves and when: checkpoints under sd-scripts' names, and the state to resume from."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

from trainer import checkpoint
from trainer.assemble import Training
from trainer.errors import TrainerError
from trainer.events import Event, Note, Saved, StateSaved
from trainer.good_copy import put_back, take_state
from trainer.identity import before_options
from trainer.keeping import is_own, outlived_epoch, outlived_step, put_away
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

    @property
    def state_step(self) -> int:
        """The step of the state on disk; 0 where there is none."""
        return self._state_step

    def resume(self) -> int:
        """Take over the saved state that the run file names; gives the steps that are done.

        Raises TrainerError when it is damaged or belongs to another run.
        """
        training, path = self._training, self._training.config.resume
        if path is None:
            return 0
        state = training.ranks.from_leader(lambda: checkpoint.load_state(path))
        known = before_options() | state.identity
        checkpoint.check_identity(path, known, training.identity)
        if state.step > training.steps:
            raise TrainerError(
                f"The saved state is at step {state.step}, but the run has only {training.steps}.",
                "Raise max_train_epochs or max_train_steps.",
            )
        put_back(training, state)
        # One may have been deleted since, by its owner or for its age.
        self._names = [name for name in state.saved if (training.config.output_dir / name).exists()]
        self._started = state.started or self._started
        self._session = state.session or self._session
        self._state_step = self._checkpoint_step = state.step
        return state.step

    def save_epoch(self, epoch: int, step: int) -> None:
        """The checkpoint of an epoch; the state too, if the run file asks for it.

        What has outlived its time by then goes.
        """
        config = self._training.config
        old = partial(outlived_epoch, epoch, config.save_every_n_epochs)
        gone = old(config.save_last_n_epochs)
        outlived = () if gone is None else (_epoch_name(gone),)
        self._save_network(_epoch_name(epoch), epoch, step, outlived)
        if config.save_state:
            last = config.save_last_n_epochs_state
            self._save_state(step, _epoch_name(epoch) if last else "")
            self._drop_state(old(last), _epoch_name)

    def save_due(self, step: int) -> None:
        """The checkpoint of every n steps, likewise."""
        config = self._training.config
        old = partial(outlived_step, step, config.save_every_n_steps)
        gone = old(config.save_last_n_steps)
        outlived = () if gone is None else (_step_name(gone),)
        self._save_network(_step_name(step), self._epoch(step), step, outlived)
        if config.save_state:
            last = config.save_last_n_steps_state
            self._save_state(step, _step_name(step) if last else "")
            self._drop_state(old(last), _step_name)

    def save_end(self, step: int) -> None:
        """The finished checkpoint, without a number."""
        config = self._training.config
        self._save_network("", self._training.epochs, step)
        if config.save_state or config.save_state_on_train_end:
            self._save_state(step)

    def save_step(self, step: int) -> None:
        """A checkpoint named after the step, and the state."""
        self._save_network(_step_name(step), self._epoch(step), step)
        self._save_state(step)

    def save_stop(self, step: int) -> None:
        """As `save_step`, but only what is not yet on disk."""
        if step > self._checkpoint_step:
            self._save_network(_step_name(step), self._epoch(step), step)
        if step > self._state_step:
            self._save_state(step)

    def save_state(self, step: int) -> None:
        """The state alone."""
        self._save_state(step)

    def _epoch(self, step: int) -> int:
        return self._training.plan.epoch_of(max(0, step - 1)) + 1

    def _save_network(
        self, suffix: str, epoch: int, step: int, outlived: tuple[str, ...] = ()
    ) -> None:
        training, config = self._training, self._training.config
        if not training.ranks.leads:
            return
        path = self._path(suffix)
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
        for old in outlived:
            self._drop_network(self._path(old))
        self._emit(Saved(path, epoch, step))

    def _path(self, suffix: str) -> Path:
        config = self._training.config
        return config.output_dir / f"{config.output_name}{suffix}.safetensors"

    def _drop_network(self, path: Path) -> None:
        """Put a checkpoint away if this run wrote it and it has not been replaced since."""
        if path.name not in self._names or not is_own(path, self._session):
            return
        refusal = put_away(path, self._training.config.superseded)
        if refusal:
            self._emit(Note(refusal))
        else:
            self._names.remove(path.name)

    def _save_state(self, step: int, apart: str = "") -> None:
        """The newest state, and the same in a folder of its own named `apart`."""
        training = self._training
        if not training.ranks.leads:
            return
        state = replace(
            take_state(training, step),
            saved=tuple(self._names),
            started=self._started,
            session=self._session,
        )
        checkpoint.save_state(training.state_dir, state)
        if apart:
            checkpoint.copy_state(training.state_dir, self._apart(apart))
        self._state_step = step
        self._emit(StateSaved(training.state_dir, step))

    def _apart(self, suffix: str) -> Path:
        return self._training.state_dir / suffix.removeprefix("-")

    def _drop_state(self, number: int | None, name: Callable[[int], str]) -> None:
        """Delete a state that was kept apart."""
        if number is not None and self._training.ranks.leads:
            checkpoint.remove_state(self._apart(name(number)), self._session)

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


def _epoch_name(epoch: int) -> str:
    return f"-{epoch:06d}"


def _step_name(step: int) -> str:
    return f"-step{step:08d}"


def _hashes(path: Path) -> tuple[str, str]:
    """Of a file; a folder has none."""
    return file_hashes(path) if path.is_file() else ("", "")
