"""A whole network on a model: its file, its parameters, its chance, and other programs on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.helpers.networks import KINDS, guess
from trainer import checkpoint
from trainer.base_files import find_base
from trainer.config import RunConfig, parse_options
from trainer.families import sd1
from trainer.model import BaseModel
from trainer.network import Network, make_network
from trainer.noise import generator


@pytest.fixture(scope="module")
def model(practice: Path) -> BaseModel:
    return sd1.FAMILY.load(find_base(practice), torch.float32, None)


@pytest.fixture(autouse=True)
def _left_as_it_was(model: BaseModel) -> Iterator[None]:
    yield
    assert not any(module._forward_hooks for module in model.unet.modules())


def config_of(**options: object) -> RunConfig:
    return parse_options({"network_dim": 4, "network_alpha": 2} | options)


def made(model: BaseModel, seed: int = 1, **options: object) -> Network:
    return make_network(config_of(**options), sd1.FAMILY.targets(model), generator(seed))


def trained(model: BaseModel, **options: object) -> Network:
    """A network whose numbers are as after a training."""
    network = made(model, **options)
    random = generator("trained")
    with torch.no_grad():
        for parameter in everything(network):
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=random))
    return network


def everything(network: Network) -> list[torch.nn.Parameter]:
    groups = [*network.parameters("unet"), *network.parameters("text_encoder")]
    return [one for group in groups for one in group.parameters]


@pytest.mark.parametrize("kind", KINDS)
def test_a_network_changes_nothing_acts_when_trained_and_leaves(
    model: BaseModel, kind: str
) -> None:
    plain = guess(model)
    new = made(model, **KINDS[kind])
    assert torch.allclose(guess(model), plain, atol=1e-5)
    new.detach()
    network = trained(model, **KINDS[kind])
    assert not torch.allclose(guess(model), plain, atol=1e-3)
    network.detach()
    assert torch.equal(guess(model), plain)


@pytest.mark.parametrize("kind", KINDS)
def test_saved_as_float32_and_loaded_it_gives_the_same(
    model: BaseModel, kind: str, tmp_path: Path
) -> None:
    network = trained(model, **KINDS[kind])
    before = guess(model)
    path = tmp_path / "fred.safetensors"
    checkpoint.save_network(path, network.state_dict(), "float", {})
    network.detach()
    heir = made(model, seed=2, **KINDS[kind])
    assert heir.load(checkpoint.load_network(path)) == ()
    assert torch.allclose(guess(model), before, atol=1e-6)
    heir.detach()


def test_block_weights_and_lora_plus_are_groups_with_factors(model: BaseModel) -> None:
    network = made(
        model, down_lr_weight="1,0.5", mid_lr_weight="0", loraplus_unet_lr_ratio=4, conv_dim=2
    )
    groups = network.parameters("unet")
    assert sorted(group.factor for group in groups) == [0.5, 1.0, 2.0, 4.0]
    names = {name.split(".")[0] for name in network.state_dict()}
    assert not any("_mid_block_" in name for name in names)
    assert len({id(one) for one in everything(network)}) == 2 * len(names)
    assert [group.factor for group in network.parameters("text_encoder")] == [1.0]
    network.detach()


def test_chance_is_at_work_only_inside_and_depends_on_the_key(model: BaseModel) -> None:
    network = trained(model, network_dropout=0.5, module_dropout=0.2, rank_dropout=0.1)
    whole = guess(model)
    found = []
    for key in (1, 1, 2):
        with network.learning(7, key):
            found.append(guess(model))
    assert torch.equal(found[0], found[1])
    assert not torch.allclose(found[0], found[2])
    assert not torch.allclose(found[0], whole)
    assert torch.equal(guess(model), whole)
    network.detach()


def test_norms_of_all_layers_are_limited(model: BaseModel) -> None:
    network = trained(model, conv_dim=2)
    network.limit_norms(0.05)
    tensors = network.state_dict()
    for name, up in tensors.items():
        if name.endswith("lora_up.weight"):
            down = tensors[name.replace("lora_up", "lora_down")]
            rank = len(down)
            alpha = float(tensors[name.replace("lora_up.weight", "alpha")])
            norm = float((up.flatten(1) @ down.flatten(1)).norm()) * alpha / rank
            assert norm <= 0.05 * 1.0001
    network.detach()


def test_a_file_brings_its_alpha_and_a_file_without_one_means_the_rank(model: BaseModel) -> None:
    source, heir = made(model, network_alpha=1), made(model, seed=2)
    tensors = source.state_dict()
    assert heir.load(tensors) == ()
    alphas = {float(one) for name, one in heir.state_dict().items() if name.endswith(".alpha")}
    assert alphas == {1.0}
    heir.load({name: one for name, one in tensors.items() if not name.endswith(".alpha")})
    alphas = {float(one) for name, one in heir.state_dict().items() if name.endswith(".alpha")}
    assert alphas == {4.0}
    for one in (source, heir):
        one.detach()


def test_tensors_that_fit_nowhere_are_named(model: BaseModel) -> None:
    network, larger = made(model), made(model, network_dim=8)
    dora = made(model, dora_wd=True)
    other = larger.state_dict()
    assert set(network.load(other)) == set(other)
    assert network.load({"lora_unet_x.alpha": torch.tensor(1.0)}) == ("lora_unet_x.alpha",)
    assert all(name.endswith(".dora_scale") for name in network.load(dora.state_dict()))
    assert set(dora.load(network.state_dict())) == set(network.state_dict())
    for one in (network, larger, dora):
        one.detach()


def test_without_chance_it_is_names_and_shapes_alone() -> None:
    targets = sd1.FAMILY.targets(sd1.FAMILY.empty())
    network = make_network(config_of(**KINDS["loha"]), targets, None)
    tensors = network.state_dict()
    assert json.dumps({name: list(one.shape) for name, one in tensors.items()})
    assert all(one.is_meta for name, one in tensors.items() if not name.endswith(".alpha"))
