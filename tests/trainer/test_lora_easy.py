"""A TOML file of LoRA_Easy: its sections, its subsets as folders, and what only it has."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import tomli_w

from trainer.config import RunConfig
from trainer.interop.dataset_toml import DatasetFolder, read_dataset_toml
from trainer.interop.settings import read_settings, write_settings

# As the program saves it.
SAVED = """
[[subsets]]
caption_extension = ".txt"
image_dir = "C:/data/5_fr3dd1e"
name = "subset 1"
num_repeats = 5
keep_tokens = 1
shuffle_caption = true
caption_tag_dropout_rate = 0.1

[[subsets]]
caption_extension = ".txt"
image_dir = "C:/data/reg"
name = "subset 2"
num_repeats = 1
is_reg = true
shuffle_caption = false

[train_mode]
train_mode = "lora"

[general_args.args]
pretrained_model_name_or_path = "C:/models/animefull.safetensors"
mixed_precision = "fp16"
seed = 23
clip_skip = 2
xformers = true
max_data_loader_n_workers = 1
persistent_data_loader_workers = true
max_token_length = 225
prior_loss_weight = 1.0
max_train_epochs = 10
cache_latents = true

[general_args.dataset_args]
resolution = 768
batch_size = 4

[network_args.args]
network_dim = 16
network_alpha = 8.0
min_timestep = 0
max_timestep = 1000

[optimizer_args.args]
optimizer_type = "AdamW8bit"
lr_scheduler_type = "LoraEasyCustomOptimizer.RexAnnealingWarmRestarts.RexAnnealingWarmRestarts"
learning_rate = 0.0002
max_grad_norm = 1.0
warmup_ratio = 0.1
lr_scheduler_num_cycles = 3
min_snr_gamma = 8
loss_type = "l2"

[saving_args.args]
output_dir = "C:/out"
output_name = "freddie"
save_precision = "fp16"
save_model_as = "safetensors"
save_every_n_epochs = 2
tag_occurrence = true

[bucket_args.dataset_args]
enable_bucket = true
min_bucket_reso = 256
max_bucket_reso = 1024
bucket_reso_steps = 64

[logging_args.args]
log_with = "wandb"
wandb_api_key = "SECRET"

[network_args.args.network_args]

[optimizer_args.args.lr_scheduler_args]
min_lr = 1e-6
d = 0.9

