"""Every kind of adapter layer beside the library that sets its standard, and its own laws."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from trainer import checkpoint
from trainer.adapter_layer import AdapterLayer, Chance, Start, Style, shrink_ratio
from trainer.adapters import KINDS, lokr
from trainer.model import Target
from trainer.noise import generator

RANK, ALPHA = 2, 1.0
BASES = ("linear", "conv 3x3", "conv 1x1")
CUTS = (Style(), Style(decompose_both=True), Style(full_matrix=True), Style(factor=2))
STYLES = [
    *(("lora", style) for style in (Style(), Style(dora_wd=True))),
    *(("loha", style) for style in (Style(), Style(dora_wd=True))),
    *(("lokr", style) for style in (*CUTS, Style(dora_wd=True))),
    *(("ia3", style) for style in (Style(), Style(on_input=True))),
]
KIND_STYLES = [*STYLES, ("dylora", Style())]


def base_of(name: str) -> tuple[nn.Linear | nn.Conv2d, Tensor]:
    """A frozen layer and something to put in."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        layer = {
            "linear": nn.Linear(12, 20),
            "conv 3x3": nn.Conv2d(12, 20, 3, stride=2, padding=1),
            "conv 1x1": nn.Conv2d(12, 20, 1),
        }[name]
        shape = (3, 7, 12) if name == "linear" else (3, 12, 8, 8)
        return layer.requires_grad_(False), torch.randn(shape)


def made(kind: str, base: Any, style: Style, rank: int = RANK, name: str = "ff_net_2") -> Any:
    """A layer that was trained a little, with numbers of its own everywhere."""
    target = Target("unet", f"lora_unet_{name}", base)
    layer = KINDS[kind](target, rank, ALPHA, style, Start(generator("start")))
    random = generator("trained")
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=random))
    return layer


def gradients(x: Tensor, output: Tensor, trained: dict[str, Tensor]) -> dict[str, Tensor]:
    """What a fixed weighing of the output says about the input and the parameters."""
    weights = torch.randn(output.shape, generator=generator("weights"))
    found = torch.autograd.grad((output * weights).sum(), [x, *trained.values()])
    return dict(zip(("x", *trained), found, strict=True))


