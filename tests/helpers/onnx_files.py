"""Tiny ONNX files written by hand, with the outputs that OpenCV's YuNet reader asks for.

The network finds what is white: a cell of 32 pixels scores its mean brightness, and its box is as
large as the cell; the finer cells find nothing. Field numbers are those of onnx.proto.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def _ints(name: str, values: Sequence[int]) -> bytes:
    return _field(5, _field(1, name) + _field(20, _INTS) + b"".join(_field(8, v) for v in values))


def _node(kind: str, inputs: Sequence[str], output: str, attributes: bytes = b"") -> bytes:
    named = b"".join(_field(1, one) for one in inputs)
    return _field(1, named + _field(2, output) + _field(3, output) + _field(4, kind) + attributes)


def _value(name: str, shape: Sequence[int]) -> bytes:
    dims = b"".join(_field(1, _field(1, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, dims)))


def write_white_finder(path: Path) -> Path:
    """Write the network; white cells are faces."""
    graph, weights, outputs = b"", b"", b""
    for stride in (8, 16, 32):
        mean = 1 / (3 * 255 * stride * stride) if stride == 32 else 0.0
        for name, channels, weight in (
            ("cls", 1, mean), ("obj", 1, mean), ("bbox", 4, 0.0), ("kps", 10, 0.0),
        ):  # fmt: skip
            out = f"{name}_{stride}"
            kernel = np.full((channels, 3, stride, stride), weight, np.float32)
            weights += _field(5, _tensor(f"{out}_w", kernel))
            weights += _field(5, _tensor(f"{out}_s", np.array([1, -1, channels], np.int64)))
            size = _ints("kernel_shape", (stride, stride)) + _ints("strides", (stride, stride))
            graph += _node("Conv", ["input", f"{out}_w"], f"{out}_c", size)
            graph += _node("Transpose", [f"{out}_c"], f"{out}_t", _ints("perm", (0, 2, 3, 1)))
            graph += _node("Reshape", [f"{out}_t", f"{out}_s"], out)
            outputs += _field(12, _value(out, (1, (320 // stride) ** 2, channels)))
    shown = _field(11, _value("input", (1, 3, 320, 320)))
    graph += _field(2, "white") + weights + shown + outputs
    path.write_bytes(_field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13)))
    return path
