"""Cut-out models: InSPyReNet by transparent-background, and ONNX files as rembg has them.

transparent-background's own way in, its `Remover`, writes into the home folder and downloads; here
only its network is used, with the weights from a file.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.ml.onnx_sessions import open_model
from curator.ml.weights import read_weights

Mask = NDArray[np.float32]  # (height, width), 1 is the subject
# From the package's config.yaml, the sides of what the network sees. The weights are of one shape:
# only the file's name tells which of the two it was trained for.
_BASE_PX, _FAST_PX = 1024, 384
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, for both formats
_DEPTH = 64


class CutOutModel(Protocol):
    """What tells a subject from its background."""

    @property
    def name(self) -> str: ...
    @property
    def runs_on(self) -> str: ...
    def mask(self, picture: Pillow.Image) -> Mask: ...


def open_cutout(path: Path, name: str, threads: int = 0, *, use_card: bool = True) -> CutOutModel:
    """Open the cut-out model in a file. Raises UserError for one that is none."""
    if not path.is_file():
        raise UserError(f"There is no model {path}.", "Download it again, or choose its file.")
    if path.suffix.lower() == ".onnx":
        return OnnxCutOut(path, name, threads, use_card=use_card)
    return Inspyrenet(path, name, use_card=use_card)


class Inspyrenet:
    """InSPyReNet (T. Kim et al., 2022) with a Swin-B backbone."""

    def __init__(self, path: Path, name: str, *, use_card: bool = True) -> None:
        """Open weights, fast ones by their name. Raises UserError."""
        weights = read_weights(path)
        side = _FAST_PX if "fast" in path.stem.lower() or "fast" in name.lower() else _BASE_PX
        self.name, self._size = name, (side, side)
        import torch

        model = inspyrenet(side)
        try:
            model.load_state_dict(weights, strict=True)
        except (RuntimeError, TypeError, AttributeError) as error:
            raise UserError(
                f"{path.name} is no cut-out model of a known kind.",
                "Choose InSPyReNet's ckpt_base.pth or ckpt_fast.pth, or an ONNX one.",
            ) from error
        on_card = use_card and torch.cuda.is_available()
        self._device = torch.device("cuda" if on_card else "cpu")
        self._model: Any = model.eval().to(self._device)
        self.runs_on = f"It runs on the {'NVIDIA card' if on_card else 'processor'}."

    def mask(self, picture: Pillow.Image) -> Mask:
        """How much each pixel of a picture is subject. Raises UserError where memory runs out."""
        import torch

        given = torch.from_numpy(_prepared(picture, self._size)).to(self._device)
        try:
            with torch.inference_mode():
                found = self._model(given)
        except RuntimeError as error:
            said = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise UserError(
                f"{self.name} failed: {said[:300]}", "Close other programs, or use the fast model."
            ) from error
        return _spread(found.float().cpu().numpy()[0, 0], picture)


def inspyrenet(side: int) -> Any:
    """The network with random weights, for pictures of `side` pixels."""
    with _tame_import():
        from transparent_background.InSPyReNet import InSPyReNet_SwinB

    return InSPyReNet_SwinB(depth=_DEPTH, pretrained=False, threshold=None, base_size=[side, side])


class OnnxCutOut:
    """A network of U2-Net's kind or BiRefNet, which gives one map of the subject."""

    def __init__(self, path: Path, name: str, threads: int = 0, *, use_card: bool = True) -> None:
        """Open it. Raises UserError for a model that takes no pictures in colour."""
        self._model = open_model(path, threads, use_card=use_card)
        self.name, self.runs_on = name, self._model.runs_on
        if self._model.channels not in (3, None) or self._model.channels_last:
            raise UserError(f"{path.name} is no cut-out model.", "Choose another file.")
        self._size = self._model.width or _BASE_PX, self._model.height or _BASE_PX

    def mask(self, picture: Pillow.Image) -> Mask:
        """How much each pixel of a picture is subject. Raises UserError."""
        found = self._model.run(_prepared(picture, self._size), self._model.outputs[:1])[0]
        if found.ndim != 4 or found.shape[1] != 1:
            raise UserError(f"{self._model.path.name} is no cut-out model.", "Choose another file.")
        map_: Mask = found[0, 0].astype(np.float32)
        if map_.min() < 0 or map_.max() > 1:
            map_ = np.float32(1) / (np.float32(1) + np.exp(-map_))  # some end before the sigmoid
        low, high = float(map_.min()), float(map_.max())
        return _spread((map_ - low) / max(high - low, 1e-6), picture)


def _prepared(picture: Pillow.Image, size: tuple[int, int]) -> NDArray[np.float32]:
    """(1, 3, height, width) as both kinds were trained."""
    small = picture.convert("RGB").resize(size, Pillow.Resampling.BILINEAR)
    levels = np.asarray(small, np.float32) / np.float32(255) - np.array(_MEAN, np.float32)
    levels /= np.array(_STD, np.float32)
    return np.ascontiguousarray(levels.transpose(2, 0, 1)[None], np.float32)


def _spread(found: NDArray[np.float32], picture: Pillow.Image) -> Mask:
    """The map at the picture's size."""
    if not np.isfinite(found).all():
        raise UserError("The cut-out model gives no numbers that can be used.", "Use another one.")
    whole = Pillow.fromarray(found).resize(picture.size, Pillow.Resampling.BILINEAR)
    return np.clip(np.asarray(whole, np.float32), 0, 1)


@contextmanager
def _tame_import() -> Iterator[None]:
    """For the package's import, which else asks an index for news, warns and turns on a log.

    albumentations looks for a newer version of itself; the package warns that flet, for a window of
    its own, is missing, sets up the root logger and leads Python to its folder.
    """
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
    root = logging.getLogger()
    handlers, level, places = list(root.handlers), root.level, list(sys.path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
            sys.path[:] = places
