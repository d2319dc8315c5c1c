"""sd-scripts' own words: what is taken, what changes, and what it would have done in silence."""

from __future__ import annotations

from typing import Any

import pytest
import tomli_w

from trainer.interop.foreign import Imported
from trainer.interop.settings import read_settings

BASE = {"pretrained_model_name_or_path": "base.safetensors"}


def config_file(**values: Any) -> Imported:
    return read_settings(tomli_w.dumps({"model_arguments": BASE, "training_arguments": values}))


def test_what_is_not_said_is_sd_scripts_default() -> None:
    found = config_file()
    assert (found.options["network_dim"], found.options["network_alpha"]) == (4, 1.0)
    assert (found.options["enable_bucket"], found.options["learning_rate"]) == (False, 2e-6)
    assert any(one.startswith("network_dim is not set: 4") for one in found.changed)


def test_a_scrap_of_settings_says_only_what_it_says() -> None:
    found = read_settings("--network_dim 16 --unet_lr 1e-4")
    assert dict(found.options) == {"network_dim": 16, "unet_lr": 1e-4}


def test_a_command_line_names_its_family_and_files_that_were_not_opened() -> None:
    found = read_settings(
        "accelerate launch --mixed_precision=bf16 sdxl_train_network.py "
        "--pretrained_model_name_or_path=x.safetensors --resolution=512 --dataset_config d.toml"
    )
    assert found.options["resolution"] == (512, 512)
    assert any("1024x1024" in one for one in found.warnings)
    assert "dataset_config is a file of its own: it was not opened." in found.warnings


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("AdamW8bit", "AdamW8bit"),
        ("adamw", "AdamW"),
        ("PagedAdamW8bit", "AdamW8bit"),
        ("Lion8bit", "Lion"),
        ("prodigyopt.Prodigy", "Prodigy"),
        ("DAdaptation", "DAdaptAdam"),
        ("LoraEasyCustomOptimizer.came.CAME", "AdamW"),
    ],
)
def test_optimizers_are_found_by_the_end_of_their_name(name: str, ours: str) -> None:
    found = config_file(optimizer_type=name, learning_rate=1.0)
    assert found.options["optimizer_type"] == ours
    assert any("CAME is not known" in one for one in found.warnings) == ("CAME" in name)


def test_adafactor_makes_its_own_rate_unless_told_otherwise() -> None:
    own = config_file(optimizer_type="Adafactor", lr_scheduler="cosine")
    assert {"relative_step=True", "scale_parameter=True"} <= set(own.options["optimizer_args"])
    assert own.options["lr_scheduler"] == "constant"
    assert any("makes its own rate" in one for one in own.warnings)
    fixed = config_file(
        optimizer_type="Adafactor", optimizer_args=["relative_step=False"], lr_scheduler="cosine"
    )
    assert fixed.options["lr_scheduler"] == "cosine"


def test_lora_easys_schedule_is_ours_with_its_lowest_rate_as_a_share() -> None:
    found = config_file(
        learning_rate=1e-3,
        unet_lr=5e-4,
        max_train_steps=1000,
        lr_scheduler_type="LoraEasyCustomOptimizer.CustomOptimizers.CosineAnnealingWarmupRestarts",
        lr_scheduler_args="min_lr=5e-6 gamma=0.85 first_cycle_max_steps=250 warmup_steps=10 "
        "cycle_mult=1.5",
    )
    options = found.options
    assert options["lr_scheduler"] == "annealed_cosine"
    assert options["lr_scheduler_min_lr_ratio"] == pytest.approx(0.01)
    assert (options["lr_scheduler_num_cycles"], options["lr_warmup_steps"]) == (4, 40)
    assert (options["lr_scheduler_gamma"], options["lr_scheduler_cycle_multiplier"]) == (0.85, 1.5)


def test_a_lowest_rate_above_the_rate_is_none() -> None:
    found = config_file(learning_rate=1e-4, lr_scheduler_type="x.Rex", lr_scheduler_args="min_lr=1")
    assert (found.options["lr_scheduler"], found.options["lr_scheduler_min_lr_ratio"]) == ("rex", 0)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"caption_extension": ""}, "caption_extension is empty"),
        ({}, "caption_extension is empty"),
        ({"caption_extension": "txt"}, "without a full stop"),
        ({"keep_tokens": 1}, "keep_tokens is 1, but shuffle_caption is off"),
        ({"lr_scheduler": "cosine_with_restarts"}, "never restarts"),
        ({"lr_scheduler": "cosine", "lr_scheduler_num_cycles": 20}, "cosine has no cycles"),
        ({"adaptive_noise_scale": 0.01}, "adaptive_noise_scale is 0.01 without a noise_offset"),
        ({"optimizer_type": "Prodigy", "learning_rate": 1e-4}, "A run would not begin so"),
        ({"pretrained_model_name_or_path": "runwayml/stable-diffusion-v1-5"}, "Hugging Face"),
    ],
)
def test_silent_traps_are_named(values: dict[str, Any], said: str) -> None:
    assert any(said in one for one in read_settings(tomli_w.dumps(BASE | values)).warnings)


def test_what_is_right_raises_no_warning() -> None:
    found = config_file(
        caption_extension=".txt", shuffle_caption=True, keep_tokens=1, unet_lr=1e-4, network_dim=16
    )
    assert not found.warnings


def test_off_is_auto_where_the_base_model_tells() -> None:
    found = config_file(v2=False, v_parameterization=False)
    assert not {"v2", "v_parameterization"} & set(found.options)
    assert "v2 is off: auto here, it is seen from the base model." in found.changed
    assert config_file(v2=True).options["v2"] == "true"


def test_lycoris_arguments_find_their_places() -> None:
    found = config_file(
        network_module="lycoris.kohya",
        network_args="algo=lokr factor=8 dropout=0.1 use_tucker=True use_scalar=False "
        "wd_on_output=True",
    )
    assert (found.options["algo"], found.options["factor"]) == ("lokr", 8)
    assert found.options["preset"] == "full"
    said = " ".join(found.ignored)
    assert "network_args use_tucker: not known here." in said
    assert "dropout: it does nothing with lokr" in said
    assert "use_scalar" not in said
    assert "wd_on_output" not in said


def test_rates_of_two_text_encoders_are_the_first() -> None:
    found = config_file(text_encoder_lr=[1e-5, 2e-5])
    assert found.options["text_encoder_lr"] == 1e-5
    assert any("has 2 rates" in one for one in found.changed)


def test_prompts_in_other_files_than_text_are_ignored() -> None:
    assert "sample_prompts" not in config_file(sample_prompts="prompts.json").options


def test_what_changes_a_picture_each_time_is_not_cached() -> None:
    assert config_file(random_crop=True).options["cache_latents"] is False
