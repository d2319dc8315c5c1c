"""Which model a file is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from curator.core.errors import UserError
from curator.core.model_identity import identity, model_name


def test_a_model_is_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.onnx"
    path.write_bytes(b"one")
    assert identity(path) == hashlib.sha256(b"one").hexdigest()
    path.write_bytes(b"other")
    assert identity(path) == hashlib.sha256(b"other").hexdigest()
    with pytest.raises(UserError, match="There is no model"):
        identity(tmp_path / "none.onnx")
    with pytest.raises(UserError, match="is a folder"):
        identity(tmp_path)


def test_it_is_named_by_its_folder_or_its_file() -> None:
    assert model_name(Path("models/wd-vit-v3/model.onnx")) == "wd-vit-v3"
    assert model_name(Path("cl_tagger/model_optimized.onnx")) == "cl_tagger"
    assert model_name(Path("somewhere/wd.onnx")) == "wd"
    assert model_name(Path("manual/model.onnx")) == "manual model"
    assert model_name(Path("odd\nname.onnx")) == "odd name"
