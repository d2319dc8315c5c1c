"""What a LoRA says about its training is turned back into options."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from PIL import Image

from trainer.config import RunConfig
from trainer.dataset import read_dataset
from trainer.errors import TrainerError
from trainer.interop.lora_metadata import read_metadata
from trainer.interop.settings import read_settings
from trainer.metadata import BaseFacts, Moment, describe
from trainer.order import BatchPlan

# As sd-scripts writes it.
FOREIGN = {
    "ss_base_model_version": "sdxl_base_v1-0",
    "ss_sd_model_name": "C:\\models\\ponyXL.safetensors",
    "ss_v2": "False",
    "ss_network_module": "lycoris.kohya",
    "ss_network_dim": "16",
    "ss_network_alpha": "8.0",
    "ss_network_args": '{"algo": "lokr", "preset": "attn-mlp", "factor": "8"}',
    "ss_optimizer": "prodigyopt.prodigy.Prodigy(decouple=True,betas=(0.9, 0.99),d_coef=2)",
    "ss_learning_rate": "1.0",
    "ss_unet_lr": "1.0",
    "ss_text_encoder_lr": "[1.0, 1.0]",
    "ss_lr_scheduler": "cosine",
    "ss_resolution": "(1024, 1024)",
    "ss_batch_size_per_device": "2",
    "ss_num_epochs": "10",
    "ss_max_train_steps": "400",
    "ss_num_batches_per_epoch": "80",
    "ss_gradient_accumulation_steps": "2",
    "ss_min_snr_gamma": "5.0",
    "ss_scale_weight_norms": "None",
    "ss_noise_offset": "None",
    "ss_shuffle_caption": "True",
    "ss_keep_tokens": "1",
    "ss_enable_bucket": "True",
    "ss_seed": "42",
    "ss_session_id": "123",
    "ss_tag_frequency": '{"5_x": {"smile": 3}}',
    "ss_dataset_dirs": '{"5_x": {"n_repeats": 5, "img_count": 32}}',
    "ss_training_comment": "fr3dd1e",
}


def saved(path: Path, metadata: dict[str, str]) -> Path:
    safetensors.numpy.save_file({"a": np.zeros(1, np.float32)}, path, metadata)
    return path


def test_another_trainers_lora_becomes_a_run(tmp_path: Path) -> None:
    found = read_settings(saved(tmp_path / "a.safetensors", FOREIGN))
    config = found.config()
    assert (config.network_module, config.algo, config.factor) == ("lycoris.kohya", "lokr", 8)
    assert (config.network_dim, config.network_alpha, config.preset) == (16, 8.0, "attn-mlp")
    assert config.optimizer_type == "Prodigy"
    assert config.optimizer_args == ("decouple=True", "betas=(0.9,0.99)", "d_coef=2")
    assert (config.text_encoder_lr, config.resolution) == (1.0, (1024, 1024))
    assert (config.max_train_epochs, config.train_batch_size) == (10, 2)
    assert (config.shuffle_caption, config.keep_tokens, config.min_snr_gamma) == (True, 1, 5.0)
    assert (config.pretrained_model_name_or_path, config.v2) == ("ponyXL.safetensors", "auto")
    assert config.training_comment == "fr3dd1e"
    assert any("folder 5_x: 32 pictures, 5 times" in one for one in found.warnings)
    assert any("ss_session_id" in one for one in found.ignored)


def test_metadata_pasted_as_json_are_the_same(tmp_path: Path) -> None:
    from_file = read_settings(saved(tmp_path / "a.safetensors", FOREIGN))
    assert read_settings(json.dumps({"__metadata__": FOREIGN})).options == from_file.options
    assert read_settings(json.dumps(FOREIGN)).options == from_file.options


def test_steps_that_are_no_whole_epochs_stay_steps() -> None:
    config = read_settings(json.dumps(FOREIGN | {"ss_max_train_steps": "390"})).config()
    assert (config.max_train_epochs, config.max_train_steps) == (None, 390)


def test_a_dataset_file_is_read_from_what_is_said_of_it() -> None:
    datasets = [
        {
            "resolution": [768, 768],
            "batch_size_per_device": 3,
            "subsets": [{"flip_aug": True, "image_dir": "x"}],
        }
    ]
    values = {"ss_network_dim": "4", "ss_datasets": json.dumps(datasets)}
    config = read_settings(json.dumps(values)).config()
    assert (config.resolution, config.train_batch_size) == ((768, 768), 3)
    assert config.flip_aug


def test_our_own_lora_becomes_its_run_again(tmp_path: Path) -> None:
    folder = tmp_path / "img/5_cat"
    folder.mkdir(parents=True)
    Image.new("RGB", (80, 60)).save(folder / "a.png")
    config = RunConfig(
        train_data_dir=tmp_path / "img",
        max_train_epochs=4,
        network_dim=8,
        network_module="lycoris.kohya",
        algo="loha",
        preset="attn-mlp",
        conv_dim=4,
        optimizer_type="Adafactor",
        optimizer_args=("scale_parameter=False", "relative_step=False"),
        unet_lr=1e-3,
        text_encoder_lr=1e-4,
        lr_scheduler="cosine",
        min_snr_gamma=5.0,
        noise_offset=0.05,
        min_timestep=100,
        max_timestep=900,
        flip_aug=True,
        mixed_precision="bf16",
        v2="true",
        v_parameterization="true",
    )
    dataset = read_dataset(config)
    plan = BatchPlan(dataset.buckets, dataset.repeats, dataset.batch_size, config.seed)
    moment = Moment(epoch=4, step=20, started=1.0, now=2.0, session_id="7")
    metadata = describe(config, dataset, plan, BaseFacts("b.safetensors", "sd_v2_v"), moment)
    read = read_settings(saved(tmp_path / "a.safetensors", metadata)).config()
    base = "b.safetensors"
    wanted = replace(config, train_data_dir=None, pretrained_model_name_or_path=base)
    assert read == replace(wanted, save_precision=read.save_precision)


@pytest.mark.parametrize("metadata", [{}, {"format": "pt"}])
def test_a_lora_that_says_nothing_is_refused(tmp_path: Path, metadata: dict[str, str]) -> None:
    with pytest.raises(TrainerError, match="does not say how it was trained"):
        read_settings(saved(tmp_path / "a.safetensors", metadata))


def test_damaged_values_are_left_out() -> None:
    broken = dict.fromkeys(FOREIGN, "([{")
    found = read_settings(json.dumps(broken))
    assert "network_dim" not in found.options


def test_arguments_of_several_numbers_come_back_whole() -> None:
    words = "torch.optim.adamw.AdamW(betas=0.5,0.9,weight_decay=0.1)"
    found = read_metadata({"ss_optimizer": words, "ss_learning_rate": "1e-4"})
    assert found.options["optimizer_args"] == ("betas=0.5,0.9", "weight_decay=0.1")
