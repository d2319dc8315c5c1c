"""Layers of every type: the change each makes, by hand, by law, and beside peft."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from tests.helpers.loras import drawn, layer
from trainer.errors import TrainerError
from trainer.lora_files.deltas import bias_change, change, dora
from trainer.lora_files.layers import check, kind_of, plain, scaled, sizes

LINEAR = ("lora", "loha", "lokr", "ia3", "full")  # types whose effect grows with their weight
WEIGHT = drawn(8, 6)


def tensor(*rows: list[float]) -> Tensor:
    return torch.tensor(rows)


def test_a_lora_by_hand() -> None:
    parts = {
        "lora_up": tensor([1.0], [2.0]),
        "lora_down": tensor([3.0, 4.0]),
        "alpha": torch.tensor(0.5),
    }
    assert change(parts).tolist() == [[1.5, 2.0], [3.0, 4.0]]
    assert change({k: v for k, v in parts.items() if k != "alpha"}).tolist() == [[3, 4], [6, 8]]


def test_a_loha_by_hand() -> None:
    parts = {
        "hada_w1_a": tensor([1.0], [2.0]),
        "hada_w1_b": tensor([1.0, 3.0]),  # 1 3 / 2 6
        "hada_w2_a": tensor([2.0], [1.0]),
        "hada_w2_b": tensor([1.0, 1.0]),  # 2 2 / 1 1
        "alpha": torch.tensor(2.0),
    }
    assert change(parts).tolist() == [[4, 12], [4, 12]]


def test_a_lokr_by_hand_whose_alpha_counts_only_with_a_rank() -> None:
    whole = {
        "lokr_w1": tensor([1.0, 2.0]),
        "lokr_w2": tensor([1.0], [3.0]),
        "alpha": torch.tensor(9.0),
    }
    assert change(whole).tolist() == [[1, 2], [3, 6]]
    parts = {
        "lokr_w1": tensor([1.0, 2.0]),
        "lokr_w2_a": tensor([1.0], [3.0]),
        "lokr_w2_b": tensor([1.0]),
        "alpha": torch.tensor(9.0),
    }
    assert change(parts).tolist() == [[9, 18], [27, 54]]


def test_an_ia3_scales_rows_or_columns() -> None:
    weight = tensor([1.0, 2.0], [3.0, 4.0])
    rows = {"ia3": torch.tensor([0.5, -1.0]), "on_input": torch.tensor(0)}
    assert change(rows, weight).tolist() == [[0.5, 1.0], [-3.0, -4.0]]
    columns = rows | {"on_input": torch.tensor(1)}
    assert change(columns, weight).tolist() == [[0.5, -2.0], [1.5, -4.0]]


def test_a_dora_by_hand_for_rows_and_for_input_channels() -> None:
    weight = tensor([3.0, 4.0], [0.0, 2.0])
    nothing = torch.zeros(2, 2)
    assert dora(weight, nothing, tensor([10.0], [1.0])).tolist() == [[6, 8], [0, 1]]
    columns = dora(weight, nothing, tensor([6.0, 0.0]))
    assert columns.tolist() == [[6, 0], [0, 0]]


def test_a_middle_matrix_of_a_convolution_is_the_convolutions_one_after_another() -> None:
    down, mid, up = drawn(2, 4, 1, 1), drawn(2, 2, 3, 3), drawn(5, 2, 1, 1)
    parts = {"lora_down": down, "lora_mid": mid, "lora_up": up, "alpha": torch.tensor(2.0)}
    picture = drawn(1, 4, 7, 7)
    steps = torch.conv2d(torch.conv2d(torch.conv2d(picture, down), mid), up)
    found = plain(parts)
    assert found.kernel == (3, 3)
    at_once = torch.conv2d(picture, found.product().reshape(5, 4, 3, 3))
    assert torch.allclose(at_once, steps, atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(("lora", "loha", "lokr")),
    st.integers(1, 6).map(lambda it: 2 * it),
    st.integers(1, 6).map(lambda it: 2 * it),
    st.integers(1, 5),
    st.integers(0, 99),
)
def test_two_matrices_say_what_the_formula_says(
    kind: str, out: int, wide: int, rank: int, seed: int
) -> None:
    parts = layer(kind, out, wide, rank, seed)
    check("it", parts)
    assert sizes(parts) == (out, wide)
    formulas = {
        "lora": lambda p: p["lora_up"] @ p["lora_down"],
        "loha": lambda p: (p["hada_w1_a"] @ p["hada_w1_b"]) * (p["hada_w2_a"] @ p["hada_w2_b"]),
        "lokr": lambda p: torch.kron(p["lokr_w1"], p["lokr_w2_a"] @ p["lokr_w2_b"]),
    }
    assert torch.allclose(plain(parts).product(), formulas[kind](parts) / rank, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(LINEAR), st.floats(-2, 2), st.integers(0, 99))
def test_a_rescaled_layer_does_at_one_what_it_did_at_that_weight(
    kind: str, by: float, seed: int
) -> None:
    parts = layer(kind, seed=seed)
    before, after = change(parts, WEIGHT), change(scaled(parts, by), WEIGHT)
    assert torch.allclose(after, by * before, atol=1e-5)


def test_rescaling_a_layer_with_ranks_touches_nothing_but_alpha() -> None:
    parts = layer("loha")
    assert {name for name, it in scaled(parts, 0.5).items() if it is not parts.get(name)} == {
        "alpha"
    }
    for kind in ("dora", "oft"):
        with pytest.raises(ValueError, match="linear"):
            scaled(layer(kind), 0.5)


def test_biases_come_along() -> None:
    assert bias_change({"diff_b": torch.tensor([1.0])}) == torch.tensor([1.0])
    assert bias_change(layer("lora")) is None


@pytest.mark.parametrize(
    "parts",
    [
        {"lora_up": drawn(3, 2), "lora_down": drawn(3, 4)},
        {"lora_down": drawn(2, 4)},
        {"lora_up": drawn(3, 0), "lora_down": drawn(0, 4)},
        {"hada_w1_a": drawn(3, 2), "hada_w1_b": drawn(2, 4)},
        {"lora_up": torch.zeros(1, 1).expand(2**15, 1), "lora_down": torch.zeros(1, 2**15)},
        {"lokr_w1": torch.zeros(2**10, 2**10), "lokr_w2": torch.zeros(2**10, 1)},
        {**layer("lora"), "alpha": torch.zeros(2)},
    ],
)
def test_a_layer_that_does_not_fit_or_would_fill_the_memory_is_refused(
    parts: dict[str, Tensor],
) -> None:
    with pytest.raises(TrainerError, match="damaged"):
        check("lora_unet_x", parts)


def test_unknown_types_are_named_not_computed() -> None:
    assert kind_of({"alpha": torch.tensor(1.0)}) == ""
    with pytest.raises(ValueError, match="no program"):
        change(layer("oft"))
    with pytest.raises(ValueError, match="base model"):
        change(layer("ia3"))


def peft_change(kind: str, base: nn.Module, **options: Any) -> tuple[dict[str, Tensor], Tensor]:
    """(tensors, change of the weight) of a layer of peft's, with drawn numbers in it."""
    import peft

    before = base.weight.detach().clone()  # type: ignore[operator]
    model = nn.Sequential(base)
    kinds: dict[str, Any] = {
        "lora": peft.LoraConfig,
        "loha": peft.LoHaConfig,
        "lokr": peft.LoKrConfig,
        "ia3": peft.IA3Config,
    }
    found = peft.get_peft_model(model, kinds[kind](target_modules=["0"], **options))
    with torch.no_grad():
        for name, parameter in found.named_parameters():
            if parameter.requires_grad:
                parameter.copy_(drawn(*parameter.shape, seed=name).abs())
    tensors = {
        name.split("0.", 1)[1]: one.clone()
        for name, one in peft.get_peft_model_state_dict(found).items()
    }
    merged = found.merge_and_unload()[0].weight.detach()
    return tensors, (merged - before).reshape(len(before), -1)


@pytest.mark.parametrize(
    ("kind", "base", "options"),
    [
        ("loha", nn.Linear(6, 8), {"r": 2, "alpha": 1}),
        ("loha", nn.Conv2d(4, 6, 3), {"r": 2, "alpha": 1, "use_effective_conv2d": True}),
        ("loha", nn.Conv2d(4, 6, 3), {"r": 2, "alpha": 1}),
        ("lokr", nn.Linear(12, 8), {"r": 1, "alpha": 2, "decompose_both": True}),
        ("lokr", nn.Conv2d(16, 8, 3), {"r": 1, "alpha": 2, "use_effective_conv2d": True}),
        ("lokr", nn.Conv2d(16, 8, 3), {"r": 1, "alpha": 2}),
    ],
)
def test_peft_comes_to_the_same_change(kind: str, base: nn.Module, options: dict[str, Any]) -> None:
    tensors, expected = peft_change(kind, base, **options)
    parts = tensors | {"alpha": torch.tensor(float(options["alpha"]))}
    assert torch.allclose(change(parts), expected, atol=1e-5)