def close(one: Tensor, other: Tensor) -> bool:
    """Equal to 1e-6 of what the numbers are."""
    one, other = one.detach(), other.detach()
    return bool((one - other).abs().max() <= 1e-6 * max(1.0, float(other.abs().max())))


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize(("kind", "style"), STYLES)
def test_output_gradient_and_file_are_those_of_lycoris(kind: str, style: Style, name: str) -> None:
    pytest.importorskip("lycoris", reason="lycoris-lora is not installed")
    from lycoris.modules.ia3 import IA3Module
    from lycoris.modules.locon import LoConModule
    from lycoris.modules.loha import LohaModule
    from lycoris.modules.lokr import LokrModule

    modules = {"lora": LoConModule, "loha": LohaModule, "lokr": LokrModule, "ia3": IA3Module}
    base, x = (one.double() for one in base_of(name))  # sums of many numbers differ in the last
    ours = made(kind, base, style).double()
    theirs = modules[kind](
        "lora_unet_ff_net_2",
        base,
        lora_dim=RANK,
        alpha=ALPHA,
        factor=style.factor,
        decompose_both=style.decompose_both,
        full_matrix=style.full_matrix,
        weight_decompose=style.dora_wd,
        train_on_input=style.on_input,
    ).double()
    tensors = {name: tensor.clone() for name, tensor in ours.tensors().items()}
    shapes = {name: tensor.shape for name, tensor in theirs.state_dict().items()}
    assert shapes == {name: tensor.shape for name, tensor in tensors.items()}
    theirs.load_state_dict(tensors, strict=False)
    x.requires_grad_()
    one, other = ours(x, base(x)), theirs(x)
    assert close(one, other)
    named = {name: parameter for name, parameter in theirs.named_parameters() if name in tensors}
    lengths = {} if ours.dora_scale is None else {"dora_scale": ours.dora_scale}
    mine = gradients(x, one, ours.stored() | lengths)
    expected = gradients(x, other, named)
    assert mine.keys() == expected.keys()
    assert all(close(mine[name], expected[name]) for name in mine)


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize(("kind", "style"), [one for one in KIND_STYLES if one[0] != "ia3"])
def test_lycoris_makes_the_same_layer_from_our_file(
    kind: str, style: Style, name: str, tmp_path: Path
) -> None:
    modules = pytest.importorskip("lycoris.modules", reason="lycoris-lora is not installed")
    base, x = base_of(name)
    ours = made(kind, base, style)
    tensors = {f"{ours.name}.{last}": tensor for last, tensor in ours.tensors().items()}
    checkpoint.save_network(tmp_path / "fred.safetensors", tensors, "float", {})
    found = checkpoint.load_network(tmp_path / "fred.safetensors")
    theirs = modules.make_module(*modules.get_module(found, ours.name), ours.name, base)
    assert torch.allclose(theirs(x), ours(x, base(x)), atol=1e-5)


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize(("kind", "dora"), [("lora", False), ("lora", True), ("loha", False)])
def test_output_and_gradient_are_those_of_peft(kind: str, dora: bool, name: str) -> None:
    from peft import LoHaConfig, LoraConfig, get_peft_model

    base, x = base_of(name)
    ours = made(kind, base, Style(dora_wd=dora))
    common: dict[str, Any] = {"r": RANK, "target_modules": ["layer"]}
    if kind == "loha":
        config: Any = LoHaConfig(alpha=ALPHA, use_effective_conv2d=False, **common)
        names = {f"hada_{one}": f"hada_{one}" for one in ("w1_a", "w1_b", "w2_a", "w2_b")}
    else:
        config = LoraConfig(lora_alpha=ALPHA, use_dora=dora, **common)
        names = {"lora_up.weight": "lora_B", "lora_down.weight": "lora_A"}
    model: Any = get_peft_model(nn.ModuleDict({"layer": base}), config)  # type: ignore[arg-type]
    wrapped = model.base_model.model["layer"]
    tensors = ours.tensors()
    theirs: dict[str, Tensor] = {}
    with torch.no_grad():
        for mine, their in names.items():
            found = getattr(wrapped, their)["default"]
            found = found.weight if kind == "lora" else found
            found.copy_(tensors[mine])
            theirs[mine] = found
        if dora:
            magnitude = wrapped.lora_magnitude_vector["default"].weight
            magnitude.copy_(tensors["dora_scale"].view(magnitude.shape))
    x.requires_grad_()
    one, other = ours(x, base(x) if kind == "loha" else wrapped.base_layer(x)), wrapped(x)
    assert close(one, other)
    if not dora:  # peft takes the norm for constant there
        mine_too = gradients(x, one, {name: ours.stored()[name] for name in names})
        expected = gradients(x, other, theirs)
        assert all(close(mine_too[name], expected[name]) for name in expected)


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize(("kind", "style"), KIND_STYLES)
def test_what_is_added_is_delta_times_x(kind: str, style: Style, name: str) -> None:
    base, x = base_of(name)
    layer = made(kind, base, style)
    delta = layer.delta().view(base.weight.shape)
    weight = base.weight + delta
    if layer.dora_scale is not None:
        rows = weight.flatten(1).norm(dim=1).view(layer.dora_scale.shape)
        weight = weight * layer.dora_scale / rows
    plain = base(x)
    found = layer(x, plain)
    with torch.no_grad():
        base.weight.copy_(weight)
    assert torch.allclose(found, base(x), atol=1e-5)


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize(("kind", "style"), KIND_STYLES)
def test_a_new_layer_changes_nothing(kind: str, style: Style, name: str) -> None:
    base, x = base_of(name)
    layer = KINDS[kind](Target("unet", "x", base), RANK, ALPHA, style, Start(generator(1)))
    assert torch.allclose(layer(x, base(x)), base(x), atol=1e-6)


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize(("kind", "style"), KIND_STYLES)
def test_another_layer_takes_the_tensors_and_gives_the_same(
    kind: str, style: Style, name: str
) -> None:
    base, x = base_of(name)
    layer = made(kind, base, style)
    target = Target("unet", layer.name, base)
    heir = KINDS[kind](target, RANK, 5.0, style, Start(generator(2)))
    tensors = layer.tensors()
    assert heir.take(tensors)
    assert torch.equal(heir(x, base(x)), layer(x, base(x)))
    flat = {name: tensor.squeeze() for name, tensor in tensors.items()}
    assert heir.take(flat)
    assert kind == "ia3" or kind == "lokr" or type(heir).rank_in(tensors) == RANK
    assert not heir.take({name: torch.zeros(7) for name in tensors})


@pytest.mark.parametrize(("kind", "style"), [("lora", Style()), ("lokr", Style(full_matrix=True))])
def test_a_linear_layer_may_be_written_as_a_convolution(kind: str, style: Style) -> None:
    base, x = base_of("linear")
    target = Target("unet", "lora_unet_proj_in", base, written_as_conv=True)
    layer = KINDS[kind](target, RANK, ALPHA, style, Start(generator(1)))
    assert all(
        tensor.shape[2:] == (1, 1) for tensor in layer.tensors().values() if tensor.dim() > 2
    )
    assert any(tensor.dim() == 4 for tensor in layer.tensors().values())
    assert layer(x, base(x)).shape == base(x).shape


def test_down_begins_within_the_bound_of_kaiming() -> None:
    down = Start(generator(1)).uniform(64, 40, 3, 3)
    bound = 1 / math.sqrt(360)
    assert float(down.detach().abs().max()) <= bound
    assert float(down.detach().std()) == pytest.approx(bound / math.sqrt(3), rel=0.02)


@pytest.mark.parametrize("name", ["linear", "conv 3x3"])
def test_dropout_drops_rank_activations_and_makes_up_for_it(name: str) -> None:
    base, x = base_of(name)
    layer = made("lora", base, Style(dropout=0.5))
    whole = layer.added(x[:1]).detach()
    layer.chance = Chance(0.5, 7)
    found = layer.added(x[:1].expand(3000, *x.shape[1:])).detach()
    assert not torch.allclose(found[0], found[1])
    assert torch.allclose(found.mean(0), whole[0], atol=float(whole.std()) * 0.15)


