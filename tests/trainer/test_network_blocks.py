"""Blocks of the UNet as sd-scripts counts them, and lists with one number per block."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import TrainerError
from trainer.network_blocks import SD, SDXL, block_of, blocks_of, lr_weights, per_block


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("lora_unet_down_blocks_0_resnets_0_conv1", 1),
        ("lora_unet_down_blocks_0_attentions_1_proj_in", 2),
        ("lora_unet_down_blocks_0_downsamplers_0_conv", 3),
        ("lora_unet_down_blocks_3_resnets_1_conv2", 11),
        ("lora_unet_mid_block_attentions_0_proj_out", 12),
        ("lora_unet_up_blocks_0_resnets_0_conv1", 13),
        ("lora_unet_up_blocks_2_upsamplers_0_conv", 21),
        ("lora_unet_up_blocks_3_attentions_2_transformer_blocks_0_attn1_to_q", 24),
        ("lora_unet_input_blocks_4_1_proj_in", 5),
        ("lora_unet_middle_block_1_transformer_blocks_9_ff_net_2", 11),
        ("lora_unet_output_blocks_8_0_skip_connection", 21),
        ("lora_unet_conv_in", None),
        ("lora_te_text_model_encoder_layers_0_mlp_fc1", None),
    ],
)
def test_a_layer_stands_in_its_block(name: str, block: int | None) -> None:
    assert block_of(name) == block


def test_models_have_25_and_23_blocks() -> None:
    assert (SD.total, SDXL.total) == (25, 23)
    assert blocks_of(["lora_te1_text_model_x", "lora_unet_input_blocks_1_0_in_layers_2"]) is SDXL
    assert blocks_of(["lora_unet_down_blocks_0_resnets_0_conv1"]) is SD


def test_weights_that_are_not_said_are_1() -> None:
    assert lr_weights("", "", "", 0, SD) == [1.0] * 25
    assert lr_weights("", "", "", 0, SDXL) == [1.0] * 23


def test_short_lists_are_filled_with_1_long_ones_cut_and_gaps_are_0() -> None:
    found = lr_weights("0.5,,2", "0.1,0.2", "3," * 13 + "4", 0, SD)
    assert found[:4] == [0.5, 0.0, 2.0, 1.0]
    assert found[12] == 0.1
    assert found[13:] == [3.0] * 12


def test_weights_up_to_the_threshold_are_0() -> None:
    found = lr_weights("0.1,0.2,0.3", "", "", 0.2, SD)
    assert found[:4] == [0.0, 0.0, 0.3, 1.0]


def test_shapes_run_along_the_blocks() -> None:
    found = lr_weights("sine", "", "cosine+0.25", 0, SDXL)
    assert found[1:10] == pytest.approx([math.sin(math.pi / 2 * at / 8) for at in range(9)])
    assert found[13:22] == pytest.approx(
        [math.sin(math.pi / 2 * at / 8) + 0.25 for at in reversed(range(9))]
    )
    assert lr_weights("linear", "", "reverse_linear", 0, SD)[0] == 0
    assert lr_weights("linear", "", "reverse_linear", 0, SD)[13] == 1
    assert lr_weights("zeros+.5", "", "", 0, SD)[:12] == [0.5] * 12


@given(st.lists(st.floats(0, 2), min_size=25, max_size=25))
def test_a_list_of_one_number_per_block_is_taken_as_it_is(numbers: list[float]) -> None:
    assert per_block("block_dims", ",".join(map(repr, numbers)), SD) == numbers


def test_a_list_of_another_length_or_of_words_is_refused() -> None:
    assert per_block("block_dims", " ", SD) is None
    with pytest.raises(TrainerError, match=r"block_dims.*2 numbers.*25 blocks"):
        per_block("block_dims", "4,8", SD)
    with pytest.raises(TrainerError, match="up_lr_weight"):
        lr_weights("", "", "cosinus", 0, SD)
    with pytest.raises(TrainerError, match="mid_lr_weight"):
        lr_weights("", "cosine", "", 0, SD)
