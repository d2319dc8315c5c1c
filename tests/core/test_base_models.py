"""Base models that are found and named before anything is loaded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from curator.core.base_models import PRACTICE, find_models, recognise
from tests.helpers.base_models import checkpoint, diffusers_folder, lora
from tests.helpers.processes import python_without_root


@pytest.mark.parametrize(
    ("width", "block", "kind", "trainable"),
    [
        (768, 1, "sd1", True),
        (1024, 1, "sd2", True),
        (2048, 4, "sdxl", True),
        (999, 1, "unknown", False),
    ],
)
def test_a_checkpoint_is_named_with_its_kind(
    tmp_path: Path, width: int, block: int, kind: str, trainable: bool
) -> None:
    path = checkpoint(tmp_path / "photo v5.1.safetensors", width, block)
    found = recognise(path)
    assert (found.path, found.kind, found.title) == (path, kind, "photo v5.1")
    assert found.trainable == trainable == (not found.why_not)
    assert str(tmp_path) not in found.why_not
    assert found.kind_title


def test_a_diffusers_folder_is_named_by_the_folder(tmp_path: Path) -> None:
    found = recognise(diffusers_folder(tmp_path / "photo v5.1"))
    assert (found.kind, found.title, found.trainable) == ("sd1", "photo v5.1", True)


def test_a_ckpt_says_nothing_before_it_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "old.ckpt"
    path.write_bytes(b"whatever it holds")
    found = recognise(path)
    assert (found.kind, found.trainable) == ("unseen", True)
    assert found.kind_title == "its kind is seen when it is loaded"


def test_the_practice_model_needs_no_disk() -> None:
    assert recognise(Path("practice")) == PRACTICE
    assert PRACTICE.trainable


def test_what_can_not_be_trained_on_says_why(tmp_path: Path) -> None:
    (tmp_path / "half.safetensors").write_bytes(b"half")
    for path, kind, words in (
        (checkpoint(tmp_path / "fill.safetensors", channels=9), "unknown", "inpainting"),
        (tmp_path / "half.safetensors", "unknown", "damaged"),
        (lora(tmp_path / "lora.safetensors"), "none", "may be a LoRA"),
        (tmp_path / "gone.safetensors", "none", "does not exist"),
        (tmp_path / "gone.ckpt", "none", "does not exist"),
        (tmp_path, "none", "not a whole diffusers model"),
    ):
        found = recognise(path)
        assert (found.kind, found.trainable) == (kind, False)
        assert words in found.why_not


def titles(*folders: Path) -> list[str]:
    return [model.title for model in find_models(folders)]


def test_models_are_found_where_other_programs_keep_them(tmp_path: Path) -> None:
    a1111, comfy = tmp_path / "webui", tmp_path / "comfy"
    checkpoint(a1111 / "models" / "Stable-diffusion" / "photos" / "b 10.safetensors")
    checkpoint(a1111 / "models" / "Stable-diffusion" / "b 9.safetensors")
    lora(a1111 / "models" / "Lora" / "a.safetensors")
    checkpoint(a1111 / "venv" / "no model of mine.safetensors")
    checkpoint(comfy / "models" / "checkpoints" / "a.safetensors", 999)
    diffusers_folder(comfy / "models" / "diffusers" / "folder")
    assert titles(a1111, comfy) == ["b 9", "b 10", "folder", "a"]
    assert titles(a1111 / "models") == ["b 9", "b 10"]
    assert titles(a1111, a1111 / "models") == ["b 9", "b 10"]


def test_any_other_folder_is_looked_through(tmp_path: Path) -> None:
    checkpoint(tmp_path / "x" / "y" / "deep.safetensors")
    diffusers_folder(tmp_path / "folder")
    lora(tmp_path / "lora.safetensors")
    (tmp_path / "notes.txt").write_text("none")
    (tmp_path / "half.safetensors").write_bytes(b"half")
    assert titles(tmp_path) == ["deep", "folder", "half"]
    assert titles(tmp_path / "nowhere") == []
    assert len(find_models([tmp_path], limit=1)) == 1


def test_a_ckpt_and_what_was_made_of_it_are_one_model(tmp_path: Path) -> None:
    checkpoint(tmp_path / "old.ckpt.safetensors")
    (tmp_path / "old.ckpt").touch()
    assert [model.path.name for model in find_models([tmp_path])] == ["old.ckpt"]


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_are_followed_and_circles_end(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    checkpoint(shared / "a.safetensors")
    (shared / "round").symlink_to(shared)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "linked").symlink_to(shared)
    assert titles(tmp_path / "mine") == titles(tmp_path) == ["a"]


def test_a_closed_folder_is_passed_over(tmp_path: Path) -> None:
    checkpoint(tmp_path / "a.safetensors")
    (tmp_path / "closed").mkdir(mode=0)
    code = (
        f"import sys; sys.path.insert(0, {str(Path.cwd())!r})\n"
        "from pathlib import Path\n"
        "from curator.core.base_models import find_models, recognise\n"
        "print([one.title for one in find_models([Path(), Path('closed')])])\n"
        "print(recognise(Path('closed/a.safetensors')).kind)"
    )
    assert python_without_root(code, tmp_path).split() == ["['a']", "none"]