@pytest.mark.parametrize("name", ["linear", "conv 3x3"])
def test_rank_dropout_drops_whole_ranks_of_a_picture(name: str) -> None:
    base, x = base_of(name)
    layer = made("lora", base, Style(rank_dropout=0.5))
    x = x[:1].expand(len(x), *x.shape[1:])
    layer.chance = Chance(0.5, 11)
    found = layer.added(x)
    down, up = (one.detach() for one in layer.pair())
    by_rank = []
    for keep in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)):
        kept = down * torch.tensor(keep).view(-1, *[1] * (down.dim() - 1))
        hidden = layer.apply_weight(x[:1], kept)
        risen = nn.functional.linear(hidden, up) if name == "linear" else None
        risen = nn.functional.conv2d(hidden, up) if risen is None else risen
        by_rank.append(risen * (ALPHA / RANK) / 0.5)
    for picture in found:
        assert any(torch.allclose(picture, one[0], atol=1e-5) for one in by_rank)


@pytest.mark.parametrize(
    ("kind", "style"),
    [("loha", Style(rank_dropout=0.5)), ("lora", Style(rank_dropout=0.5, dora_wd=True))],
)
def test_rank_dropout_drops_outputs_where_the_change_is_one_matrix(kind: str, style: Style) -> None:
    base, x = base_of("linear")
    layer = made(kind, base, style)
    whole = layer.added(x)
    layer.chance = Chance(0.5, 11)
    kept = layer.row_mask(x)
    assert 0 < float(kept.mean()) < 1
    assert torch.allclose(layer.added(x), whole * kept, atol=1e-6)
    norms = (base.weight + layer.delta() * kept[:, None]).square().sum(1)
    assert torch.allclose(layer.squared_norms(), norms, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_module_dropout_leaves_the_layer_out(kind: str) -> None:
    base, x = base_of("linear")
    layer = made(kind, base, Style(module_dropout=0.3))
    layer.chance = Chance(0.2, 1)
    assert torch.equal(layer(x, base(x)), base(x))
    layer.chance = Chance(0.4, 1)
    assert not torch.allclose(layer(x, base(x)), base(x))


def test_the_same_chance_drops_the_same_and_another_one_does_not() -> None:
    base, x = base_of("linear")
    layer = made("lora", base, Style(dropout=0.5, rank_dropout=0.5))
    outputs = []
    for seed in (4, 4, 5):
        layer.chance = Chance(0.5, seed)
        outputs.append(layer.added(x))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])


def test_dylora_trains_one_unit_and_scales_by_the_ranks_up_to_it() -> None:
    base, x = base_of("linear")
    layer = made("dylora", base, Style(unit=2), rank=6)
    plain = layer.added(x).detach()
    layer.chance = Chance(0.5, 7)  # 7 % 3 units: the second one
    found = layer.added(x)
    assert torch.allclose(found, plain * math.sqrt(6 / 4), atol=1e-6)
    found.sum().backward()
    assert [one.grad is not None for one in layer.downs] == [False, True, False]
    assert [one.grad is not None for one in layer.ups_by_unit] == [False, True, False]


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize(("kind", "style"), KIND_STYLES)
@pytest.mark.parametrize("limit", [0.5, 1e6])
def test_norms_are_limited(kind: str, style: Style, name: str, limit: float) -> None:
    base, _ = base_of(name)
    layer: AdapterLayer = made(kind, base, style)
    before = layer.delta().detach()
    layer.limit_norm(limit)
    after = layer.delta().detach()
    if limit > 1 or kind == "ia3":
        assert torch.allclose(after, before, atol=1e-6)
    else:
        assert float(after.norm()) == pytest.approx(limit, rel=1e-5)
        assert torch.allclose(after, before * (after.norm() / before.norm()), atol=1e-6)


@given(st.floats(0, 1000), st.floats(0.001, 100))
def test_the_ratio_of_a_limit_never_leaves_more_than_the_limit(norm: float, limit: float) -> None:
    ratio = float(shrink_ratio(torch.tensor(norm, dtype=torch.float64), limit))
    assert 0 < ratio <= 1
    assert norm * ratio <= limit * (1 + 1e-9)
    assert norm > limit or ratio == 1


@given(st.integers(1, 4000), st.integers(-1, 40))
def test_a_size_is_split_as_lycoris_does(size: int, factor: int) -> None:
    functional = pytest.importorskip("lycoris.functional", reason="lycoris-lora is not installed")
    assert lokr.split(size, factor) == functional.factorization(size, factor)


def test_examples_of_splits() -> None:
    found = {(360, -1): (18, 20), (360, 4): (4, 90), (127, 8): (1, 127), (250, 4): (2, 125)}
    assert {key: lokr.split(*key) for key in found} == found
    assert lokr.split(512, -1) == (16, 32)
