"""A VAE from a file or folder of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.helpers.ldm_names import lone_vae
from trainer.errors import TrainerError
from trainer.vae_files import load_vae, vae_of_checkpoint

WEIGHTS = "diffusion_pytorch_model.safetensors"


@pytest.fixture
def tensors(practice: Path) -> dict[str, torch.Tensor]:
    return load_file(practice / "vae" / WEIGHTS)


def same(vae: torch.nn.Module, tensors: dict[str, torch.Tensor]) -> bool:
    state = vae.state_dict()
    return all(torch.equal(state[name], tensor) for name, tensor in tensors.items())


def test_all_layouts_of_a_vae_are_read(
    practice: Path, tmp_path: Path, tensors: dict[str, torch.Tensor]
) -> None:
    own = lone_vae(tensors)
    save_file(own, tmp_path / "original.safetensors")
    save_file({f"first_stage_model.{k}": v for k, v in own.items()}, tmp_path / "in.safetensors")
    torch.save({"state_dict": own}, tmp_path / "pickled.pt")
    found = [
        tmp_path / "original.safetensors",
        tmp_path / "in.safetensors",
        tmp_path / "pickled.pt",
    ]
    for path in (*found, practice / "vae" / WEIGHTS, practice / "vae", practice):
        assert same(load_vae(path, practice), tensors), path


def test_a_vae_of_another_family_is_refused(practice: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(practice / "vae", tmp_path / "vae"))
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**settings, "scaling_factor": 0.13025}))
    with pytest.raises(TrainerError, match="another kind of base model"):
        load_vae(folder, practice)


def test_what_is_no_vae_is_refused(practice: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="does not exist"):
        load_vae(tmp_path / "missing.safetensors", practice)
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(TrainerError, match="tensors are missing"):
        load_vae(tmp_path / "other.safetensors", practice)


def test_a_checkpoint_saved_without_vae_says_what_to_set(practice: Path) -> None:
    with pytest.raises(TrainerError, match="without its VAE") as caught:
        vae_of_checkpoint({}, Path("x.safetensors"), practice)
    assert caught.value.hint.startswith("Set vae")
