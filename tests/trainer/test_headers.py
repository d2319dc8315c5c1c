"""What a safetensors file says in its header, whoever wrote it."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from tests.helpers.base_models import header_only
from trainer.errors import TrainerError
from trainer.headers import HEADER_LIMIT, read_header


def test_shapes_and_metadata_are_read_as_the_library_wrote_them(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"a": torch.zeros(2, 3), "b": torch.tensor(1.0)}, path, {"ss_steps": "12"})
    header = read_header(path)
    assert header.shapes == {"a": (2, 3), "b": ()}
    assert header.metadata == {"ss_steps": "12"}


def test_a_file_that_is_cut_off_is_damaged(tmp_path: Path) -> None:
    path = header_only(tmp_path / "a.safetensors", {"a": (8,), "b": (100,)})
    assert read_header(path).metadata == {}
    with path.open("rb+") as file:
        file.truncate(path.stat().st_size - 1)
    with pytest.raises(TrainerError, match="damaged"):
        read_header(path)


def with_header(text: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(text) if length is None else length) + text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 100,
        b"<html>" * 9,
        with_header(b"{}", HEADER_LIMIT + 1),
        with_header(b"[]"),
        with_header(b"[" * 100_000),
        with_header(b'{"a": 1}'),
        with_header(b'{"a": {"shape": "12", "data_offsets": [0, 0]}}'),
        with_header(b'{"a": {"shape": [1], "data_offsets": [0]}}'),
        with_header(b'{"__metadata__": 3}'),
    ],
)
def test_a_file_that_is_none_is_refused_whatever_it_holds(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(content)
    with pytest.raises(TrainerError, match="damaged"):
        read_header(path)


def test_metadata_that_is_no_text_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(with_header(json.dumps({"__metadata__": {"a": "b", "c": 1}}).encode()))
    assert read_header(path).metadata == {"a": "b"}
