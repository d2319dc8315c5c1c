"""What a picture shows as a row of numbers: the image side of CLIP, SigLIP or DINO, as ONNX."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from curator.core.errors import UserError
from curator.core.files import read_error
from curator.core.jobs import Job
from curator.core.parallel import in_threads
from curator.ml.onnx_sessions import OnnxModel, open_model

CONFIG = "preprocessor_config.json"
BATCH = 16
# Outputs that are made to be compared, the best first; else the first token of the last layer.
_OUTPUTS = ("image_embeds", "pooler_output", "embedding", "embeddings")
Item = TypeVar("Item")
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a model wants its pictures; the defaults are those of CLIP (A. Radford et al., 2021).

    `short_side`: to what the shorter side is scaled before the middle is cut out, None where the
    picture is scaled to `size` as it is. `size`: width and height. `scale`, `mean` and `std`:
    (level * scale - mean) / std in each of red, green and blue.
    """

    short_side: int | None = 224
    size: tuple[int, int] = (224, 224)
    resample: Image.Resampling = Image.Resampling.BICUBIC
    scale: float = 1 / 255
    mean: tuple[float, ...] = (0.48145466, 0.4578275, 0.40821073)
    std: tuple[float, ...] = (0.26862954, 0.26130258, 0.27577711)

    def prepared(self, picture: Image.Image) -> Floats:
        """float32 (height, width, 3) of a picture in mode RGB."""
        width, height = self.size
        if self.short_side is None:
            cut = picture.resize(self.size, self.resample)
        else:
            whole = self._scaled(picture, self.short_side)
            left, top = (whole.width - width) // 2, (whole.height - height) // 2
            cut = whole.crop((left, top, left + width, top + height))
        levels = np.asarray(cut, np.float32) * np.float32(self.scale)
        mean, std = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        return np.asarray((levels - mean) / std, np.float32)

    def _scaled(self, picture: Image.Image, short: int) -> Image.Image:
        long = int(short * max(picture.size) / min(picture.size))
        size = (short, long) if picture.width <= picture.height else (long, short)
        return picture.resize(size, self.resample)


class EmbeddingModel:
    """Maps pictures to vectors of length 1. Safe from several threads."""

    def __init__(self, path: Path, threads: int = 0, *, use_card: bool = True) -> None:
        """Open a model, see `open_model`. Raises UserError, also for one that gives no vector."""
        self._model = open_model(path, threads, use_card=use_card)
        if self._model.channels not in (None, 3):
            raise UserError(f"{path.name} takes no pictures in colour.", "Choose another model.")
        self._preparation = _fitting(preparation_beside(path), self._model)
        self.runs_on = self._model.runs_on
        self._output = self._chosen_output()

    def prepared(self, picture: Image.Image) -> Floats:
        """A picture in mode RGB as the model wants it."""
        found = self._preparation.prepared(picture)
        return found if self._model.channels_last else found.transpose(2, 0, 1)

    def vectors(self, pictures: Sequence[Floats]) -> Floats:
        """The vectors, float32 (n, numbers), of prepared pictures. Raises UserError."""
        (found,) = self._model.run(np.stack(pictures), (self._output,))
        rows = np.asarray(found[:, 0] if found.ndim == 3 else found, np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise UserError(
                f"{self._model.path.name} gives no numbers that can be used.",
                "Choose another model of embeddings.",
            )
        return np.asarray(rows / lengths, np.float32)

    def _chosen_output(self) -> str:
        """The output that is one vector a picture, which a gray picture tells."""
        gray = Image.new("RGB", (64, 64), "gray")
        found = self._model.run(self.prepared(gray)[None])
        shapes = dict(zip(self._model.outputs, (one.ndim for one in found), strict=True))
        named = [name for name in _OUTPUTS if shapes.get(name) == 2]
        flat = [name for name, dimensions in shapes.items() if dimensions == 2]
        tokens = [name for name, dimensions in shapes.items() if dimensions == 3]
        for name in (*named, *flat, *tokens):
            return name
        raise UserError(
            f"{self._model.path.name} gives no vector for a picture.",
            "What is wanted is the image side of CLIP, SigLIP or DINO.",
        )


def embedded(
    job: Job,
    model: EmbeddingModel,
    items: Sequence[Item],
    picture_of: Callable[[Item], Image.Image],
    note: Callable[[Item], str],
) -> Iterator[tuple[Item, Floats | UserError]]:
    """Yield each item with its vector, or why its picture can't be read, in order.

    The next pictures are decoded while the model works. What the model raises comes out here.
    """

    def work(item: Item) -> Floats | UserError:
        try:
            return model.prepared(picture_of(item))
        except UserError as error:
            return error

    coming = in_threads(job, work, items, note)
    while batch := list(islice(coming, BATCH)):
        ready = [found for _item, found in batch if not isinstance(found, UserError)]
        rows = iter(model.vectors(ready) if ready else ())
        for item, found in batch:
            yield item, found if isinstance(found, UserError) else next(rows)


def preparation_beside(path: Path) -> Preparation:
    """As the configuration beside a model says, or that of its repository; CLIP's without one.

    Raises UserError for one that can't be understood.
    """
    for folder in (path.parent, path.parent.parent):
        place = folder / CONFIG
        try:
            return _read(json.loads(place.read_text("utf-8")))
        except FileNotFoundError:
            continue
        except OSError as error:
            raise read_error(error, place) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(
                f"{place} does not say how pictures are prepared.",
                "Delete it to have them prepared as CLIP's, or download the model again.",
            ) from error
    return Preparation()


def _read(config: dict[str, Any]) -> Preparation:
    usual = Preparation()
    size = config.get("size", 224)
    short = int(size.get("shortest_edge", 0) if isinstance(size, dict) else size)
    is_cut = bool(short and config.get("do_center_crop", True))
    wanted = config.get("crop_size", size) if is_cut else size
    width, height = _sides(wanted)
    mean, std = (
        tuple(float(number) for number in config.get(name, known))
        for name, known in (("image_mean", usual.mean), ("image_std", usual.std))
    )
    if min(width, height) < 1 or len(mean) != 3 or len(std) != 3 or not all(std):
        raise ValueError("sizes or levels that can't be")
    scale = float(config.get("rescale_factor", usual.scale)) if _does(config, "rescale") else 1.0
    return Preparation(
        short_side=short if is_cut else None,
        size=(width, height),
        resample=Image.Resampling(config.get("resample", usual.resample)),
        scale=scale,
        mean=mean if _does(config, "normalize") else (0.0, 0.0, 0.0),
        std=std if _does(config, "normalize") else (1.0, 1.0, 1.0),
    )


def _does(config: dict[str, Any], what: str) -> bool:
    return bool(config.get(f"do_{what}", True))


def _sides(size: int | dict[str, int]) -> tuple[int, int]:
    if not isinstance(size, dict):
        return int(size), int(size)
    short = size.get("shortest_edge")
    return (short, short) if short else (int(size["width"]), int(size["height"]))


def _fitting(found: Preparation, model: OnnxModel) -> Preparation:
    """The preparation with the size that the model takes, where it takes no other."""
    size = (model.width or found.size[0], model.height or found.size[1])
    if size == found.size:
        return found
    short = None if found.short_side is None else max(size)
    return Preparation(short, size, found.resample, found.scale, found.mean, found.std)
