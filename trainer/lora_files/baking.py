"""LoRAs put into a base model for good, tensor by tensor."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from trainer.errors import TrainerError
from trainer.files import disk_error, replaced_folder
from trainer.lora_files import streams
from trainer.lora_files.bases import BaseWeights, Place, opened
from trainer.lora_files.converting import Progress, applied
from trainer.lora_files.deltas import bias_change
from trainer.lora_files.layers import Parts, kind_of
from trainer.lora_files.reading import LoraFile

KINDS = {"fp16": "F16", "bf16": "BF16", "float": "F32"}
_TYPES = {"F16": torch.float16, "BF16": torch.bfloat16, "F32": torch.float32, "F64": torch.float64}
_STALE = ("sshs_", "modelspec.hash_sha256")  # what is said about a file that this is no longer


@dataclass(frozen=True, slots=True)
class Baked:
    """How many tensors changed, and the layers of the LoRAs that have no place in the model."""

    changed: int
    homeless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Act:
    """One layer of one LoRA on one tensor."""

    name: str
    parts: Parts
    weight: float
    place: Place
    is_bias: bool


def bake(
    base: BaseWeights,
    loras: Sequence[tuple[LoraFile, float]],
    target: Path,
    precision: str | None = None,
    progress: Progress = lambda done, total: None,
) -> Baked:
    """W + sum_i w_i dW_i for every weight, in float32, rounded once; others bit for bit.

    Each change is that on the original weight, whatever the order. Without a precision every
    tensor keeps its own; with one ("fp16", "bf16", "float") all floating tensors get it. A folder
    gives a folder, which must not exist yet. Raises TrainerError when a LoRA is for another
    family, nothing fits, a number is no longer finite, or the disk refuses.
    """
    if target.resolve() == base.path.resolve():
        raise TrainerError(f"{target} would be overwritten.", "Choose another name.")
    acts, homeless = _acts(base, loras)
    kinds = KINDS[precision] if precision else None
    if not base.path.is_dir():
        _bake_file(base, base.path, target, _Work(acts, kinds, loras, progress))
        return Baked(len(acts), homeless)
    if target.exists():
        raise TrainerError(f"{target} exists already.", "Choose the name of a new folder.")
    if target.suffix.lower() == ".safetensors":
        raise TrainerError(
            f"{base.path} is a folder, so a folder is written, but {target.name} is named as a "
            "file.",
            "Choose the name of a new folder.",
        )
    with replaced_folder(target) as new:
        rewritten = {path.relative_to(base.path) for path in base.headers}
        _copy_others(base.path, new, rewritten)
        for file in base.headers:
            into = new / file.relative_to(base.path)
            _bake_file(base, file, into, _Work(acts, kinds, loras, progress))
    return Baked(len(acts), homeless)


@dataclass(frozen=True, slots=True)
class _Work:
    acts: Mapping[tuple[Path, str], list[_Act]]
    kind: str | None
    loras: Sequence[tuple[LoraFile, float]]
    progress: Progress


def _acts(
    base: BaseWeights, loras: Sequence[tuple[LoraFile, float]]
) -> tuple[dict[tuple[Path, str], list[_Act]], tuple[str, ...]]:
    found: dict[tuple[Path, str], list[_Act]] = {}
    homeless = []
    for file, weight in loras:
        if file.family and file.family != base.family:
            raise TrainerError(
                f"{file.path} is for another family than {base.path}.",
                "Choose a base model of the family that the LoRA was made for.",
            )
        for name, parts in file.layers.items():
            changes = {False: base.weights} if kind_of(parts) else {}
            if bias_change(parts) is not None:
                changes[True] = base.biases
            for is_bias, places in changes.items():
                place = places.get(name)
                if place is None:
                    homeless.append(f"{name} (bias)" if is_bias else name)
                    continue
                act = _Act(name, parts, weight, place, is_bias)
                found.setdefault((place.file, place.tensor), []).append(act)
    if not found:
        raise TrainerError(
            f"No layer of the LoRA fits {base.path}.",
            "Choose a base model of the family that the LoRA was made for.",
        )
    return found, tuple(homeless)


def _bake_file(base: BaseWeights, source: Path, target: Path, work: _Work) -> None:
    header = streams.checked(source)
    rows = {
        name: (_kind(header.kinds[name], work.kind), shape) for name, shape in header.shapes.items()
    }
    metadata = {k: v for k, v in header.metadata.items() if not k.startswith(_STALE)}
    metadata["modelspec.merged_from"] = ", ".join(
        [base.path.stem, *(f"{file.path.stem} ({weight:g})" for file, weight in work.loras)]
    )
    done = 0
    with ExitStack() as stack:
        reader = stack.enter_context(opened(base))
        file = stack.enter_context(source.open("rb"))

        def content(name: str) -> Iterator[bytes]:
            nonlocal done
            done += 1
            acts = work.acts.get((source, name), [])
            kind = rows[name][0]
            if acts or kind != header.kinds[name]:
                yield _changed(reader.tensor(source, name), acts, kind, name)
            else:
                yield from streams.tensor_bytes(file, header, name)
            work.progress(done, len(rows))

        streams.write(target, rows, metadata, content)


def _kind(stored: str, wanted: str | None) -> str:
    return wanted if wanted and stored in _TYPES else stored


def _changed(tensor: Tensor, acts: Sequence[_Act], kind: str, name: str) -> bytes:
    """The tensor with the changes of all layers, as bytes of numbers of that kind."""
    whole = tensor.float().clone() if acts or tensor.dtype != torch.float64 else tensor
    for act in acts:
        third = whole if act.place.third is None else whole.chunk(3)[act.place.third]
        original = tensor if act.place.third is None else tensor.chunk(3)[act.place.third]
        found = bias_change(act.parts) if act.is_bias else applied(act.name, act.parts, original)
        if found is None or found.numel() != third.numel():
            raise TrainerError(
                f"The layer {act.name} does not fit the base model.",
                "Choose a base model of the family that the LoRA was made for.",
            )
        third += act.weight * found.reshape(third.shape)
    rounded = whole.to(_TYPES.get(kind, tensor.dtype)).contiguous()
    if acts and not bool(rounded.float().isfinite().all()):
        raise TrainerError(
            f"The tensor {name} is too large for its precision with this LoRA.",
            "Use a smaller weight, or --precision float.",
        )
    return rounded.reshape(-1).view(torch.uint8).numpy().tobytes()


def _copy_others(source: Path, target: Path, rewritten: set[Path]) -> None:
    """All other files of a model folder; weights in another form, which would be the old ones, are
    left out."""
    skipped = {*(".bin", ".ckpt", ".pt", ".pth", ".onnx", ".msgpack"), ".safetensors"}
    parts = {path.parent for path in rewritten}
    try:
        for path in sorted(source.rglob("*")):
            inner = path.relative_to(source)
            stale = inner.parent in parts and path.suffix in skipped
            if not path.is_file() or inner in rewritten or stale:
                continue
            (target / inner).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / inner)
    except OSError as error:
        raise disk_error(target, error) from error
