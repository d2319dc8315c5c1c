"""How many weights a base model has, from the headers of its files alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trainer.base_kinds import IMAGE_STEM, TEXT_STEM, BaseFile, variant_of
from trainer.headers import read_header

_UNET, _TEXTS = "model.diffusion_model.", ("cond_stage_model.", "conditioner.")
_SMALL = 300_000_000  # weights of a UNet that is none of the families' own, but made to try things


@dataclass(frozen=True, slots=True)
class BaseSizes:
    """Numbers of weights, of all text encoders together."""

    unet: int
    text: int

    @property
    def is_full_size(self) -> bool:
        """Whether it is as large as its family is, so that what is known of that holds."""
        return self.unet > _SMALL


def sizes_of(base: BaseFile) -> BaseSizes:
    """The weights of a diffusers folder or a single file. Raises TrainerError."""
    if base.is_folder:
        texts = [path for path in base.path.glob("text_encoder*") if path.is_dir()]
        return BaseSizes(
            _in_folder(base, "unet", IMAGE_STEM),
            sum(_in_folder(base, path.name, TEXT_STEM) for path in texts),
        )
    shapes = read_header(base.path).shapes
    return BaseSizes(_count(shapes, (_UNET,)), _count(shapes, _TEXTS))


def _in_folder(base: BaseFile, part: str, stem: str) -> int:
    folder = base.path / part
    variant = variant_of(folder, stem)
    files: Iterable[str] = sorted(path.name for path in folder.glob(f"{stem}*.safetensors"))
    whole = f"{stem}.{variant}.safetensors" if variant else f"{stem}.safetensors"
    chosen = [name for name in files if name == whole] or [
        name for name in files if "-of-" in name and (not variant or f".{variant}" in name)
    ]
    return sum(_count(read_header(folder / name).shapes, ("",)) for name in chosen)


def _count(shapes: Mapping[str, tuple[int, ...]], starts: tuple[str, ...]) -> int:
    return sum(math.prod(shape) for name, shape in shapes.items() if name.startswith(starts))