[optimizer_args.args.optimizer_args]
weight_decay = "0.1"
betas = "0.9,0.99"
"""


def test_a_saved_file_is_understood() -> None:
    found = read_settings(SAVED)
    config = found.config()
    assert found.form == "settings of LoRA_Easy_Training_Scripts"
    assert (config.seed, config.clip_skip, config.max_train_epochs) == (23, 2, 10)
    assert (config.resolution, config.train_batch_size) == ((768, 768), 4)
    assert config.optimizer_args == ("weight_decay=0.1", "betas=0.9,0.99")
    assert (config.lr_scheduler, config.lr_scheduler_num_cycles) == ("rex", 3)
    assert config.lr_scheduler_min_lr_ratio == pytest.approx(0.005)
    assert config.lr_warmup_steps == 0.1
    assert config.enable_bucket
    assert not found.warnings
    assert "SECRET" not in repr(found)
    assert any("lr_scheduler_args min_lr is the rate 1e-06" in one for one in found.changed)


def test_subsets_are_folders_of_a_dataset_file(tmp_path: Path) -> None:
    found = read_settings(SAVED)
    path = tmp_path / "dataset.toml"
    path.write_text(found.dataset)
    ((first, second),) = read_dataset_toml(path, found.config()).groups
    assert (first.num_repeats, first.is_reg, first.shuffle_caption) == (5, False, True)
    assert (first.keep_tokens, first.caption_tag_dropout_rate) == (1, 0.1)
    assert (second.num_repeats, second.is_reg, second.shuffle_caption) == (1, True, False)
    assert first.caption_extension == ".txt"
    assert found.options["caption_extension"] == ".txt"


def test_a_wrong_folder_is_left_out_with_a_sentence() -> None:
    found = read_settings(
        tomli_w.dumps(
            {
                "general_args": {"args": {"seed": 1}},
                "subsets": [
                    {"image_dir": "a", "num_repeats": "many", "flip_aug": "perhaps", "huh": 1},
                    {"image_dir": 3},
                ],
            }
        )
    )
    assert tomllib.loads(found.dataset) == {"datasets": [{"subsets": [{"image_dir": "a"}]}]}
    assert [name for name in ("num_repeats", "flip_aug", "huh") if name in str(found.ignored)] == [
        "num_repeats",
        "flip_aug",
        "huh",
    ]


def test_a_lycoris_type_is_told_by_its_algorithm() -> None:
    lokr = {"network_dim": 8, "network_args": {"algo": "lokr", "preset": "attn-mlp"}}
    found = read_settings(tomli_w.dumps({"network_args": {"args": lokr}}))
    assert found.options["network_module"] == "lycoris.kohya"
    assert (found.options["algo"], found.options["preset"]) == ("lokr", "attn-mlp")
    dylora = {"network_dim": 8, "network_args": {"unit": 4}}
    found = read_settings(tomli_w.dumps({"network_args": {"args": dylora}}))
    assert (found.options["network_module"], found.options["unit"]) == ("networks.dylora", 4)


def test_lists_and_a_file_for_the_dims_become_ours() -> None:
    args = {"dim_from_weights": "C:/a.safetensors", "network_args": {"block_dims": [4] * 25}}
    found = read_settings(tomli_w.dumps({"network_args": {"args": args}}))
    assert str(found.options["network_weights"]) == "C:/a.safetensors"
    assert found.options["dim_from_weights"] is True
    assert found.options["block_dims"] == ",".join(["4"] * 25)


def test_folders_are_written_as_subsets() -> None:
    folders = [DatasetFolder(image_dir=Path("C:/d"), num_repeats=3, class_tokens="", is_reg=True)]
    written = write_settings(RunConfig(shuffle_caption=True), "easy", folders)
    (subset,) = tomllib.loads(written.text)["subsets"]
    assert (subset["image_dir"], subset["num_repeats"], subset["is_reg"]) == ("C:/d", 3, True)
    assert subset["shuffle_caption"] is True


def test_a_training_folder_cannot_be_said() -> None:
    written = write_settings(RunConfig(train_data_dir=Path("C:/data")), "easy")
    assert any(one.startswith("train_data_dir") for one in written.left_out)


def test_numbers_and_lists_are_written_as_its_form_reads_them() -> None:
    config = RunConfig(
        network_module="lycoris.kohya",
        algo="lokr",
        conv_dim=8,
        rank_dropout=0.1,
        decompose_both=True,
        down_lr_weight="0,.5,1",
        network_weights=Path("C:/a.safetensors"),
        dim_from_weights=True,
        resolution=(512, 768),
        face_crop_aug_range="2.0,4.0",
        cache_latents=False,
    )
    written = write_settings(config, "easy")
    values = tomllib.loads(written.text)
    inner = values["network_args"]["args"]
    assert inner["network_args"] == {
        "algo": "lokr",
        "preset": "full",
        "conv_dim": 8,
        "rank_dropout": 0.1,
        "decompose_both": True,
        "down_lr_weight": [0, 0.5, 1],
    }
    assert inner["dim_from_weights"] == "C:/a.safetensors"
    assert "network_weights" not in inner
    assert values["general_args"]["dataset_args"]["resolution"] == [512, 768]
    assert values["subsets"][0]["face_crop_aug_range"] == [2.0, 4.0]
    again = read_settings(written.text).config()
    assert (again.down_lr_weight, again.dim_from_weights) == ("0,0.5,1", True)
    assert (again.resolution, again.face_crop_aug_range) == ((512, 768), "2.0,4.0")


def test_the_range_of_one_folder_is_a_list() -> None:
    rows = [{"image_dir": "a", "face_crop_aug_range": [2.0, 4.0]}, {"image_dir": "b"}]
    found = read_settings(tomli_w.dumps({"general_args": {"args": {"seed": 1}}, "subsets": rows}))
    first, _second = tomllib.loads(found.dataset)["datasets"][0]["subsets"]
    assert first["face_crop_aug_range"] == [2.0, 4.0]
    assert not found.ignored
