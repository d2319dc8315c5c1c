"""Models on this machine: what counts as there, which is used, and what removing leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curator.core import installed_models
from curator.core.errors import UserError
from curator.core.installed_models import (
    RECORD,
    folder_of,
    installed,
    left_over,
    model_for,
    partial_folder,
    remove,
    require_model,
    use_file,
    use_model,
    use_none,
)
from curator.core.model_table import KnownModel, known_model

TAGGER, OTHER, FACES = known_model("wd-vit-v3"), known_model("wd-moat-v2"), known_model("yunet")
CAPTIONER, EMBEDDING = known_model("florence-2-base"), known_model("clip-vit-b-32")


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of the test's own."""
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def put(model: KnownModel, *names: str) -> Path:
    """Put files into a model's folder."""
    folder = folder_of(model)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"12345")
    return folder


def record(folder: Path, **sizes: int) -> None:
    """Write what a fetch would have written."""
    files = {name.replace("_", "."): {"size": size} for name, size in sizes.items()}
    (folder / RECORD).write_text(json.dumps({"files": files}), "utf-8")


def test_files_put_there_by_hand_count_once_all_are_there() -> None:
    assert installed(TAGGER) is None
    folder = put(TAGGER, "model.onnx")
    assert installed(TAGGER) is None
    put(TAGGER, "selected_tags.csv")
    found = installed(TAGGER)
    assert found is not None
    assert (found.path, found.size, found.key) == (folder / "model.onnx", 10, "wd-vit-v3")


def test_a_model_of_one_file_may_lie_in_the_models_folder_itself(models: Path) -> None:
    models.mkdir()
    (models / FACES.main).write_bytes(b"1")
    found = installed(FACES)
    assert found is not None
    assert found.path == models / FACES.main


def test_a_fetched_model_is_there_while_its_files_are_as_large_as_they_were() -> None:
    folder = put(CAPTIONER, "config.json", "model.safetensors")
    assert installed(CAPTIONER) is None  # what belongs to it is not known
    record(folder, config_json=5, model_safetensors=5)
    found = installed(CAPTIONER)
    assert found is not None
    assert found.path == folder
    (folder / "model.safetensors").write_bytes(b"1234")
    assert installed(CAPTIONER) is None


@pytest.mark.parametrize("text", ["", "[]", '{"files": 3}', '{"files": {"a": 1}}', "\x00"])
def test_a_spoilt_record_is_no_record(text: str) -> None:
    folder = put(CAPTIONER, "config.json")
    (folder / RECORD).write_text(text, "utf-8")
    assert installed(CAPTIONER) is None


def test_the_first_of_the_table_is_used_unless_another_is_chosen() -> None:
    assert model_for("tagger") is None
    put(OTHER, *OTHER.files)
    assert model_for("tagger") == installed(OTHER)
    put(TAGGER, *TAGGER.files)
    assert model_for("tagger") == installed(TAGGER)
    use_model(OTHER)
    assert model_for("tagger") == installed(OTHER)
    use_none("tagger")
    assert model_for("tagger") == installed(TAGGER)


def test_an_embedding_model_is_used_only_if_it_is_chosen() -> None:
    put(EMBEDDING, *EMBEDDING.files)
    assert model_for("embedding") is None
    use_model(EMBEDDING)
    assert model_for("embedding") == installed(EMBEDDING)


def test_a_file_of_the_persons_own_is_used_and_missed_when_it_goes(tmp_path: Path) -> None:
    put(TAGGER, *TAGGER.files)
    own = tmp_path / "mine.ONNX"
    own.write_bytes(b"abc")
    assert use_file("tagger", own) == model_for("tagger")
    assert require_model("tagger").path == own
    assert require_model("tagger").key == ""
    own.unlink()
    with pytest.raises(UserError, match=r"mine\.ONNX.*no longer there"):
        require_model("tagger")


def test_a_chosen_model_that_was_deleted_is_missed_rather_than_replaced() -> None:
    put(TAGGER, *TAGGER.files)
    folder = put(OTHER, *OTHER.files)
    use_model(OTHER)
    (folder / "model.onnx").unlink()
    with pytest.raises(UserError, match="WD MOAT tagger v2, which was chosen as a tagger"):
        require_model("tagger")


def test_what_can_not_be_a_model_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"")
    with pytest.raises(UserError, match="is not a tagger") as refused:
        use_file("tagger", picture)
    assert ".onnx" in refused.value.hint
    with pytest.raises(UserError, match="is not a tagger"):
        use_file("tagger", tmp_path)
    with pytest.raises(UserError, match="There is no "):
        use_file("tagger", tmp_path / "gone.onnx")
    with pytest.raises(UserError, match="no kind"):
        use_file("oracle", picture)
    with pytest.raises(UserError, match="is not there"):
        use_model(TAGGER)
    assert use_file("captioner", tmp_path).path == tmp_path


def test_no_model_at_all_is_told_with_the_way_to_one() -> None:
    with pytest.raises(UserError, match="There is no tagger yet") as refused:
        require_model("tagger")
    assert "models download wd-vit-v3" in refused.value.command
    with pytest.raises(UserError, match="There is no upscaler yet"):
        require_model("upscaler")


def test_spoilt_choices_are_none(models: Path) -> None:
    models.mkdir()
    for text in ("", "[1]", '{"tagger": 1}', '{"tagger": {"key": "of another version"}}'):
        (models / installed_models.CHOICES).write_text(text, "utf-8")
        assert model_for("tagger") is None


def test_removing_deletes_what_belongs_to_the_model_and_nothing_else(models: Path) -> None:
    folder = put(TAGGER, *TAGGER.files, "my notes.txt")
    put(OTHER, *OTHER.files)
    use_model(TAGGER)
    partial_folder(TAGGER).mkdir()
    (partial_folder(TAGGER) / "model.onnx.0000").write_bytes(b"123")
    assert left_over(TAGGER) == 3
    assert remove(TAGGER) == 13
    assert [path.name for path in folder.iterdir()] == ["my notes.txt"]
    assert not partial_folder(TAGGER).exists()
    assert model_for("tagger") == installed(OTHER)
    assert remove(TAGGER) == 0
    remove(OTHER)
    assert not folder_of(OTHER).exists()


def test_removing_follows_no_link_and_no_record_out_of_the_folder(
    models: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in TAGGER.files:
        (elsewhere / name).write_bytes(b"x")
    models.mkdir()
    folder_of(TAGGER).symlink_to(elsewhere, target_is_directory=True)
    remove(TAGGER)
    assert sorted(path.name for path in elsewhere.iterdir()) == sorted(TAGGER.files)
    folder = put(CAPTIONER)
    files = {"../../elsewhere/model.onnx": {"size": 1}}
    (folder / RECORD).write_text(json.dumps({"files": files}), "utf-8")
    remove(CAPTIONER)
    assert (elsewhere / "model.onnx").exists()
