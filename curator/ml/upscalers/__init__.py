"""Upscalers and filters: a format is a file here; what they share is tiles, alpha and memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.core.geometry import Size
from curator.ml.upscalers.networks import SpandrelNetwork
from curator.ml.upscalers.onnx_networks import OnnxNetwork
from curator.ml.upscalers.tiling import spans

MARGIN = 16  # pixels that a tile sees beyond what is used of it
MOST_PIXELS = 500_000_000  # of what a network gives before it is brought to the size wanted
_SPREAD = 4.0  # how far colour is carried on into what is transparent, as a Gaussian's sigma
Pixels = NDArray[np.uint8]  # (height, width, 3)


class Network(Protocol):
    """What enlarges tiles.

    `border`: pixels of a tile of which it shows nothing; `shift`: pixels that what it gives
    begins before what is wanted. `sides`: of tiles that fit into memory, the largest first.
    """

    scale: int
    border: int
    shift: int
    sides: tuple[int, ...]
    on_card: bool
    runs_on: str

    def grown(self, side: int) -> int: ...
    def run(self, pixels: Pixels) -> Pixels: ...


class Upscaler:
    """A network with its tiles; one picture at a time."""

    def __init__(self, name: str, network: Network) -> None:
        self.name, self._network = name, network
        self._sides = list(network.sides)

    @property
    def scale(self) -> int:
        """How many times as large the network makes a picture; 1 for a filter."""
        return self._network.scale

    @property
    def runs_on(self) -> str:
        """A sentence that says where it computes."""
        return self._network.runs_on

    def upscale(
        self, picture: Pillow.Image, size: Size, check: Callable[[], None] = lambda: None
    ) -> Pillow.Image:
        """The picture, in mode RGB or RGBA, at a size: enlarged until it is as large, then scaled.

        `check` is called between tiles, and may raise. Raises UserError for want of memory, and
        where a filter is to enlarge.
        """
        alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
        pixels = np.asarray(picture.convert("RGB")) if alpha is None else _filled(picture)
        pixels = self._pass(pixels, check)
        while pixels.shape[1] < size[0] or pixels.shape[0] < size[1]:
            if self.scale == 1:
                raise UserError(
                    f"{self.name} is a filter; it enlarges nothing.",
                    "Use it with a factor of 1, or choose an upscaler.",
                )
            pixels = self._pass(pixels, check)
        made = Pillow.fromarray(pixels)
        if made.size != size:
            made = made.resize(size, Pillow.Resampling.LANCZOS)
        if alpha is not None:
            made.putalpha(alpha.resize(size, Pillow.Resampling.LANCZOS))
        return made

    def _pass(self, pixels: Pixels, check: Callable[[], None]) -> Pixels:
        """Enlarged once; where memory runs out, with smaller tiles from then on."""
        height, width = (side * self.scale for side in pixels.shape[:2])
        if height * width > MOST_PIXELS:
            raise UserError(
                f"{self.name} would make {width:,} x {height:,} pixels of it on the way.",
                "Crop it first, or choose a model that enlarges less.",
            )
        while True:
            try:
                return tiled(self._network, pixels, self._sides[0], check)
            except (UserError, RuntimeError, MemoryError) as error:
                if not _is_memory(error):
                    raise self._failed(error) from error
                trouble = error
            if len(self._sides) == 1:
                raise UserError(
                    f"There is not enough memory for {self.name}, even in small tiles.",
                    "Close other programs, or choose a smaller model.",
                ) from trouble
            del self._sides[0]
            free_card()

    def _failed(self, error: Exception) -> UserError:
        if isinstance(error, UserError):
            return error
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return UserError(f"{self.name} failed: {said[:300]}", "Choose another model.")


def open_upscaler(path: Path, name: str, threads: int = 0, *, use_card: bool = True) -> Upscaler:
    """Open the upscaler in a file. Raises UserError for one that is none."""
    if not path.is_file():
        raise UserError(f"There is no model {path}.", "Download it again, or choose its file.")
    if path.suffix.lower() == ".onnx":
        return Upscaler(name, OnnxNetwork(path, threads, use_card=use_card))
    return Upscaler(name, SpandrelNetwork(path, use_card=use_card))


def tiled(
    network: Network, pixels: Pixels, side: int, check: Callable[[], None] = lambda: None
) -> Pixels:
    """The whole picture enlarged, seen in tiles of at most `side` pixels.

    Beyond its edges the picture goes on as its outermost pixels.
    """
    height, width = pixels.shape[:2]
    scale, border = network.scale, network.border
    most = side - 2 * border
    margin = min(MARGIN, most // 4)

    def grown(wanted: int) -> int:
        return network.grown(wanted + 2 * border) - 2 * border

    is_one = not border and max(height, width) <= most
    if is_one and (grown(height), grown(width)) == (height, width):
        check()
        return network.run(pixels)
    made = np.empty((height * scale, width * scale, 3), np.uint8)
    rows, columns = (spans(length, most, margin, grown) for length in (height, width))
    room_y, room_x = (
        max(grown(spans_[0].stop) + border - length, border)
        for spans_, length in ((rows, height), (columns, width))
    )
    rim = border, room_y, border, room_x
    around = np.asarray(cv2.copyMakeBorder(pixels, *rim, cv2.BORDER_REPLICATE), np.uint8)
    for down in rows:
        for across in columns:
            check()
            high, wide = grown(down.stop - down.start), grown(across.stop - across.start)
            seen = around[
                down.start : down.start + high + 2 * border,
                across.start : across.start + wide + 2 * border,
            ]
            found = network.run(seen)
            top = (down.first - down.start) * scale + network.shift
            left = (across.first - across.start) * scale + network.shift
            used = found[
                top : top + (down.last - down.first) * scale,
                left : left + (across.last - across.first) * scale,
            ]
            made[
                down.first * scale : down.last * scale, across.first * scale : across.last * scale
            ] = used
    return made


def free_card() -> None:
    """Give the card's memory back that nothing holds any more."""
    import sys

    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def _is_memory(error: Exception) -> bool:
    """Whether memory ran out: torch and onnxruntime say so in words alone."""
    text = str(error.__cause__ or error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "alloc" in text


def _filled(picture: Pillow.Image) -> Pixels:
    """The colours, carried on into what is transparent: what lies there is often black."""
    levels = np.asarray(picture)
    colour, alpha = levels[..., :3], levels[..., 3]
    if alpha.all():
        return np.ascontiguousarray(colour)
    weight = (alpha > 0).astype(np.float32)
    near = cv2.GaussianBlur(weight, (0, 0), _SPREAD)[..., None]
    carried = cv2.GaussianBlur(colour * weight[..., None], (0, 0), _SPREAD)
    spread = np.clip(carried / np.maximum(near, 1e-6), 0, 255)
    return np.where(alpha[..., None] > 0, colour, spread.astype(np.uint8))
