"""Names of LoRA layers: every spelling in, sd-scripts' own for each family out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from trainer.lora_files import names
from trainer.resources import RESOURCES

GOLDEN = Path(__file__).parents[1] / "data" / "lora_keys.json.gz"
COUNTS = {"sd1": (192, 86), "sd2": (192, 86), "sdxl": (722, 66)}  # training reference 2.2
FOLDERS = {"sd1": "sd15", "sd2": "sd21", "sdxl": "sdxl"}


def unet(family: str) -> dict[str, Any]:
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

    text = (RESOURCES / "model_configs" / FOLDERS[family] / "unet" / "config.json").read_text()
    with torch.device("meta"):
        found: Any = UNet2DConditionModel.from_config(json.loads(text))
    return dict(found.state_dict())


@pytest.mark.parametrize("family", COUNTS)
def test_the_layers_of_a_unet_are_those_that_sd_scripts_trains(family: str) -> None:
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for tensor, weight in unet(family).items():
        if not tensor.endswith(".weight"):
            continue
        ((name, _, _),) = names.of_base(tensor, "unet", family)
        module = tensor.removesuffix(".weight")
        for spelling in (f"unet.{module}", f"base_model.model.{module}", module):
            known = names.to_kohya(spelling)
            assert known is not None
            assert names.canonical(known, family) == name
        if weight.dim() > 1 and names.is_target(name, family, conv=True):
            found[not names.is_target(name, family, conv=False)].add(name)
    assert (len(found[False]), len(found[True])) == COUNTS[family]
    if family == "sd1":
        groups = json.loads(gzip.decompress(GOLDEN.read_bytes()))["sd15"].values()
        golden = {name: layer for group in groups for name, layer in group.items()}
        sides = {"lin": (), "conv1": (1, 1), "conv3": (3, 3)}
        for name in found[False]:
            assert names.kernel(name, family) == sides[golden[name][0]]


@pytest.mark.parametrize("family", ["sd1", "sd2", "sdxl"])
def test_single_files_and_folders_give_the_same_names(family: str) -> None:
    pairs = {
        "input_blocks.4.1.proj_in.weight": "down_blocks.1.attentions.0.proj_in",
        "input_blocks.3.0.op.weight": "down_blocks.0.downsamplers.0.conv",
        "middle_block.2.in_layers.2.weight": "mid_block.resnets.1.conv1",
        "output_blocks.5.2.conv.weight": "up_blocks.1.upsamplers.0.conv",
        "time_embed.0.weight": "time_embedding.linear_1",
    }
    for single, folder in pairs.items():
        found = names.of_base(f"model.diffusion_model.{single}", "", family)
        assert found == names.of_base(f"{folder}.weight", "unet", family)
        assert found


def test_a_fused_matrix_of_open_clip_is_three_layers() -> None:
    tensor = "cond_stage_model.model.transformer.resblocks.3.attn.in_proj_weight"
    stem = "lora_te_text_model_encoder_layers_3_self_attn_"
    assert names.of_base(tensor, "", "sd2") == [
        (f"{stem}{one}_proj", "weight", at) for at, one in enumerate("qkv")
    ]
    last = "lora_te_text_model_encoder_layers_23_mlp_fc1"
    assert not names.is_target(last, "sd2", conv=True)
    assert names.is_target(last.replace("te", "te2", 1), "sdxl", conv=True)


@pytest.mark.parametrize(
    ("tensor", "expected"),
    [
        ("lora_unet_conv_in.lora_down.weight", ("lora_unet_conv_in", "lora_down")),
        ("unet.mid_block.attentions.0.proj_in.lora_A.default.weight", None),
        ("unet.up_blocks.1.attentions.0.attn1.processor.to_out_lora.up.weight", None),
        ("text_encoder.text_model.encoder.layers.0.mlp.fc1.lora_linear_layer.up.weight", None),
        ("model.diffusion_model.input_blocks.0.0.weight", ()),
        ("lora_te_text_model_encoder_layers_0_mlp_fc2.weight", None),
    ],
)
def test_tensors_of_a_lora_are_told_from_others(
    tensor: str, expected: tuple[str, str] | tuple[()] | None
) -> None:
    found = names.split(tensor)
    if expected is None:
        assert found is not None
        assert (names.to_kohya(found[0]) or "").startswith("lora_")
    else:
        assert (found or ()) == expected


def test_the_old_names_of_diffusers_lead_to_the_same_layer() -> None:
    old = names.split("unet.up_blocks.1.attentions.0.attn1.processor.to_out_lora.down.weight")
    new = names.split("unet.up_blocks.1.attentions.0.attn1.to_out.0.lora_A.weight")
    assert old is not None
    assert new is not None
    assert names.to_kohya(old[0]) == names.to_kohya(new[0])
    assert names.to_kohya("text_encoder_2.encoder.layers.1.mlp.fc1") == (
        "lora_te2_text_model_encoder_layers_1_mlp_fc1"
    )


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("lora_unet_down_blocks_0_attentions_0_proj_in", "IN01"),
        ("lora_unet_input_blocks_4_1_proj_in", "IN04"),
        ("lora_unet_up_blocks_3_attentions_2_proj_in", "OUT11"),
        ("lora_unet_mid_block_attentions_0_proj_in", "MID"),
        ("lora_te2_text_model_encoder_layers_0_mlp_fc1", "TE2"),
        ("lora_unet_double_blocks_0_img_attn_qkv", "other"),
    ],
)
def test_blocks_are_counted_as_block_weights_count_them(name: str, block: str) -> None:
    assert names.block(name) == block
