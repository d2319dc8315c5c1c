"""What a safetensors file says in its header: names, shapes and metadata, without its weights."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.errors import TrainerError

# Bytes; an SDXL checkpoint's has half a million. A larger one is meant to fill the memory.
HEADER_LIMIT = 16_000_000
_DAMAGES = (
    *(ValueError, LookupError, TypeError, AttributeError),
    *(RecursionError, struct.error),
)
_LENGTH = 8  # bytes before the header that say how long it is


@dataclass(frozen=True, slots=True)
class Header:
    """The shapes of the tensors by name, and what was written beside them.

    `kinds` are the types of their numbers, such as "F16"; `spans` say where they stand in the file,
    in bytes from `start`.
    """

    shapes: Mapping[str, tuple[int, ...]]
    metadata: Mapping[str, str]
    kinds: Mapping[str, str]
    spans: Mapping[str, tuple[int, int]]
    start: int


def read_header(path: Path) -> Header:
    """The header of a safetensors file. Raises TrainerError where it is missing or damaged."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(_LENGTH))
            if length > HEADER_LIMIT:
                raise ValueError("its header is too long")
            rows = json.loads(file.read(length))
        metadata = _texts(rows.pop("__metadata__", {}))
        shapes = {name: _whole(row["shape"]) for name, row in rows.items()}
        kinds = {name: str(row["dtype"]) for name, row in rows.items()}
        spans = {name: _span(row["data_offsets"]) for name, row in rows.items()}
        start = _LENGTH + length
        if path.stat().st_size < start + max((end for _, end in spans.values()), default=0):
            raise ValueError("it is cut off")
    except OSError as error:
        raise TrainerError(f"Cannot read {path}: {error.strerror or error}.") from error
    except _DAMAGES as error:
        raise TrainerError(
            f"{path} is damaged or is not a safetensors file.", "Download it again."
        ) from error
    return Header(shapes, metadata, kinds, spans, start)


def _whole(numbers: Any) -> tuple[int, ...]:
    if not all(isinstance(number, int) for number in numbers):
        raise ValueError("a size is no whole number")
    return tuple(numbers)


def _span(numbers: Any) -> tuple[int, int]:
    first, end = _whole(numbers)
    if not 0 <= first <= end:
        raise ValueError("a tensor ends before it begins")
    return first, end


def _texts(rows: Mapping[str, Any]) -> dict[str, str]:
    return {name: text for name, text in rows.items() if isinstance(text, str)}
