"""Stable Diffusion 1.x from a folder and from a single file, without a network."""

from __future__ import annotations

import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.helpers.ldm_names import clip_text, whole_checkpoint
from trainer.base_files import find_base
from trainer.errors import TrainerError
from trainer.families import sd1
from trainer.model import BaseModel
from trainer.stable_diffusion import load_single_file


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="module")
def single_file(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice model in the layout of the original checkpoints."""
    tensors = whole_checkpoint(
        load_file(practice / "unet" / "diffusion_pytorch_model.safetensors"),
        load_file(practice / "vae" / "diffusion_pytorch_model.safetensors"),
        clip_text(
            load_file(practice / "text_encoder" / "model.safetensors"),
            "cond_stage_model.transformer.",
        ),
        layers_per_block=1,
    )
    tensors["model_ema.decay"] = torch.tensor(0.0)
    path = tmp_path_factory.mktemp("single") / "tiny.safetensors"
    save_file(tensors, path)
    return path


def outputs(model: BaseModel) -> list[torch.Tensor]:
    with torch.no_grad():
        texts = sd1.FAMILY.encode_text(model, sd1.FAMILY.tokenize(["a creature"]), 1)
        noise = model.unet(torch.ones(1, 4, 8, 8), torch.tensor([10]), texts.states).sample
        latent = model.vae.encode(torch.ones(1, 3, 64, 64)).latent_dist.mean
        return [texts.states, noise, latent, model.vae.decode(latent).sample]


def test_a_single_file_gives_the_same_model_as_the_folder(
    practice: Path, single_file: Path
) -> None:
    folder = sd1.FAMILY.load(find_base(practice), torch.float32, None)
    layout = replace(sd1.LAYOUT, configs=practice)
    single = load_single_file(single_file, torch.float32, None, layout)
    for one, other in zip(outputs(folder), outputs(single), strict=True):
        assert torch.allclose(one, other, atol=1e-5)
    assert single.latent_scale == folder.latent_scale == 0.18215


def test_a_model_is_frozen_and_only_the_vae_stays_in_float32(practice: Path) -> None:
    model = sd1.FAMILY.load(find_base(practice), torch.bfloat16, None)
    assert {one.dtype for one in model.unet.parameters()} == {torch.bfloat16}
    assert {one.dtype for one in model.text_encoders[0].parameters()} == {torch.bfloat16}
    assert {one.dtype for one in model.vae.parameters()} == {torch.float32}
    assert not any(one.requires_grad for one in model.unet.parameters())


def test_a_checkpoint_of_another_shape_is_refused(single_file: Path) -> None:
    with pytest.raises(TrainerError, match="have another shape"):
        sd1.FAMILY.load(find_base(single_file), torch.float32, None)


def test_a_checkpoint_without_text_encoder_is_refused(
    practice: Path, single_file: Path, tmp_path: Path
) -> None:
    tensors = {
        name: one for name, one in load_file(single_file).items() if "cond_stage" not in name
    }
    half = tmp_path / "half.safetensors"
    save_file(tensors, half)
    with pytest.raises(TrainerError, match="without its text encoder"):
        load_single_file(
            tmp_path / "half.safetensors",
            torch.float32,
            None,
            replace(sd1.LAYOUT, configs=practice),
        )


@pytest.fixture
def copied(practice: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(practice, tmp_path / "copy"))


def test_a_folder_with_pickled_weights_only_is_refused(copied: Path) -> None:
    weights = copied / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(TrainerError, match=r"no \.safetensors weights"):
        sd1.FAMILY.load(find_base(copied), torch.float32, None)


def test_the_fp16_variant_of_a_folder_is_read(copied: Path) -> None:
    for part, stem in (
        ("unet", "diffusion_pytorch_model"),
        ("vae", "diffusion_pytorch_model"),
        ("text_encoder", "model"),
    ):
        weights = copied / part / f"{stem}.safetensors"
        weights.rename(weights.with_name(f"{stem}.fp16.safetensors"))
    assert sd1.FAMILY.load(find_base(copied), torch.float32, None).latent_scale == 0.18215


def test_damaged_weights_are_named(copied: Path) -> None:
    weights = copied / "vae" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(TrainerError, match="vae cannot be loaded"):
        sd1.FAMILY.load(find_base(copied), torch.float32, None)


def test_no_progress_bar_is_drawn(practice: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sd1.FAMILY.load(find_base(practice), torch.float32, None)
    assert capfd.readouterr() == ("", "")
