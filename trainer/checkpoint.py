"""Checkpoints for other programs, and the state from which a run goes on exactly; both atomic."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor

from trainer.errors import TrainerError
from trainer.files import disk_error, replaced
from trainer.headers import read_header
from trainer.metadata import safetensors_hashes

STATE_FILE = "state.safetensors"
_STATE_KEY = "curator_training_state"
_STATE_VERSION = 1
_BATCH = "train_batch_size"
_FORMATS = {"fp16": torch.float16, "bf16": torch.bfloat16, "float": torch.float32}


class UnsoundError(TrainerError):
    """What should be saved holds numbers that are not finite."""


def save_network(
    path: Path,
    tensors: Mapping[str, Tensor],
    precision: str,
    metadata: Mapping[str, str],
    hint: str = "Go on from the last checkpoint with a lower learning rate.",
) -> None:
    """Write a finished network in `precision` ("fp16", "bf16", "float"), with hashes of itself.

    Raises UnsoundError with `hint` when a number is not finite, so that a good file never gives way
    to a broken one, and TrainerError when the disk refuses.
    """
    kind = _FORMATS[precision]
    rounded = {name: one.detach().to("cpu", kind).contiguous() for name, one in tensors.items()}
    broken = [name for name, tensor in rounded.items() if not bool(tensor.isfinite().all())]
    if broken:
        raise UnsoundError(
            f"The network has {len(broken)} tensors that are not finite in {precision}; "
            "nothing was saved.",
            hint,
        )
    write_network(path, rounded, metadata)


def write_network(path: Path, tensors: dict[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write tensors as they are, with the hashes of the file. Raises TrainerError."""
    spec = {name: value for name, value in metadata.items() if name.startswith("ss_")}
    hashes = safetensors_hashes(save(tensors, spec))
    with replaced(path) as beside:
        beside.write_bytes(save(tensors, {**metadata, **hashes}))


def load_network(path: Path) -> dict[str, Tensor]:
    """The tensors of a network file. Raises TrainerError when it is no whole safetensors file."""
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise TrainerError(
            f"The network {path} cannot be read: {error}.", "Choose a .safetensors file."
        ) from error


@dataclass(frozen=True, slots=True)
class State:
    """Everything that a run needs to go on after `step` as if nothing had happened.

    `identity` says which run it belongs to: hashes and options by name. Noise, batches and the
    learning rate need no memory, since they are functions of the seed and the step. `optimizer`
    holds averages of the network too. `started` (Unix time, 0 where an older state does not say)
    and `session` are of the run's first beginning.
    """

    step: int
    identity: dict[str, Any]
    network: dict[str, Tensor]
    optimizer: dict[str, Tensor]
    scaler: dict[str, Any]
    saved: tuple[str, ...]
    started: float = 0.0
    session: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether a run can go on from it: every number of the network is finite."""
        found = all(bool(tensor.isfinite().all()) for tensor in self.network.values())
        return found and not any(bool(tensor.isnan().any()) for tensor in self.optimizer.values())


def save_state(folder: Path, state: State) -> None:
    """Write the state as one file in `folder`, which takes the place of the one before.

    Raises UnsoundError when it is not sound, and TrainerError when the disk refuses; the one before
    then stays.
    """
    if not state.is_sound:
        raise UnsoundError(
            "The network or its optimizer holds numbers that are not finite; no state was saved.",
            "Go on from the last checkpoint with a lower learning rate.",
        )
    tensors = {f"network/{name}": tensor for name, tensor in state.network.items()}
    tensors |= {f"optimizer/{name}": tensor for name, tensor in state.optimizer.items()}
    record = {
        "version": _STATE_VERSION,
        "step": state.step,
        "identity": state.identity,
        "scaler": state.scaler,
        "saved": state.saved,
        "started": state.started,
        "session": state.session,
    }
    plain = {name: tensor.contiguous() for name, tensor in tensors.items()}
    with replaced(folder / STATE_FILE) as beside:
        beside.write_bytes(save(plain, {_STATE_KEY: json.dumps(record)}))


def copy_state(folder: Path, other: Path) -> None:
    """Keep the state in `folder` in another one too. Raises TrainerError when the disk refuses."""
    with replaced(other / STATE_FILE) as beside:
        shutil.copyfile(folder / STATE_FILE, beside)


def remove_state(folder: Path, session: str) -> None:
    """Delete a state of this session with its folder; a folder that holds more stays."""
    path = folder / STATE_FILE
    try:
        record = json.loads(read_header(path).metadata[_STATE_KEY])
        if record.get("session") == session:
            path.unlink()
            folder.rmdir()
    except (TrainerError, KeyError, ValueError, OSError):
        return  # there is none, it is no state, or the disk refuses: it costs room, no more


def load_state(path: Path) -> State:
    """A state from its folder or file. Raises TrainerError when there is none, or it is damaged."""
    file_path = path / STATE_FILE if path.is_dir() else path
    if not file_path.is_file():
        raise TrainerError(
            f"There is no saved state at {path}.", "Start the training without resume."
        )
    try:
        with safe_open(file_path, framework="pt", device="cpu") as file:
            record = json.loads((file.metadata() or {})[_STATE_KEY])
            names = file.keys()
            # Copies: Windows replaces no file that is still mapped by a tensor.
            tensors = {name: file.get_tensor(name).clone() for name in names}
        if record["version"] != _STATE_VERSION:
            raise ValueError(f"it is of version {record['version']}")
    except OSError as error:
        raise disk_error(file_path, error) from error
    except (SafetensorError, KeyError, ValueError) as error:
        raise TrainerError(
            f"The saved state {file_path} is damaged or of another version: {error}.",
            "Start the training afresh, or continue from the last checkpoint.",
        ) from error
    return State(
        step=int(record["step"]),
        identity=record["identity"],
        network=_under("network/", tensors),
        optimizer=_under("optimizer/", tensors),
        scaler=record["scaler"],
        saved=tuple(record["saved"]),
        started=float(record.get("started", 0)),
        session=record.get("session", ""),
    )


def check_identity(path: Path, saved: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raise TrainerError when a state belongs to another run, naming what differs."""
    different = [name for name in now if saved.get(name) != now[name]]
    if different == [_BATCH]:
        was, is_now = saved.get(_BATCH), now[_BATCH]
        raise TrainerError(
            f"The saved state {path} belongs to another run: {_BATCH} changed, from {was} to "
            f"{is_now} pictures in all processes together.",
            f"Set it so that times the number of processes it is {was} again.",
        )
    if different:
        raise TrainerError(
            f"The saved state {path} belongs to another run: {', '.join(different)} changed.",
            "Change it back to go on exactly, or begin a new run that continues from the last "
            "checkpoint (network_weights).",
        )


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
