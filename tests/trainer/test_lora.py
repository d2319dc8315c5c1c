"""LoRA layers: Kohya's names and shapes, and what they add to a model."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from trainer.adapters.lora import Lora
from trainer.base_files import find_base
from trainer.families import sd1
from trainer.model import BaseModel, Target
from trainer.noise import generator

GOLDEN = Path(__file__).parent / "data" / "lora_keys.json.gz"


@pytest.fixture(scope="module")
def model(practice: Path) -> BaseModel:
    return sd1.FAMILY.load(find_base(practice), torch.float32, None)


@pytest.fixture
def lora(model: BaseModel) -> Iterator[Lora]:
    made = Lora([one for one in sd1.targets(model) if not one.locon], 4, 2.0, generator(1))
    yield made
    made.detach()


@torch.no_grad()
def guess(model: BaseModel) -> torch.Tensor:
    """What the whole model makes of fixed latents and a fixed caption."""
    states = sd1.FAMILY.encode_text(model, sd1.FAMILY.tokenize(["fr3dd1e creature"]), 1).states
    latents = torch.randn((1, 4, 8, 8), generator=generator("latents"))
    found: torch.Tensor = model.unet(latents, torch.tensor([500]), states).sample
    return found


def layer(kind: str) -> Target:
    torch.manual_seed(1)
    module = nn.Linear(6, 10) if kind == "linear" else nn.Conv2d(6, 10, 1)
    return Target("unet", "lora_unet_layer", module)


def test_names_and_shapes_on_sd15_are_those_of_sd_scripts() -> None:
    golden = json.loads(gzip.decompress(GOLDEN.read_bytes()))["sd15"]
    expected = golden["unet_attn"] | golden["te"]
    targets = [one for one in sd1.FAMILY.targets(sd1.FAMILY.empty()) if not one.locon]
    shapes = {
        name: tuple(tensor.shape)
        for name, tensor in Lora(targets, 4, 4.0, generator(1)).state_dict().items()
    }
    wanted: dict[str, tuple[int, ...]] = {}
    for name, (kind, inputs, outputs) in expected.items():
        sides = (1, 1) if kind == "conv1" else ()
        wanted[f"{name}.lora_down.weight"] = (4, inputs, *sides)
        wanted[f"{name}.lora_up.weight"] = (outputs, 4, *sides)
        wanted[f"{name}.alpha"] = ()
    assert len(expected) == 264
    assert shapes == wanted


def test_a_new_lora_changes_nothing(model: BaseModel) -> None:
    before = guess(model)
    made = Lora([one for one in sd1.targets(model) if not one.locon], 4, 4.0, generator(1))
    assert torch.equal(guess(model), before)
    made.detach()


def test_a_trained_lora_changes_the_guess_and_leaves_when_detached(
    model: BaseModel, lora: Lora
) -> None:
    plain = guess(model)
    for parameter in lora.parameters("text_encoder"):
        nn.init.normal_(parameter, std=0.5)
    assert not torch.allclose(guess(model), plain)
    lora.detach()
    assert torch.equal(guess(model), plain)


@pytest.mark.parametrize("kind", ["linear", "convolution"])
def test_what_is_added_is_up_times_down_times_alpha_over_rank(kind: str) -> None:
    target = layer(kind)
    x = torch.randn((3, 6) if kind == "linear" else (3, 6, 5, 5))
    plain = target.module(x)
    lora = Lora([target], 4, 2.0, generator(1))
    down, up = (one.detach() for one in lora.parameters("unet"))
    nn.init.normal_(lora.parameters("unet")[1])
    added = torch.einsum("or,ri,bi...->bo...", up.flatten(1), down.flatten(1), x) * (2.0 / 4)
    assert torch.allclose(target.module(x), plain + added, atol=1e-5)


def test_down_begins_within_the_bound_of_kaiming() -> None:
    target = Target("unet", "x", nn.Linear(400, 8))
    down = Lora([target], 64, 1.0, generator(1)).parameters("unet")[0].detach()
    bound = 1 / math.sqrt(400)
    assert float(down.abs().max()) <= bound
    assert float(down.std()) == pytest.approx(bound / math.sqrt(3), rel=0.02)


def test_parts_have_their_own_parameters(lora: Lora, model: BaseModel) -> None:
    unet, text = lora.parameters("unet"), lora.parameters("text_encoder")
    assert len(unet) + len(text) == 2 * len([one for one in sd1.targets(model) if not one.locon])
    assert not {id(one) for one in unet} & {id(one) for one in text}


def test_a_file_brings_its_alpha_and_a_file_without_one_means_the_rank() -> None:
    source, heir, bare = (
        Lora([layer("linear")], 4, alpha, generator(alpha)) for alpha in (1, 2, 3)
    )
    tensors = source.state_dict()
    assert heir.load(tensors) == ()
    assert torch.equal(heir.state_dict()["lora_unet_layer.alpha"], torch.tensor(1.0))
    del tensors["lora_unet_layer.alpha"]
    bare.load(tensors)
    assert torch.equal(bare.state_dict()["lora_unet_layer.alpha"], torch.tensor(4.0))


def test_tensors_that_fit_nowhere_are_named() -> None:
    lora = Lora([layer("linear")], 4, 1.0, generator(1))
    other = Lora([layer("linear")], 8, 1.0, generator(1)).state_dict()
    assert set(lora.load(other)) == set(other)
    assert lora.load({"lora_unet_other.alpha": torch.tensor(1.0)}) == ("lora_unet_other.alpha",)


def test_a_convolution_takes_matrices_written_without_their_last_two_sides() -> None:
    lora = Lora([layer("convolution")], 4, 1.0, generator(1))
    flat = {
        name: tensor.flatten(1) if tensor.dim() == 4 else tensor
        for name, tensor in Lora([layer("convolution")], 4, 1.0, generator(2)).state_dict().items()
    }
    assert lora.load(flat) == ()
    assert lora.state_dict()["lora_unet_layer.lora_down.weight"].shape == (4, 6, 1, 1)
