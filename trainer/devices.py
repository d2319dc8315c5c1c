"""Where a run computes and in which number format; chosen by what the device can do."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.errors import TrainerError

_FORMATS = {"fp16": torch.float16, "bf16": torch.bfloat16}


@dataclass(frozen=True, slots=True)
class Compute:
    """A device and a precision: "no" (float32), "fp16" (with a gradient scaler) or "bf16".

    `notes` say why they were chosen, where the run left it open.
    """

    device: torch.device
    precision: str
    notes: tuple[str, ...] = ()

    @property
    def dtype(self) -> torch.dtype:
        """The format in which the frozen base model is held."""
        return _FORMATS.get(self.precision, torch.float32)

    def autocast(self) -> AbstractContextManager[object]:
        """The context in which the model is computed."""
        if self.precision == "no":
            return nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)

    def scaler(self) -> torch.amp.GradScaler:
        """Keeps small fp16 gradients from becoming 0; does nothing in other precisions."""
        return torch.amp.GradScaler(self.device.type, enabled=self.precision == "fp16")

    def bring(self, tensor: Tensor) -> Tensor:
        """The tensor on the device; on CUDA without waiting for what is computed there.

        Elsewhere a copy that is not waited for may read memory that was freed meanwhile (MPS).
        """
        return tensor.to(self.device, non_blocking=self.device.type == "cuda")

    def label(self) -> str:
        """The device in words for the owner of the run."""
        if self.device.type == "cuda":
            return torch.cuda.get_device_name(self.device)
        return {"cpu": f"processor, threads: {torch.get_num_threads()}"}.get(
            self.device.type, self.device.type
        )


def choose(device: str, precision: str) -> Compute:
    """The device ("auto": CUDA, else MPS, else the processor) and the precision for it.

    Raises TrainerError for a device that is not there or a precision that it lacks.
    """
    kind = kind_of(device)
    if kind != "cpu" and not _AVAILABLE[kind]():
        raise TrainerError(
            f'The device "{kind}" was asked for, but there is none that can be used.',
            "Set device to auto, or start doctor to see what is missing.",
        )
    chosen, why = _best_precision(kind) if precision == "auto" else (precision, "")
    if kind == "cpu" and chosen == "fp16":
        raise TrainerError(
            "The processor cannot train in fp16.", "Set mixed_precision to auto, bf16 or no."
        )
    if kind == "cuda" and chosen == "bf16" and not _cuda_has_bf16():
        raise TrainerError(
            "This GPU cannot compute in bf16.", "Set mixed_precision to auto or fp16."
        )
    if kind == "mps" and chosen == "bf16" and not torch.backends.mps.is_macos_or_newer(14, 0):
        raise TrainerError(
            "This macOS cannot compute in bf16.",
            "Update to macOS 14, or set mixed_precision to no.",
        )
    where = _WHERE[kind] if device == "auto" else ""
    return Compute(torch.device(kind), chosen, tuple(note for note in (where, why) if note))


def kind_of(device: str) -> str:
    """ "cuda", "mps" or "cpu" for the option `device`, whether it is there or not."""
    return _best_device() if device == "auto" else device


def set_up(compute: Compute, threads: int, beside: int = 1) -> None:
    """Set the process up for training: threads on the processor, TF32 on the GPU.

    `threads` 0 leaves one core to the window and everything else; `beside` processes share the
    others.
    """
    if compute.device.type == "cpu":
        torch.set_num_threads(threads or max(1, ((os.cpu_count() or 2) - 1) // beside))
    if compute.device.type == "cuda":
        # Products of frozen float32 weights (the VAE) lose nothing that training would notice.
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether an error says that the memory of a device did not suffice."""
    words = ("out of memory", "not enough memory", "can't allocate memory", "ALLOC_FAILED")
    return isinstance(error, torch.OutOfMemoryError) or any(it in str(error) for it in words)


def reserved(device: torch.device) -> tuple[int, int]:
    """(What torch holds of the memory of a CUDA device, all that the device has), in bytes."""
    total = torch.cuda.get_device_properties(device).total_memory
    return torch.cuda.memory_reserved(device), total


def release() -> None:
    """Give the GPU memory of a run that has ended back to other programs."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


_WHERE = {
    "cuda": "Trains on the GPU, the fastest device here.",
    "mps": "Trains on the GPU of this Mac (MPS), since there is no CUDA.",
    "cpu": "Trains on the processor: no GPU was found that can be used (CUDA or MPS).",
}
_AVAILABLE: dict[str, Callable[[], bool]] = {
    "cuda": torch.cuda.is_available,
    "mps": torch.backends.mps.is_available,
}


def _best_device() -> str:
    return next((kind for kind, there in _AVAILABLE.items() if there()), "cpu")


def _best_precision(kind: str) -> tuple[str, str]:
    """The precision for a device, and why."""
    if kind == "cuda":
        if _cuda_has_bf16():
            return "bf16", "Trains in bf16: this GPU computes in it, and it needs no care."
        return "fp16", "Trains in fp16: this GPU is older than those that compute in bf16."
    if kind == "cpu":
        known = torch.cpu.get_capabilities()
        if known.get("avx512_bf16") or known.get("amx_bf16"):
            return "bf16", "Trains in bf16: this processor has instructions for it."
        return "no", "Trains in float32: this processor has no instructions for bf16."
    # Not seen on a Mac: half precision there is left to those who ask for it.
    return "no", "Trains in float32: half precision on MPS is tried only when it is asked for."


def _cuda_has_bf16() -> bool:
    # Older ones than Ampere emulate bf16, slower than float32.
    return torch.cuda.get_device_capability() >= (8, 0)
