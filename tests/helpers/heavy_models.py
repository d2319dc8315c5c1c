"""Small models with the architectures of real upscalers and cut-out models, with random weights."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.helpers.onnx_files import ints, node, write_network


def esrgan_weights(scale: int = 4, seed: int = 0) -> dict[str, Any]:
    """The weights of a small RRDBNet whose pictures are gray with some of what it is given."""
    import torch
    from spandrel.architectures.ESRGAN import ESRGAN

    torch.manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = ESRGAN(num_filters=8, num_blocks=1, scale=scale)
    state = model.state_dict()
    last = sorted(name for name in state if name.endswith("bias"))
    numbers = {int(name.split(".")[1]) for name in last}
    end = max(numbers)
    state[f"model.{end}.bias"] += 0.5
    state[f"model.{end}.weight"] *= 4
    return state


def write_esrgan(path: Path, scale: int = 4, seed: int = 0) -> Path:
    """Write a small RRDBNet as .pth or .safetensors."""
    import torch
    from safetensors.torch import save_file

    state = esrgan_weights(scale, seed)
    if path.suffix == ".safetensors":
        save_file(state, path)
    else:
        torch.save({"params_ema": state}, path)
    return path


def write_doubler(path: Path, lost: int = 0, side: int | str = "side", channels: int = 3) -> Path:
    """Write a network that doubles each pixel, without `lost` pixels of what it makes, per side."""
    doubling = _each(channels, np.ones((2, 2), np.float32))
    weights: dict[str, NDArray[np.generic]] = {"doubling": doubling}
    size = ints("kernel_shape", (2, 2)) + ints("strides", (2, 2))
    nodes = [node("ConvTranspose", ["picture", "doubling"], "doubled", size)]
    end = "doubled"
    if lost:
        middle = np.zeros((2 * lost + 1, 2 * lost + 1), np.float32)
        middle[lost, lost] = 1
        weights["middle"] = _each(channels, middle)
        nodes.append(node("Conv", ["doubled", "middle"], "cut"))
        end = "cut"
    taken = ("n", channels, side, side)
    return write_network(path, nodes, {"picture": taken}, {end: ("n", channels, "h", "w")}, weights)


def write_filter(path: Path) -> Path:
    """Write a network that gives the mean of a pixel and its eight neighbours, at the same size."""
    mean = _each(3, np.full((3, 3), 1 / 9, np.float32))
    size = ints("kernel_shape", (3, 3)) + ints("pads", (1, 1, 1, 1))
    nodes = [node("Conv", ["picture", "mean"], "smooth", size)]
    shape = ("n", 3, "h", "w")
    return write_network(path, nodes, {"picture": shape}, {"smooth": shape}, {"mean": mean})


def write_bright_cutter(path: Path, side: int = 64) -> Path:
    """Write a network of U2-Net's form that takes what is bright for the subject."""
    bright = np.ones((1, 3, 1, 1), np.float32)
    nodes = [node("Conv", ["picture", "bright"], "map")]
    return write_network(
        path,
        nodes,
        {"picture": (1, 3, side, side)},
        {"map": (1, 1, side, side)},
        {"bright": bright},
    )


def _each(channels: int, kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """A kernel for each channel apart, as the weights of a convolution."""
    weights = np.zeros((channels, channels, *kernel.shape), np.float32)
    for channel in range(channels):
        weights[channel, channel] = kernel
    return weights


def write_inspyrenet(path: Path) -> Path:
    """Write a whole InSPyReNet of random weights, 360 MB: there is no smaller one."""
    import torch

    from curator.ml.cutout_models import inspyrenet

    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its authors' older torch
        torch.save(inspyrenet(384).state_dict(), path)
    return path


def write_network_of(path: Path, kind: str) -> tuple[Path, int]:
    """Write a small network of an architecture with random weights, and tell its scale."""
    import torch

    torch.manual_seed(0)
    small = {"depths": [2, 2], "num_heads": [2, 2], "embed_dim": 16, "window_size": 8}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of their authors' older torch
        return _written(path, kind, small)


def _written(path: Path, kind: str, small: dict[str, Any]) -> tuple[Path, int]:
    import torch
    from spandrel.architectures.Compact import Compact
    from spandrel.architectures.DAT import DAT
    from spandrel.architectures.DnCNN import DnCNN
    from spandrel.architectures.SwinIR import SwinIR

    model, scale = {
        "compact": lambda: (Compact(num_feat=8, num_conv=2, upscale=2), 2),
        "swinir": lambda: (SwinIR(**small, upscale=2, upsampler="pixelshuffle"), 2),
        "dat": lambda: (DAT(embed_dim=64, depth=[2], num_heads=[2], split_size=[4, 8]), 2),
        "dncnn": lambda: (DnCNN(in_nc=3, out_nc=3, nc=8, nb=4), 1),
        "gray": lambda: (DnCNN(in_nc=1, out_nc=1, nc=8, nb=4), 1),
    }[kind]()
    torch.save(model.state_dict(), path)
    return path, scale
