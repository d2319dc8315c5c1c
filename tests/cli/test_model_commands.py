"""The command about models."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from curator.core.installed_models import RECORD
from tests.helpers.commands import CommandLine, child
from tests.helpers.hub import Hub, serving

CONTENT = b"a small network"


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of the test's own."""
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def put(models: Path, key: str) -> None:
    """Put a tagger where its download would."""
    (models / key).mkdir(parents=True)
    for name in ("model.onnx", "selected_tags.csv"):
        (models / key / name).write_bytes(b"12345")


def row(curator: CommandLine, key: str) -> dict[str, object]:
    """What the list says about a model."""
    rows = curator.ask("models")["models"]
    found: dict[str, object] = next(one for one in rows if one["key"] == key)
    return found


def test_models_are_listed_by_kind(curator: CommandLine, models: Path) -> None:
    put(models, "wd-moat-v2")
    said = curator("models").out
    assert said.index("Taggers") < said.index("wd-vit-v3") < said.index("Embeddings")
    assert "Not downloaded" in said
    assert str(models) in said
    listed = row(curator, "wd-moat-v2")
    assert listed["used"] is True
    assert listed["path"] == str(models / "wd-moat-v2" / "model.onnx")
    assert row(curator, "wd-vit-v3")["path"] is None


def test_one_of_several_is_chosen(curator: CommandLine, models: Path) -> None:
    put(models, "wd-vit-v3")
    put(models, "wd-moat-v2")
    assert row(curator, "wd-vit-v3")["used"]
    assert (
        "WD MOAT tagger v2 is used as a tagger."
        in curator("models", "use", "tagger", "wd-moat-v2").out
    )
    assert row(curator, "wd-moat-v2")["used"]
    curator("models", "use", "tagger", "none")
    assert row(curator, "wd-vit-v3")["used"]


def test_a_file_of_ones_own_is_used(curator: CommandLine, tmp_path: Path) -> None:
    own = tmp_path / "mine.onnx"
    own.write_bytes(b"x")
    curator("models", "use", "tagger", own)
    assert curator.ask("models")["used"] == {"tagger": str(own)}
    assert f"In use: {own}" in curator("models").out
    own.unlink()
    assert f"Gone: {own}" in curator("models").out
    assert "no kind of model" in curator("models", "use", "oracle", own, code=1).err


def test_one_is_removed(curator: CommandLine, models: Path) -> None:
    put(models, "wd-vit-v3")
    assert "Removed WD ViT tagger v3, 10 bytes." in curator("models", "remove", "wd-vit-v3").out
    assert "was not there" in curator("models", "remove", "wd-vit-v3").out
    assert "Did you mean" in curator("models", "remove", "wd-vit-v33", code=1).err


def test_one_is_downloaded_from_the_hub_that_the_environment_names(models: Path) -> None:
    files = {"config.json": b"{}", "model.safetensors": CONTENT, "pytorch_model.bin": b"no"}
    with serving(Hub(files, large=("model.safetensors",))) as hub:
        environment = {**os.environ, "HF_ENDPOINT": hub.endpoint}
        done = child(["models", "download", "florence-2-base", "--json"], env=environment)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["models"]
    (found,) = [one for one in rows if one["key"] == "florence-2-base"]
    assert found["size_bytes"] == len(CONTENT) + 2
    assert found["path"] == str(models / "florence-2-base")
    assert sorted(path.name for path in (models / "florence-2-base").iterdir()) == [
        "config.json", RECORD, "model.safetensors",
    ]  # fmt: skip


def test_without_a_hub_the_way_out_is_told(models: Path) -> None:
    with serving(Hub({})) as gone:
        pass
    environment = {**os.environ, "HF_ENDPOINT": gone.endpoint}
    done = child(["models", "download", "yunet"], env=environment)
    assert done.returncode == 1
    assert b"YuNet could not be downloaded" in done.stderr
    assert str(models / "yunet").encode() in done.stderr


def test_wrong_words_are_told(curator: CommandLine) -> None:
    assert "download takes 1 more" in curator("models", "download", code=2).err
    assert "list takes 0 more" in curator("models", "list", "x", code=2).err
