"""The weights of a base model by the names of the LoRA layers that act on them, read one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from torch import Tensor

from trainer.base_kinds import TITLES, look_at
from trainer.errors import TrainerError
from trainer.headers import Header, read_header
from trainer.lora_files import names

PARTS = ("unet", "text_encoder", "text_encoder_2")  # of a folder; LoRAs act on these alone
_STEMS = ("diffusion_pytorch_model", "model")
_VARIANTS = ("", ".fp16")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a layer's weight stands: a tensor, or a third of its rows (query, key, value)."""

    file: Path
    tensor: str
    third: int | None
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BaseWeights:
    """A base model: the headers of its files with weights, and where each layer stands."""

    path: Path
    family: str
    headers: Mapping[Path, Header]
    weights: Mapping[str, Place]
    biases: Mapping[str, Place]

    @property
    def metadata(self) -> Mapping[str, str]:
        """What a single file says about itself; of a folder nothing."""
        return {} if self.path.is_dir() else self.headers[self.path].metadata


def find(path: Path) -> BaseWeights:
    """A `.safetensors` checkpoint or a diffusers folder, of SD 1.x, 2.x or SDXL.

    Raises TrainerError when it is something else, or damaged.
    """
    base = look_at(path)
    if base.family not in names.FAMILIES:
        kind = TITLES.get(base.family, "an unknown kind")
        raise TrainerError(
            f"{path} is a model of {kind}.",
            f"Choose one of {', '.join(TITLES[family] for family in names.FAMILIES)}.",
        )
    files = _files(path) if base.is_folder else {path: ""}
    headers = {file: read_header(file) for file in files}
    found: dict[str, dict[str, Place]] = {"weight": {}, "bias": {}}
    for file, header in headers.items():
        for tensor, shape in header.shapes.items():
            for name, end, third in names.of_base(tensor, files[file], base.family):
                rows = (shape[0] // 3, *shape[1:]) if third is not None else shape
                found[end][name] = Place(file, tensor, third, rows)
    return BaseWeights(path, base.family, headers, found["weight"], found["bias"])


class Reader:
    """Reads weights of the files that `opened` holds open."""

    def __init__(self, files: Mapping[Path, Any]) -> None:
        self._files = files

    def weight(self, place: Place) -> Tensor:
        """The weight of a layer, as it is stored."""
        whole = self.tensor(place.file, place.tensor)
        return whole if place.third is None else whole.chunk(3)[place.third]

    def tensor(self, file: Path, name: str) -> Tensor:
        """A tensor of one of the files, as it is stored."""
        found: Tensor = self._files[file].get_tensor(name)
        return found


@contextmanager
def opened(*bases: BaseWeights) -> Iterator[Reader]:
    """Hold the files of base models open. Raises TrainerError when one cannot be read."""
    with ExitStack() as stack:
        files = {}
        for path in (path for base in bases for path in base.headers):
            try:
                files[path] = stack.enter_context(safe_open(path, framework="pt", device="cpu"))
            except (OSError, SafetensorError) as error:
                raise TrainerError(
                    f"{path} cannot be read: {error}.", "Get the model again."
                ) from error
        yield Reader(files)


def _files(folder: Path) -> dict[Path, str]:
    """The files of a folder with weights, and the part that each belongs to."""
    found = {}
    for part in PARTS:
        for path in _weights(folder / part):
            found[path] = part
    return found


def _weights(folder: Path) -> list[Path]:
    """The file of one part, or all files of one that is split."""
    for stem in (f"{stem}{variant}" for variant in _VARIANTS for stem in _STEMS):
        whole = folder / f"{stem}.safetensors"
        if whole.is_file():
            return [whole]
        stem, dot, variant = stem.partition(".")
        if split := sorted(folder.glob(f"{stem}{dot}{variant}-*-of-*.safetensors")):
            return split
    return []
