"""A checkpoint says what it was made from, in the words other programs look for."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from PIL import Image

from trainer.config import RunConfig
from trainer.dataset import Dataset, read_dataset
from trainer.errors import TrainerError
from trainer.metadata import BaseFacts, Moment, describe, file_hashes, safetensors_hashes
from trainer.order import BatchPlan

BASE = BaseFacts("base.safetensors", "sd_v1", legacy_hash="abcd1234", sha256="f" * 64)
MOMENT = Moment(epoch=2, step=30, started=1.0, now=1_700_000_000.0, session_id="7")


@pytest.fixture
def config(tmp_path: Path) -> RunConfig:
    for folder, name, caption in [
        ("img/5_cat", "a", "Fr3dd1e, Hat"),
        ("img/5_cat", "b", "fr3dd1e, smile, "),
        ("reg/1_animal", "r", None),
    ]:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (80, 60)).save(tmp_path / folder / f"{name}.png")
        if caption:
            (tmp_path / folder / f"{name}.txt").write_text(caption)
    return RunConfig(
        train_data_dir=tmp_path / "img",
        reg_data_dir=tmp_path / "reg",
        training_comment="fr3dd1e",
        output_name="freddie",
        max_train_epochs=4,
        optimizer_args=("weight_decay=0.1",),
    )


@pytest.fixture
def described(config: RunConfig) -> dict[str, str]:
    dataset: Dataset = read_dataset(config)
    plan = BatchPlan(dataset.buckets, dataset.repeats, dataset.batch_size, config.seed)
    return describe(config, dataset, plan, BASE, MOMENT)


def test_all_values_are_text_and_the_trigger_is_the_comment(described: dict[str, str]) -> None:
    assert all(isinstance(value, str) for value in described.values())
    assert described["ss_training_comment"] == "fr3dd1e"
    assert described["modelspec.trigger_phrase"] == "fr3dd1e"
    assert described["ss_output_name"] == described["modelspec.title"] == "freddie"


def test_the_family_is_told_as_programs_tell_it(described: dict[str, str]) -> None:
    assert described["ss_base_model_version"] == "sd_v1"
    assert described["ss_v2"] == "False"
    assert described["modelspec.architecture"] == "stable-diffusion-v1/lora"
    assert described["modelspec.prediction_type"] == "epsilon"
    assert described["modelspec.date"] == "2023-11-14T22:13:20"
    assert described["ss_sd_model_hash"] == "abcd1234"


def test_counts_are_those_of_the_plan(described: dict[str, str]) -> None:
    assert described["ss_num_train_images"] == "10"
    assert described["ss_num_reg_images"] == "10"
    assert described["ss_num_batches_per_epoch"] == "20"
    assert described["ss_max_train_steps"] == "80"
    assert (described["ss_epoch"], described["ss_steps"]) == ("2", "30")
    assert described["ss_optimizer"] == "torch.optim.adamw.AdamW(weight_decay=0.1)"


def test_tags_are_counted_per_folder_in_lower_case(described: dict[str, str]) -> None:
    assert json.loads(described["ss_tag_frequency"]) == {
        "5_cat": {"fr3dd1e": 2, "hat": 1, "smile": 1},
        "1_animal": {"animal": 1},
    }


def test_folders_and_buckets_are_listed(described: dict[str, str]) -> None:
    folders = json.loads(described["ss_dataset_dirs"])
    assert folders == {"5_cat": {"n_repeats": 5, "img_count": 2}}
    assert list(json.loads(described["ss_reg_dataset_dirs"])) == ["1_animal"]
    info = json.loads(described["ss_bucket_info"])
    assert info["buckets"] == {"0": {"resolution": [576, 448], "count": 20}}
    assert info["mean_img_ar_error"] == pytest.approx(abs(576 / 448 - 80 / 60))


def test_hashes_of_a_checkpoint_are_those_of_sd_scripts() -> None:
    tensors = {"a": np.arange(600_000, dtype=np.float32)}
    plain = safetensors.numpy.save(tensors)
    tagged = safetensors.numpy.save(tensors, {"ss_x": "y"})
    assert len(tagged) > 0x110000
    body = hashlib.sha256(tensors["a"].tobytes()).hexdigest()
    assert safetensors_hashes(plain)["sshs_model_hash"] == body
    assert safetensors_hashes(tagged)["sshs_model_hash"] == body
    legacy = hashlib.sha256(tagged[0x100000:0x110000]).hexdigest()[:8]
    assert safetensors_hashes(tagged)["sshs_legacy_hash"] == legacy


def test_hashes_of_a_base_model_are_those_of_a1111(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    path = tmp_path / "base.safetensors"
    path.write_bytes(data)
    short = hashlib.sha256(data[0x100000:0x110000]).hexdigest()[:8]
    assert file_hashes(path) == (short, hashlib.sha256(data).hexdigest())
    with pytest.raises(TrainerError, match=r"gone\.safetensors"):
        file_hashes(tmp_path / "gone.safetensors")


def test_folders_of_one_name_keep_their_own_repeats(config: RunConfig, tmp_path: Path) -> None:
    for folder in ("img", "other"):
        (tmp_path / folder / "same").mkdir(parents=True)
        Image.new("RGB", (64, 64)).save(tmp_path / folder / "same" / "a.png")
    (tmp_path / "dataset.toml").write_text(
        "[[datasets]]\nresolution = 768\n"
        "[[datasets.subsets]]\nimage_dir = 'img/same'\nnum_repeats = 5\n"
        "[[datasets.subsets]]\nimage_dir = 'other/same'\nnum_repeats = 1\nis_reg = true\n"
    )
    config = replace(config, dataset_config=tmp_path / "dataset.toml")
    dataset = read_dataset(config)
    plan = BatchPlan(dataset.buckets, dataset.repeats, dataset.batch_size, config.seed)
    described = describe(config, dataset, plan, BASE, MOMENT)
    assert json.loads(described["ss_dataset_dirs"])["same"]["n_repeats"] == 5
    assert json.loads(described["ss_reg_dataset_dirs"])["same"]["n_repeats"] == 1
    assert described["modelspec.resolution"] == "768x768"


def test_what_was_held_out_and_which_timesteps_were_trained_is_told(config: RunConfig) -> None:
    config = replace(config, validation_split=0.5, validation_seed=3, min_timestep=100)
    dataset = read_dataset(config)
    plan = dataset.plan(config)
    described = describe(config, dataset, plan, BASE, MOMENT)
    assert described["ss_validation_split"] == "0.5"
    assert described["ss_validation_seed"] == "3"
    assert described["ss_face_crop_aug_range"] == "None"
    assert described["modelspec.timestep_range"] == "100,1000"
    assert described["modelspec.implementation"] == "diffusers"
    sdxl = replace(BASE, version="sdxl_base_v1-0")
    described = describe(config, dataset, plan, sdxl, MOMENT)
    assert "Stability-AI/generative-models" in described["modelspec.implementation"]
