"""Writes safetensors files piece by piece, so that none has to fit into the memory."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import prod
from pathlib import Path
from typing import BinaryIO

from safetensors import SafetensorError, safe_open

from trainer.errors import TrainerError
from trainer.files import replaced
from trainer.headers import Header, read_header
from trainer.metadata import LEGACY_LENGTH, LEGACY_START

Rows = Mapping[str, tuple[str, tuple[int, ...]]]  # of each tensor the kind of numbers, the shape
BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2}  # others have 1
_CHUNK = 1 << 24


def write(
    path: Path, rows: Rows, metadata: Mapping[str, str], content: Callable[[str], Iterable[bytes]]
) -> None:
    """A file of the tensors in `rows`, whose bytes `content` gives by name.

    Wide numbers stand first, as safetensors itself writes them, so that all are aligned. Raises
    TrainerError when the disk refuses.
    """
    order = sorted(rows, key=lambda name: (-BYTES.get(rows[name][0], 1), name))
    spans, end = {}, 0
    for name in order:
        kind, shape = rows[name]
        start, end = end, end + BYTES.get(kind, 1) * prod(shape)
        spans[name] = start, end
    ordered = {name: rows[name] for name in order}
    with replaced(path) as beside, beside.open("wb") as file:
        file.write(header_bytes(ordered, spans, metadata))
        for name in order:
            for piece in content(name):
                file.write(piece)


def rewrite(source: Path, target: Path, metadata: Mapping[str, str]) -> None:
    """The file with other metadata, and the hashes of itself; tensors bit for bit as they are.

    Raises TrainerError when `source` is damaged or the disk refuses.
    """
    header = checked(source)
    known = {name: value for name, value in metadata.items() if not name.startswith("sshs_")}
    rows = {name: (header.kinds[name], header.shapes[name]) for name in header.shapes}
    hashes = _hashes(source, header, rows, known)
    with replaced(target) as beside, beside.open("wb") as file:
        file.write(header_bytes(rows, header.spans, known | hashes))
        for piece in _data(source, header):
            file.write(piece)


def checked(path: Path) -> Header:
    """The header of a file whose sizes all agree. Raises TrainerError where they do not."""
    header = read_header(path)
    try:
        with safe_open(path, framework="pt"):
            return header
    except (OSError, SafetensorError) as error:
        raise TrainerError(f"{path} is damaged: {error}.", "Get the file again.") from error


def header_bytes(
    rows: Rows, spans: Mapping[str, tuple[int, int]], metadata: Mapping[str, str]
) -> bytes:
    """The head of a file: its own length, then names, shapes and metadata, as long as safetensors'
    own."""
    content: dict[str, object] = {"__metadata__": dict(metadata)}
    for name, (kind, shape) in rows.items():
        content[name] = {"dtype": kind, "shape": shape, "data_offsets": spans[name]}
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def tensor_bytes(file: BinaryIO, header: Header, name: str) -> Iterator[bytes]:
    """The bytes of one tensor of an open file."""
    start, end = header.spans[name]
    return _pieces(file, header.start + start, end - start)


def _hashes(
    source: Path, header: Header, rows: Rows, metadata: Mapping[str, str]
) -> dict[str, str]:
    """As `metadata.safetensors_hashes`, for a file with its ss_* metadata alone."""
    spec = {name: value for name, value in metadata.items() if name.startswith("ss_")}
    whole = hashlib.sha256()
    for piece in _data(source, header):
        whole.update(piece)
    head = header_bytes(rows, header.spans, spec)
    legacy = head[LEGACY_START : LEGACY_START + LEGACY_LENGTH]
    with source.open("rb") as file:
        file.seek(header.start + max(0, LEGACY_START - len(head)))
        legacy += file.read(LEGACY_LENGTH - len(legacy))
    return {
        "sshs_model_hash": whole.hexdigest(),
        "sshs_legacy_hash": hashlib.sha256(legacy).hexdigest()[:8],
    }


def _data(path: Path, header: Header) -> Iterator[bytes]:
    with path.open("rb") as file:
        end = max((end for _, end in header.spans.values()), default=0)
        yield from _pieces(file, header.start, end)


def _pieces(file: BinaryIO, start: int, count: int) -> Iterator[bytes]:
    file.seek(start)
    while count > 0 and (piece := file.read(min(count, _CHUNK))):
        count -= len(piece)
        yield piece
