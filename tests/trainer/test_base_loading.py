"""The base model of a run: what it expects, what its owner should know, its VAE."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.helpers.tiny_models import write_folder, write_single_file
from tests.trainer.conftest import Options
from trainer import families
from trainer.base_kinds import look_at
from trainer.base_loading import load_base
from trainer.errors import TrainerError
from trainer.predictions import VELOCITY, with_prediction
from trainer.stable_diffusion import load_single_file

IMAGE = "diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def sd2(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("sd2") / "model", "sd21", practice)


def test_a_run_may_say_which_kind_it_expects(run: Options, sd2: Path) -> None:
    assert load_base(run(v2=False), torch.float32).family.label == "Stable Diffusion 1.x"
    with pytest.raises(TrainerError, match=r"v2 is true, but .* is Stable Diffusion 1\.x"):
        load_base(run(v2=True), torch.float32)
    with pytest.raises(TrainerError, match=r"v2 is false, but .* is Stable Diffusion 2\.x"):
        load_base(run(v2="false", pretrained_model_name_or_path=str(sd2)), torch.float32)


def test_clip_skip_is_remarked_on_where_it_is_unusual(run: Options, sd2: Path) -> None:
    model = str(sd2)
    notes = load_base(run(clip_skip=2, pretrained_model_name_or_path=model), torch.float32).notes
    assert any("no last layer" in note for note in notes)
    assert load_base(run(clip_skip=2), torch.float32).notes == ()


def test_one_step_tells_where_nothing_else_does(sd2: Path, tmp_path: Path) -> None:
    path = write_single_file(sd2, tmp_path / "model.safetensors")
    layout = replace(families.sd2.LAYOUT, configs=sd2)
    model = load_single_file(path, torch.bfloat16, None, layout)
    family = families.sd2.FAMILY
    settings, note = with_prediction(family, look_at(path), model, "auto")
    assert settings["prediction_type"] == VELOCITY
    assert note.startswith("One step of the base model shows that it predicts velocity")


def test_the_own_vae_of_a_run_takes_the_place_of_the_base_models(
    run: Options, practice: Path, tmp_path: Path
) -> None:
    vae = tmp_path / "brighter"
    shutil.copytree(practice / "vae", vae)
    tensors = load_file(vae / IMAGE)
    tensors["decoder.conv_out.bias"] += 1.0
    save_file(tensors, vae / IMAGE)
    model = load_base(run(vae=str(vae)), torch.bfloat16).model
    assert model.vae.decoder.conv_out.bias.dtype == torch.float32
    assert torch.equal(model.vae.decoder.conv_out.bias, tensors["decoder.conv_out.bias"])
    assert not any(one.requires_grad for one in model.vae.parameters())
