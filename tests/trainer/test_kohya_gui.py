"""A pasted file of kohya_ss means what that GUI would have run, and its traps are named."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.interop.foreign import Imported
from trainer.interop.kohya_keys import FIELDS, NETWORK_KEYS
from trainer.interop.sd_scripts_keys import IDLE
from trainer.interop.settings import read_settings

# As tutorials print it: SD 2.1, Adafactor with a fixed rate, captions that kohya_ss never read.
TUTORIAL = """Save this as settings.json:
{ “LoRA_type”: “Standard”, “pretrained_model_name_or_path”: “C:/sd/v2-1.safetensors”,
“v2”: true, “v_parameterization”: true, “network_dim”: 256, “network_alpha”: “1”,
“conv_dim”: 1, “conv_alpha”: 1, “caption_extension”: “”, “optimizer”: “Adafactor”,
“optimizer_args”: “scale_parameter=False relative_step=False warmup_init=False”,
“max_resolution”: “512,512”, “min_bucket_reso”: 256, “max_bucket_reso”: 2048,
“enable_bucket”: true, “bucket_no_upscale”: true, “epoch”: 20, “max_train_epochs”: “”,
“max_train_steps”: “0”, “train_batch_size”: 1, “lr_scheduler”: “constant”, “lr_warmup”: 0,
“noise_offset_type”: “Original”, “noise_offset”: 0, “multires_noise_iterations”: 8,
“multires_noise_discount”: 0.2, “unet_lr”: 0.0004, “text_encoder_lr”: 0.0004,
“learning_rate”: 0.0004, “scale_weight_norms”: 1, “save_every_n_epochs”: 2, “seed”: “58008”,
“save_state”: true, “sample_every_n_epochs”: 1, “sample_prompts”: “a photo --w 512 --h 512”,
“mixed_precision”: “bf16”, “xformers”: “xformers”, “gradient_checkpointing”: true,
“max_token_length”: “75”, “clip_skip”: “1”, “min_snr_gamma”: 0, “max_grad_norm”: 0,
“prior_loss_weight”: 1.0, “wandb_api_key”: “W4NDB-SECRET”, “huggingface_token”: “hf_SECRET”, }
Have fun!"""


def kohya(**values: Any) -> Imported:
    return read_settings(json.dumps({"LoRA_type": "Standard", **values}))


def all_text(found: Imported) -> str:
    return repr(found)


def test_the_tutorial_is_reproduced() -> None:
    config = read_settings(TUTORIAL).config()
    assert (config.v2, config.v_parameterization) == ("true", "true")
    assert (config.network_module, config.network_dim, config.network_alpha) == (
        "networks.lora",
        256,
        1.0,
    )
    assert config.conv_dim is None
    assert config.optimizer_args == (
        "scale_parameter=False",
        "relative_step=False",
        "warmup_init=False",
    )
    assert (config.lr_scheduler, config.unet_lr, config.text_encoder_lr) == (
        "constant",
        4e-4,
        4e-4,
    )
    assert (config.max_train_epochs, config.train_batch_size, config.seed) == (20, 1, 58008)
    assert (config.resolution, config.max_bucket_reso) == ((512, 512), 2048)
    assert config.enable_bucket
    assert config.bucket_no_upscale
    assert (config.noise_offset, config.multires_noise_iterations) == (0.0, 0)
    assert (config.scale_weight_norms, config.max_grad_norm) == (1.0, 1.0)
    assert (config.save_every_n_epochs, config.save_state) == (2, True)
    assert config.sample_prompts == "a photo --w 512 --h 512"
    assert config.caption_extension == ".txt"


def test_the_traps_of_the_tutorial_are_named() -> None:
    said = "\n".join(read_settings(TUTORIAL).warnings)
    assert "caption_extension is empty: kohya would have ignored your .txt files" in said
    assert "multires_noise_iterations is 8, but noise_offset_type is Original" in said
    assert "max_grad_norm is 0, which kohya_ss leaves out: in force was 1.0." in said
    assert "The resolution is 512x512, but such a base model draws 768x768" in said
    assert "A run would not begin" not in said


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*FIELDS, *NETWORK_KEYS, *IDLE, "LoRA_type", "lr_warmup", "epoch", "huh"]),
        st.sampled_from(["", 0, "0", False, True, "1", 5, "cosine", None]),
        min_size=1,
    )
)
def test_every_key_is_accounted_for(values: dict[str, Any]) -> None:
    found = read_settings(json.dumps(values))
    said = " ".join((*found.understood, *found.changed, *found.ignored, *found.warnings))
    assert set(values) <= set(re.findall(r"\w+", said))


def test_secrets_are_read_nowhere() -> None:
    found = read_settings(TUTORIAL)
    assert "SECRET" not in all_text(found)
    assert "wandb_api_key: a secret, which is never read." in found.ignored
    hidden = kohya(additional_parameters="--wandb_api_key=SECRET --huggingface_token SECRET")
    assert "SECRET" not in all_text(hidden)
    assert "SECRET" not in all_text(kohya(openai_api_key="SECRET", password="SECRET"))
    assert kohya(keep_tokens=2, shuffle_caption=True).options["keep_tokens"] == 2


@pytest.mark.parametrize(
    ("kind", "module", "algo"),
    [
        ("Standard", "networks.lora", "lora"),
        ("Kohya LoCon", "networks.lora", "lora"),
        ("Kohya DyLoRA", "networks.dylora", "lora"),
        ("LyCORIS/LoCon", "lycoris.kohya", "lora"),
        ("LyCORIS/LoHa", "lycoris.kohya", "loha"),
        ("LyCORIS/LoKr", "lycoris.kohya", "lokr"),
        ("LyCORIS/iA3", "lycoris.kohya", "ia3"),
        ("LyCORIS/DyLoRA", "lycoris.kohya", "dylora"),
        ("LoCon", "lycoris.kohya", "lora"),
        ("LoRA-FA", "networks.lora", "lora"),
    ],
)
def test_each_type_is_a_network(kind: str, module: str, algo: str) -> None:
    config = kohya(LoRA_type=kind, network_dim=8, conv_dim=8).config()
    assert (config.network_module, config.algo) == (module, algo)
    assert config.conv_dim == (None if kind == "Standard" else 8)


def test_a_type_that_is_not_trained_here_is_said_so() -> None:
    found = kohya(LoRA_type="LyCORIS/GLoRA")
    assert any("glora, which is not trained here" in one for one in found.warnings)


def test_two_keys_for_one_thing_are_one() -> None:
    found = kohya(lora_network_weights="old.safetensors", network_weights="")
    assert str(found.options["network_weights"]) == "old.safetensors"
    assert str(kohya(caption_extention=".cap").options["caption_extension"]) == ".cap"


@pytest.mark.parametrize(
    ("unet", "text", "trained"),
    [
        (1e-4, 0, (True, False)),
        ("0.0001", "", (True, False)),
        (0, 5e-5, (False, True)),
        (0, 0, (False, False)),
    ],
)
def test_a_rate_of_zero_leaves_its_part_as_it_is(
    unet: object, text: object, trained: tuple[bool, bool]
) -> None:
    config = kohya(learning_rate=1e-3, unet_lr=unet, text_encoder_lr=text).config()
    only = (config.network_train_unet_only, config.network_train_text_encoder_only)
    assert only == trained
    if trained == (False, False):
        assert (config.unet_lr, config.text_encoder_lr, config.learning_rate) == (None, None, 1e-3)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"epoch": 10}, (10, 1600)),
        ({"epoch": 10, "max_train_steps": "500"}, (None, 500)),
        ({"epoch": 10, "max_train_steps": 500, "max_train_epochs": 3}, (3, 500)),
        ({"epoch": "10", "max_train_steps": "0", "max_train_epochs": ""}, (10, 1600)),
    ],
)
def test_the_length_is_that_of_the_key_that_wins(
    values: dict[str, Any], wanted: tuple[int | None, int]
) -> None:
    config = kohya(**values).config()
    assert (config.max_train_epochs, config.max_train_steps) == wanted


def test_warmup_is_a_percentage() -> None:
    assert kohya(lr_scheduler="cosine", lr_warmup=10).options["lr_warmup_steps"] == 0.1
    both = kohya(lr_scheduler="cosine", lr_warmup=10, lr_warmup_steps=50)
    assert both.options["lr_warmup_steps"] == 50
    constant = kohya(lr_scheduler="constant", lr_warmup=10)
    assert "lr_warmup_steps" not in constant.options
    assert any("constant has no warm-up" in one for one in constant.changed)


def test_multires_noise_closes_the_other_gate() -> None:
    found = kohya(noise_offset_type="Multires", noise_offset=0.1, multires_noise_iterations=6)
    assert found.options["multires_noise_iterations"] == 6
    assert "noise_offset" not in found.options


def test_additional_parameters_are_a_command_line_that_wins() -> None:
    found = kohya(
        keep_tokens=1,
        additional_parameters="--zero_terminal_snr --keep_tokens=3 --caption_tag_dropout_rate 0.1 "
        "--network_args conv_dim=4 conv_alpha=2",
    )
    config = found.config()
    assert config.zero_terminal_snr
    assert (config.keep_tokens, config.caption_tag_dropout_rate, config.conv_dim) == (3, 0.1, 4)


def test_a_misspelt_key_is_pointed_out_and_not_applied() -> None:
    found = kohya(networkdim=64)
    assert "networkdim: not known here. Was network_dim meant?" in found.ignored
    assert found.options["network_dim"] == 4


def test_a_value_that_does_not_fit_is_left_out_with_a_sentence() -> None:
    found = kohya(network_dim="many", resolution="big")
    assert found.options["network_dim"] == 4
    assert sum("network_dim: it must be a" in one for one in found.ignored) == 1


def test_flux_settings_are_said_to_be_of_another_kind() -> None:
    found = kohya(flux1_checkbox=True, t5xxl="x")
    assert any("not trained here" in one for one in found.warnings)


def test_several_prompts_are_taken() -> None:
    prompts = "# mine\na cat --w 512\n\na dog"
    assert kohya(sample_prompts=prompts).options["sample_prompts"] == prompts
