"""Which layers a network takes, with which rank, alpha and rate; and what it begins with."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from trainer import checkpoint
from trainer.config import parse_options
from trainer.errors import TrainerError
from trainer.families import sd1
from trainer.model import Target
from trainer.network import make_network
from trainer.network_plan import Planned, conv_size, plan_network
from trainer.network_start import begin_network
from trainer.noise import generator


@pytest.fixture(scope="module")
def targets() -> list[Target]:
    return sd1.targets(sd1.FAMILY.empty())


def plan(targets: list[Target], **options: object) -> dict[str, Planned]:
    config = parse_options({"network_dim": 8, "network_alpha": 4} | options)
    return {one.target.name: one for one in plan_network(config, targets)}


def test_parts_can_be_left_out(targets: list[Target]) -> None:
    assert len(plan(targets)) == 192 + 72
    assert len(plan(targets, network_train_unet_only=True)) == 192
    assert len(plan(targets, network_train_text_encoder_only=True)) == 72


def test_only_convolutions_larger_than_1x1_have_the_conv_dim(targets: list[Target]) -> None:
    found = plan(targets, conv_dim=3)
    sizes = {
        "lora_unet_down_blocks_0_attentions_0_proj_in": (8, 4.0),
        "lora_unet_down_blocks_0_resnets_0_conv1": (3, 1.0),
        "lora_unet_down_blocks_0_resnets_0_time_emb_proj": (8, 4.0),
        "lora_unet_down_blocks_1_resnets_0_conv_shortcut": (8, 4.0),
        "lora_te_text_model_encoder_layers_0_mlp_fc1": (8, 4.0),
    }
    assert {name: (found[name].rank, found[name].alpha) for name in sizes} == sizes


def test_convolutions_that_are_not_said_follow_sd_scripts_or_lycoris() -> None:
    sizes = {
        (): (0, 1.0),
        (("conv_dim", 3),): (3, 1.0),
        (("network_module", "lycoris.kohya"), ("preset", "full")): (32, 16.0),
        (("network_module", "lycoris.kohya"), ("conv_dim", 3)): (3, 1.0),
    }
    assert {key: conv_size(parse_options(dict(key))) for key in sizes} == sizes


def test_an_alpha_of_0_is_the_rank_of_each_layer(targets: list[Target]) -> None:
    found = plan(targets, network_alpha=0, conv_dim=3, conv_alpha=0)
    assert {(one.rank, one.alpha) for one in found.values()} == {(8, 8.0), (3, 3.0)}


def test_blocks_have_their_own_dims_and_those_of_0_are_left_out(targets: list[Target]) -> None:
    dims = ",".join(map(str, [0, *range(1, 12), 0, *range(13, 25)]))
    found = plan(targets, block_dims=dims, block_alphas=dims)
    name = "lora_unet_up_blocks_3_attentions_2_proj_in"
    assert (found[name].rank, found[name].alpha) == (24, 24.0)
    assert found["lora_te_text_model_encoder_layers_0_mlp_fc1"].rank == 8
    assert not any("_mid_block_" in name for name in found)
    convolutions = plan(targets, conv_block_dims=dims)
    assert convolutions["lora_unet_down_blocks_0_resnets_0_conv1"].rank == 1
    with pytest.raises(TrainerError, match="2 numbers"):
        plan(targets, block_dims="4,4")


def test_blocks_without_a_rate_are_left_out(targets: list[Target]) -> None:
    found = plan(targets, up_lr_weight="zeros", down_lr_weight="0.05,0.5,0.5", mid_lr_weight="2")
    assert not any("_up_blocks_" in name for name in found)
    assert found["lora_unet_mid_block_attentions_0_proj_in"].factor == 2
    assert found["lora_unet_down_blocks_0_attentions_0_proj_in"].factor == 0.5


def test_ranks_can_be_those_of_a_file(tmp_path: Path) -> None:
    layers = [
        Target("unet", f"lora_unet_down_blocks_0_attentions_{at}_proj_in", torch.nn.Linear(40, 40))
        for at in range(3)
    ]
    config = parse_options({"block_dims": ",".join(["1", "5", "0", *["6"] * 22])})
    network = make_network(config, layers, generator(1))
    path = tmp_path / "file.safetensors"
    checkpoint.save_network(path, network.state_dict(), "float", {})
    network.detach()
    options = {"network_weights": str(path), "dim_from_weights": True, "network_dropout": 0.5}
    heir = begin_network(parse_options(options), layers, torch.device("cpu"))
    found = heir.state_dict()
    assert found.keys() == checkpoint.load_network(path).keys()
    assert all(torch.equal(found[name], one) for name, one in network.state_dict().items())
    heir.detach()
    with pytest.raises(TrainerError, match="does not fit") as caught:
        begin_network(
            parse_options(options | {"dim_from_weights": False}), layers, torch.device("cpu")
        )
    assert "dim 5" in caught.value.hint
    lokr = options | {"dim_from_weights": False, "network_module": "lycoris.kohya", "algo": "lokr"}
    lokr["network_dropout"] = 0
    with pytest.raises(TrainerError, match="does not fit") as caught:
        begin_network(parse_options(lokr), layers, torch.device("cpu"))
    assert "another kind" in caught.value.hint


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"algo": "loha"}, "a LyCORIS type"),
        ({"network_module": "networks.dylora", "unit": 3}, "no multiple of the unit"),
        ({"network_module": "networks.dylora", "conv_dim": 4}, "one dim for all layers"),
        ({"network_module": "networks.dylora", "dora_wd": True}, "does not go with dylora"),
        ({"dim_from_weights": True}, "network_weights, which is not set"),
        ({"dora_wd": True, "network_dropout": 0.1}, "does nothing with DoRA"),
        (
            {"network_module": "lycoris.kohya", "algo": "loha", "network_dropout": 0.1},
            "does nothing with loha",
        ),
        (
            {"network_module": "lycoris.kohya", "algo": "ia3", "rank_dropout": 0.1},
            "does nothing with ia3",
        ),
        ({"block_dims": "4,-1"}, "below 0"),
        ({"up_lr_weight": "cosinus"}, "list of numbers"),
    ],
)
def test_what_contradicts_itself_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(TrainerError, match=message):
        parse_options(options)
