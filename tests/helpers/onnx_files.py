"""Tiny ONNX files written by hand; field numbers are those of onnx.proto."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_INT, _INTS, _FLOAT_TENSOR, _INT64_TENSOR = 2, 7, 1, 7


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _tensor(name: str, array: NDArray[np.generic]) -> bytes:
    kind = _INT64_TENSOR if array.dtype == np.int64 else _FLOAT_TENSOR
    dims = b"".join(_field(1, size) for size in array.shape)
    return dims + _field(2, kind) + _field(8, name) + _field(9, array.tobytes())


def ints(name: str, values: Sequence[int]) -> bytes:
    """A node's attribute that is a list of numbers."""
    return _field(5, _field(1, name) + _field(20, _INTS) + b"".join(_field(8, v) for v in values))


def number(name: str, value: int) -> bytes:
    """A node's attribute that is a number."""
    return _field(5, _field(1, name) + _field(20, _INT) + _field(3, value))


def node(kind: str, inputs: Sequence[str], output: str, attributes: bytes = b"") -> bytes:
    """An operator that makes `output` of its inputs."""
    named = b"".join(_field(1, one) for one in inputs)
    return _field(1, named + _field(2, output) + _field(3, output) + _field(4, kind) + attributes)


def _value(name: str, shape: Sequence[int | str], kind: int) -> bytes:
    dims = b"".join(_field(1, _field(1 if isinstance(size, int) else 2, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, dims)))


Shapes = Mapping[str, Sequence[int | str]]  # by name; a word stands for a size that is free


def write_network(
    path: Path,
    nodes: Iterable[bytes],
    inputs: Shapes,
    outputs: Shapes,
    weights: Mapping[str, NDArray[np.generic]] | None = None,
    *,
    input_type: int = _FLOAT_TENSOR,
    external: Mapping[str, tuple[str, Sequence[int]]] | None = None,
) -> Path:
    """Write a network. `external`: weights by name whose numbers lie in a file of their own."""
    graph = b"".join(nodes) + _field(2, "tiny")
    graph += b"".join(_field(5, _tensor(name, array)) for name, array in (weights or {}).items())
    graph += b"".join(_field(5, _outside(name, *one)) for name, one in (external or {}).items())
    graph += b"".join(_field(11, _value(*one, input_type)) for one in inputs.items())
    graph += b"".join(_field(12, _value(*one, _FLOAT_TENSOR)) for one in outputs.items())
    path.write_bytes(_field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13)))
    return path


def _outside(name: str, location: str, shape: Sequence[int]) -> bytes:
    dims = b"".join(_field(1, size) for size in shape)
    where = _field(13, _field(1, "location") + _field(2, location))
    return dims + _field(2, _FLOAT_TENSOR) + _field(8, name) + where + _field(14, 1)


def write_colour_embedding(
    path: Path, side: int = 32, cells: int = 4, batch: int | str = "n", output: str = "image_embeds"
) -> Path:
    """Write a network whose vector is the picture in cells x cells cells, and a map beside it."""
    size = (side // cells, side // cells)
    cell = ints("kernel_shape", size) + ints("strides", size)
    nodes = [
        node("AveragePool", ["pixel_values"], "cells", cell),
        node("Flatten", ["cells"], output),
    ]
    outputs: Shapes = {"cells": (batch, 3, cells, cells), output: (batch, 3 * cells * cells)}
    return write_network(path, nodes, {"pixel_values": (batch, 3, side, side)}, outputs)


def write_white_finder(path: Path) -> Path:
    """Write a network with the outputs that OpenCV's YuNet reader asks for: white cells are faces.

    A cell of 32 pixels scores its mean brightness, and its box is as large as the cell; the finer
    cells find nothing.
    """
    nodes: list[bytes] = []
    weights: dict[str, NDArray[np.generic]] = {}
    outputs: dict[str, Sequence[int | str]] = {}
    for stride in (8, 16, 32):
        mean = 1 / (3 * 255 * stride * stride) if stride == 32 else 0.0
        for name, channels, weight in (
            ("cls", 1, mean), ("obj", 1, mean), ("bbox", 4, 0.0), ("kps", 10, 0.0),
        ):  # fmt: skip
            out = f"{name}_{stride}"
            weights[f"{out}_w"] = np.full((channels, 3, stride, stride), weight, np.float32)
            weights[f"{out}_s"] = np.array([1, -1, channels], np.int64)
            size = ints("kernel_shape", (stride, stride)) + ints("strides", (stride, stride))
            nodes.append(node("Conv", ["input", f"{out}_w"], f"{out}_c", size))
            nodes.append(node("Transpose", [f"{out}_c"], f"{out}_t", ints("perm", (0, 2, 3, 1))))
            nodes.append(node("Reshape", [f"{out}_t", f"{out}_s"], out))
            outputs[out] = (1, (320 // stride) ** 2, channels)
    return write_network(path, nodes, {"input": (1, 3, 320, 320)}, outputs, weights)
