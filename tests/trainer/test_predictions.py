"""Noise or velocity: by settings, keys, metadata or name, by one step, or as the run says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from tests.helpers.base_models import CROSS, header_only
from tests.trainer.conftest import Options
from trainer.base_kinds import look_at
from trainer.base_loading import LoadedBase, load_base
from trainer.errors import TrainerError
from trainer.families import FAMILIES
from trainer.model import BaseModel
from trainer.predictions import EPSILON, VELOCITY, judged, with_prediction

SHAPES: dict[str, tuple[int, ...]] = {CROSS.format(1): (320, 1024)}


def found(
    path: Path,
    wanted: str = "auto",
    *keys: str,
    metadata: dict[str, str] | None = None,
    family: str = "sd2",
) -> tuple[dict[str, object], str]:
    """What is found of a single file of Stable Diffusion 2.x without its weights."""
    base = look_at(header_only(path, {**SHAPES, **dict.fromkeys(keys, (1,))}, metadata))
    empty = BaseModel(None, None, (), {}, 1.0, path)
    return with_prediction(FAMILIES[family], base, empty, wanted)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("v2-1_768-ema-pruned", VELOCITY),
        ("512-base-ema", EPSILON),
        ("myModel_vPred10", VELOCITY),
        ("my eps-pred 768", EPSILON),
    ],
)
def test_a_file_name_may_tell_and_the_owner_hears_of_it(
    tmp_path: Path, name: str, kind: str
) -> None:
    settings, note = found(tmp_path / f"{name}.safetensors")
    assert settings["prediction_type"] == kind
    assert "set v_parameterization" in note


@pytest.mark.parametrize(
    ("metadata", "kind"),
    [
        ({"modelspec.prediction_type": "v"}, VELOCITY),
        ({"modelspec.prediction_type": "epsilon"}, EPSILON),
        ({"modelspec.architecture": "stable-diffusion-v2-768-v"}, VELOCITY),
    ],
)
def test_metadata_go_before_the_name(tmp_path: Path, metadata: dict[str, str], kind: str) -> None:
    settings, _ = found(tmp_path / "a-512-768-vpred.safetensors", metadata=metadata)
    assert settings["prediction_type"] == kind


def test_keys_tell_velocity_and_zero_terminal_snr(tmp_path: Path) -> None:
    settings, note = found(tmp_path / "model.safetensors", "auto", "v_pred", "ztsnr", family="sdxl")
    assert settings["prediction_type"] == VELOCITY
    assert settings["rescale_betas_zero_snr"] is True
    assert "says its file" in note


def test_sdxl_predicts_noise_where_nothing_is_said(tmp_path: Path) -> None:
    settings, note = found(tmp_path / "model.safetensors", family="sdxl")
    assert (settings["prediction_type"], note) == (EPSILON, "")


def test_the_option_wins_and_says_what_it_overrules(tmp_path: Path) -> None:
    settings, note = found(tmp_path / "768-v-ema.safetensors", "false")
    assert settings["prediction_type"] == EPSILON
    assert note.startswith("v_parameterization overrules")
    assert found(tmp_path / "768-v-ema.safetensors", "true")[1] == ""


def test_one_step_is_judged_by_how_much_of_the_noise_comes_back() -> None:
    noise = torch.randn(1, 4, 32, 32, generator=torch.Generator().manual_seed(1))
    picture = torch.randn(1, 4, 32, 32, generator=torch.Generator().manual_seed(2))
    assert judged(noise, noise + 0.1 * picture) == EPSILON
    assert judged(noise, -picture + 0.07 * noise) == VELOCITY
    assert judged(noise, noise + picture) is None
    assert judged(noise, -noise) is None


@pytest.fixture
def settings_of(practice: Path, tmp_path: Path) -> Path:
    """The settings of the noise schedule of a copy of the practice model."""
    folder = Path(shutil.copytree(practice, tmp_path / "copy"))
    return folder / "scheduler" / "scheduler_config.json"


def loaded(run: Options, settings: Path, **options: object) -> LoadedBase:
    model = str(settings.parent.parent)
    return load_base(run(pretrained_model_name_or_path=model, **options), torch.float32)


def test_the_settings_of_a_folder_tell(run: Options, settings_of: Path) -> None:
    assert not loaded(run, settings_of).model.predicts_velocity
    content = json.loads(settings_of.read_text())
    settings_of.write_text(json.dumps({**content, "prediction_type": VELOCITY}))
    base = loaded(run, settings_of)
    assert base.model.predicts_velocity
    assert base.notes == ("The base model predicts velocity, says its settings.",)
    settings_of.write_text(json.dumps({**content, "prediction_type": "sample"}))
    with pytest.raises(TrainerError, match="predicts sample"):
        loaded(run, settings_of)
    settings_of.write_text(json.dumps({**content, "beta_schedule": "linear"}))
    with pytest.raises(TrainerError, match="another noise schedule"):
        loaded(run, settings_of)
