"""Optimizers: their arguments, groups, a memory that survives being saved, and known figures."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from trainer import optimizers
from trainer.errors import TrainerError
from trainer.optimizer_kinds.schedule_free import ScheduleFree
from trainer.optimizer_options import ADAPTIVE, OPTIMIZER_TYPES

# What the packages that the optimizers are known by make of `weights` in 25 steps of `learn`.
FIGURES = json.loads((Path(__file__).parent / "data" / "optimizers.json").read_text("utf-8"))
HERE = [name for name in OPTIMIZER_TYPES if name != "AdamW8bit"]


def weights() -> list[nn.Parameter]:
    matrix = torch.linspace(-1, 1, 12).reshape(3, 4)
    return [nn.Parameter(matrix), nn.Parameter(torch.linspace(0.5, -2, 4))]


def error(parameters: Sequence[Tensor]) -> Tensor:
    return (parameters[0] - 0.2).square().sum() + ((parameters[1] - 0.3) ** 4).sum() * 0.1


def learn(optimizer: torch.optim.Optimizer, parameters: Sequence[Tensor], steps: int) -> None:
    for _ in range(steps):
        error(parameters).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()


def made(name: str, parameters: Sequence[nn.Parameter], arguments: Sequence[str] = ()) -> Any:
    rate = 1.0 if name in ADAPTIVE else 1e-2
    groups = [([parameters[0]], rate), ([parameters[1]], rate / 4)]
    return optimizers.make_optimizer(name, groups, arguments)


def test_arguments_are_numbers_tuples_and_truths() -> None:
    parsed = optimizers.parse_arguments(["weight_decay=0.1", "betas=0.9,0.99", "amsgrad=True"])
    assert parsed == {"weight_decay": 0.1, "betas": (0.9, 0.99), "amsgrad": True}


@pytest.mark.parametrize("argument", ["weight_decay", "weight_decay=__import__('os')", "eps=a b"])
def test_an_argument_that_is_no_value_is_refused(argument: str) -> None:
    with pytest.raises(TrainerError, match="cannot be read"):
        optimizers.parse_arguments([argument])


@pytest.mark.parametrize("name", HERE)
def test_an_argument_that_the_optimizer_lacks_is_refused(name: str) -> None:
    with pytest.raises(TrainerError, match="does not take speed=2"):
        made(name, weights(), ["speed=2"])


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        *(("AdamW", argument) for argument in ("lr=1", "foreach=True", "betas=2,3")),
        *(("Prodigy", argument) for argument in ("betas=0.9", "betas=0.9,1.0", "decouple=1")),
        *(("Prodigy", argument) for argument in ("d0=0", "slice_p=0", "d_coef='2'", "d0=None")),
        ("AdamWScheduleFree", "betas=0.0,0.9"),
        ("Adafactor", "warmup_init=True"),
    ],
)
def test_arguments_that_cannot_be_honoured_are_refused(name: str, argument: str) -> None:
    with pytest.raises(TrainerError, match=r"no effect|does not take"):
        made(name, weights(), [argument])


def test_each_group_has_its_own_rate_and_takes_its_share() -> None:
    first, second = weights()
    groups = [([first], 1e-3), ([], 5.0), ([second], 1e-4)]
    optimizer = optimizers.make_optimizer("AdamW", groups, [])
    optimizers.set_rates(optimizer, 0.5)
    assert [group["lr"] for group in optimizer.param_groups] == [5e-4, 5e-5]


@pytest.mark.parametrize("name", HERE)
def test_every_optimizer_learns_with_rates_that_differ(name: str) -> None:
    parameters = weights()
    begun = float(error(parameters).detach())
    learn(made(name, parameters), parameters, 150)
    assert float(error(parameters).detach()) < 0.9 * begun


@pytest.mark.parametrize("name", HERE)
def test_an_optimizer_goes_on_exactly_from_its_saved_memory(name: str) -> None:
    arguments = {
        "Adafactor": ["relative_step=True", "scale_parameter=True", "warmup_init=True"],
        "Prodigy": ["use_bias_correction=True", "d_per_group=True"],
    }.get(name, [])
    straight = weights()
    learn(made(name, straight, arguments), straight, 9)

    broken = weights()
    first = made(name, broken, arguments)
    learn(first, broken, 5)
    memory = {name: tensor.clone() for name, tensor in optimizers.dump_state(first).items()}
    second = made(name, broken, arguments)
    optimizers.load_state(second, memory)
    learn(second, broken, 4)
    assert all(torch.equal(*pair) for pair in zip(straight, broken, strict=True))
    learn(first, weights(), 1)
    assert memory.keys() == optimizers.dump_state(second).keys()


@pytest.mark.parametrize("row", FIGURES, ids=lambda row: f"{row['package']} {row['options']}")
def test_optimizers_do_what_the_packages_do(row: dict[str, Any]) -> None:
    parameters = weights()
    rates = row["lr"] if isinstance(row["lr"], list) else [row["lr"]] * 2
    groups = [([one], rate) for one, rate in zip(parameters, rates, strict=True)]
    options = {name: repr(value).strip("[]") for name, value in row["options"].items()}
    optimizer = optimizers.make_optimizer(
        row["optimizer"], groups, [f"{name}={value}" for name, value in options.items()]
    )
    learn(optimizer, parameters, 25)
    for found, expected in zip(parameters, row["weights"], strict=True):
        assert found.flatten().tolist() == pytest.approx(expected, rel=1e-3, abs=1e-5)
    if isinstance(optimizer, ScheduleFree):
        for average, expected in zip(optimizer.averages(), row["averages"], strict=True):
            assert average.flatten().tolist() == pytest.approx(expected, rel=1e-3, abs=1e-5)


def test_with_a_d_for_each_group_no_group_knows_of_the_others() -> None:
    together = weights()
    groups = [([together[0]], 1.0), ([together[1]], 0.5)]
    learn(optimizers.make_optimizer("Prodigy", groups, ["d_per_group=True"]), together, 30)
    for number, rate in enumerate((1.0, 0.5)):
        alone = weights()
        one = alone[number]
        learn(optimizers.make_optimizer("Prodigy", [([one], rate)], []), alone, 30)
        assert torch.equal(one, together[number])


@pytest.mark.parametrize("name", ADAPTIVE)
def test_nothing_is_learned_while_the_rate_or_every_gradient_is_0(name: str) -> None:
    parameters = weights()
    optimizer = made(name, parameters)
    optimizers.set_rates(optimizer, 0.0)
    learn(optimizer, parameters, 2)
    assert all(torch.equal(*pair) for pair in zip(parameters, weights(), strict=True))
    optimizers.set_rates(optimizer, 1.0)
    for one in parameters:
        one.grad = torch.zeros_like(one)
    optimizer.step()
    assert all(torch.equal(*pair) for pair in zip(parameters, weights(), strict=True))
    assert [float(group["memory"]["d"]) for group in optimizer.param_groups] == pytest.approx(
        [1e-6] * 2
    )


def test_schedule_free_prodigy_by_hand() -> None:
    parameter = nn.Parameter(torch.tensor([2.0]))
    optimizer: Any = optimizers.make_optimizer(
        "ProdigyScheduleFree", [([parameter], 1.0)], ["weight_decay=0.1", "betas=0.8,0.9"]
    )
    x = y = z = start = 2.0
    square = total = numerator = weights_sum = 0.0
    d = 1e-6
    for _ in range(40):
        (parameter**2).sum().backward()
        optimizer.step()
        optimizer.zero_grad()

        gradient = 2 * y
        numerator = numerator * 0.9**0.5 + d / 1e-6 * d * gradient * (start - z)
        square = 0.9 * square + 0.1 * (d * gradient) ** 2
        total = 0.9**0.5 * total + d / 1e-6 * d * gradient
        before, d = d, max(d, numerator / abs(total))
        step = before * (before * gradient / (square**0.5 + d * 1e-8) + 0.1 * y)
        weights_sum += before**2
        z -= step
        share = before**2 / weights_sum
        x = (1 - share) * x + share * z
        y = 0.2 * z + 0.8 * x
    assert float(parameter.detach()) == pytest.approx(y, rel=1e-3, abs=1e-5)
    assert float(optimizer.averages()[0]) == pytest.approx(x, rel=1e-3, abs=1e-5)
    assert abs(x) < 1


@pytest.mark.skipif(bool(importlib.util.find_spec("bitsandbytes")), reason="it is installed")
def test_an_optimizer_whose_package_is_missing_says_so() -> None:
    with pytest.raises(TrainerError, match="bitsandbytes, which is not installed") as caught:
        made("AdamW8bit", weights())
    assert "pip install bitsandbytes" in caught.value.hint


def test_the_options_offer_every_optimizer() -> None:
    assert tuple(optimizers.OPTIMIZERS) == OPTIMIZER_TYPES
