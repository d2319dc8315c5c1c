"""Models as a list shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.installed_models import folder_of, partial_folder, use_file, use_model
from curator.core.model_rows import ModelRow, model_rows
from curator.core.model_table import known_model

FIRST, SECOND = known_model("wd-vit-v3"), known_model("wd-moat-v2")


@pytest.fixture(autouse=True)
def _models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))


def rows(kind: str = "tagger") -> dict[str, ModelRow]:
    """The rows of a kind by key."""
    return {row.key: row for row in model_rows() if row.kind == kind}


def put(*keys: str) -> None:
    """Put taggers where their downloads would."""
    for key in keys:
        folder = folder_of(known_model(key))
        folder.mkdir(parents=True)
        for name in FIRST.files:
            (folder / name).write_bytes(b"12345")


def test_each_row_says_where_it_stands() -> None:
    assert {row.state for row in model_rows() if row.model} == {"Not downloaded"}
    assert [row.kind for row in model_rows() if row.state == "None yet"] == ["filter"]
    assert rows()[FIRST.key].size == FIRST.size
    put(FIRST.key, SECOND.key)
    found = rows()
    assert (found[FIRST.key].state, found[FIRST.key].size) == ("In use", 10)
    assert not found[FIRST.key].is_chosen
    assert found[SECOND.key].state == "Downloaded"
    use_model(SECOND)
    found = rows()
    assert found[SECOND.key].in_use
    assert found[SECOND.key].is_chosen
    assert not found[FIRST.key].in_use


def test_what_was_begun_is_told() -> None:
    partial_folder(FIRST).mkdir(parents=True)
    (partial_folder(FIRST) / "model.onnx.0000").write_bytes(b"1" * 2000)
    assert rows()[FIRST.key].state == "Begun, 2.0 kB are here"


def test_a_file_of_ones_own_stands_below_those_of_its_kind(tmp_path: Path) -> None:
    own = tmp_path / "mine.onnx"
    own.write_bytes(b"123")
    use_file("tagger", own)
    found = [row for row in model_rows() if row.kind == "tagger"]
    assert [row.title for row in found] == [FIRST.title, SECOND.title, "mine.onnx"]
    assert (found[-1].state, found[-1].size, found[-1].model) == ("In use", 3, None)
    own.unlink()
    assert [row for row in model_rows() if row.kind == "tagger"][-1].state == "Gone"
