"""Opens an ONNX model that takes pictures: on the NVIDIA card where that works, else on the CPU."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curator.core.errors import UserError
from curator.core.extras import require_extra

CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"
_SILENT = 4  # of onnxruntime's levels; what it would log is in the errors and in `runs_on`
_TYPES = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(uint8)": "uint8"}
_CHANNELS = (1, 3, 4)


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """An open model. None for a size means that the model takes any.

    `batch`: how many pictures it takes at once. `channels_last`: (n, height, width, channels)
    rather than (n, channels, height, width). `dtype`: numpy's name of what it wants to be given.
    `outputs`: the names, in the model's order. `runs_on`: a sentence that says where it computes.
    """

    path: Path
    session: Any
    input_name: str
    dtype: str
    batch: int | None
    height: int | None
    width: int | None
    channels: int | None
    channels_last: bool
    outputs: tuple[str, ...]
    on_card: bool
    runs_on: str

    def run(self, pictures: NDArray[Any], outputs: tuple[str, ...] = ()) -> list[NDArray[Any]]:
        """What the model says of n pictures, at least one: an array (n, ...) for each output.

        `outputs` empty means all; `pictures` has the model's layout. A model of fixed batch gets
        them in such batches, the last one filled up. Safe from several threads. Raises UserError
        when the model fails.
        """
        names = list(outputs or self.outputs)
        parts = [self._run(names, batch) for batch in self._batches(pictures)]
        return [np.concatenate(found)[: len(pictures)] for found in zip(*parts, strict=True)]

    def _batches(self, pictures: NDArray[Any]) -> Iterator[NDArray[Any]]:
        pictures = np.ascontiguousarray(pictures, self.dtype)
        size = self.batch or len(pictures)
        for start in range(0, len(pictures), size):
            batch = pictures[start : start + size]
            missing = size - len(batch) if self.batch else 0
            yield np.concatenate([batch, batch[-1:].repeat(missing, axis=0)]) if missing else batch

    def _run(self, names: list[str], batch: NDArray[Any]) -> list[NDArray[Any]]:
        try:
            found: list[NDArray[Any]] = self.session.run(names, {self.input_name: batch})
        except _errors() as error:
            where = "on the NVIDIA card" if self.on_card else "on the processor"
            raise UserError(
                f"{self.path.name} failed {where}: {_first_line(error)}",
                "If memory ran out, close other programs or choose a smaller batch.",
            ) from error
        return found


def open_model(path: Path, threads: int = 0, *, use_card: bool = True) -> OnnxModel:
    """Open the model in `path`; on the CPU it computes in `threads` threads, 0 for all cores.

    Data beside the model is read from its own folder only. Raises UserError for a file that is
    missing, broken or no model of pictures, and where onnxruntime is not installed.
    """
    require_extra("models")
    if not path.is_file():
        raise UserError(f"There is no model {path}.", "Download it again, or choose its file.")
    session = _session(path, threads, use_card)
    pictures = [one for one in session.get_inputs() if len(one.shape) == 4]
    if len(pictures) != 1 or len(session.get_inputs()) != 1 or pictures[0].type not in _TYPES:
        raise _unusable(path, "it does not take a picture and nothing else")
    batch, *sizes = [size if isinstance(size, int) else None for size in pictures[0].shape]
    last = sizes[2] in _CHANNELS and sizes[0] not in _CHANNELS
    height, width, channels = sizes if last else (*sizes[1:], sizes[0])
    on_card = session.get_providers()[0] == CUDA
    return OnnxModel(
        path=path,
        session=session,
        input_name=pictures[0].name,
        dtype=_TYPES[pictures[0].type],
        batch=batch,
        height=height,
        width=width,
        channels=channels,
        channels_last=last,
        outputs=tuple(one.name for one in session.get_outputs()),
        on_card=on_card,
        runs_on=_where(on_card, use_card),
    )


def _session(path: Path, threads: int, use_card: bool) -> Any:
    onnxruntime = _onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _SILENT
    options.intra_op_num_threads = threads
    if use_card and CUDA in onnxruntime.get_available_providers():
        try:  # a card may be too full for the model, or its driver too old
            return onnxruntime.InferenceSession(path, options, providers=[CUDA, CPU])
        except _errors():
            pass
    try:
        return onnxruntime.InferenceSession(path, options, providers=[CPU])
    except _errors() as error:
        raise _unusable(path, _first_line(error)) from error


@cache
def _onnxruntime() -> Any:
    """The module, with NVIDIA's libraries from its packages loaded, which it does not find."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(_SILENT)
    with redirect_stdout(sys.stderr):  # where a command prints JSON it may not print
        if hasattr(onnxruntime, "preload_dlls"):
            onnxruntime.preload_dlls()
    return onnxruntime


@cache
def _errors() -> tuple[type[Exception], ...]:
    """What onnxruntime raises; its errors have no class in common."""
    state = _onnxruntime().capi.onnxruntime_pybind11_state
    own = (one for one in vars(state).values() if isinstance(one, type))
    return (*(one for one in own if issubclass(one, Exception)), RuntimeError, ValueError)


def _where(on_card: bool, use_card: bool) -> str:
    if on_card:
        return "It runs on the NVIDIA card."
    if not use_card or CUDA not in _onnxruntime().get_available_providers():
        return "It runs on the processor."
    return "It runs on the processor: onnxruntime found no NVIDIA card that it can use."


def _unusable(path: Path, why: str) -> UserError:
    return UserError(
        f"{path.name} is no model that can be used: {why.rstrip('.')}.",
        "Download it again, or choose another file.",
    )


def _first_line(error: Exception) -> str:
    """What onnxruntime says, without its codes: "[ONNXRuntimeError] : 7 : NAME : what it is"."""
    said = str(error).strip().splitlines() or [type(error).__name__]
    return said[0].rsplit(" : ", 1)[-1][:300]
