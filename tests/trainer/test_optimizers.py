"""Optimizers: their arguments, groups, and a memory that survives being saved."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from trainer import optimizers
from trainer.errors import TrainerError


def weight() -> nn.Parameter:
    return nn.Parameter(torch.linspace(-1, 1, 12).reshape(3, 4))


def learn(optimizer: torch.optim.Optimizer, parameter: nn.Parameter, steps: int) -> None:
    for _ in range(steps):
        (parameter.sin() ** 2).sum().backward()
        optimizer.step()
        optimizer.zero_grad()


def test_arguments_are_numbers_tuples_and_truths() -> None:
    parsed = optimizers.parse_arguments(["weight_decay=0.1", "betas=0.9,0.99", "amsgrad=True"])
    assert parsed == {"weight_decay": 0.1, "betas": (0.9, 0.99), "amsgrad": True}


@pytest.mark.parametrize("argument", ["weight_decay", "weight_decay=__import__('os')", "eps=a b"])
def test_an_argument_that_is_no_value_is_refused(argument: str) -> None:
    with pytest.raises(TrainerError, match="cannot be read"):
        optimizers.parse_arguments([argument])


def test_an_argument_that_the_optimizer_lacks_is_refused() -> None:
    with pytest.raises(TrainerError, match="does not take d_coef=2"):
        optimizers.make_optimizer("AdamW", [([weight()], 1e-3)], ["d_coef=2"])


def test_each_group_has_its_own_rate_and_takes_its_share() -> None:
    groups = [([weight()], 1e-3), ([], 5.0), ([weight()], 1e-4)]
    optimizer = optimizers.make_optimizer("AdamW", groups, [])
    optimizers.set_rates(optimizer, 0.5)
    assert [group["lr"] for group in optimizer.param_groups] == [5e-4, 5e-5]


def test_an_optimizer_goes_on_exactly_from_its_saved_memory() -> None:
    straight = weight()
    learn(optimizers.make_optimizer("AdamW", [([straight], 1e-2)], []), straight, 7)

    broken = weight()
    first = optimizers.make_optimizer("AdamW", [([broken], 1e-2)], [])
    learn(first, broken, 4)
    memory = optimizers.dump_state(first)
    second = optimizers.make_optimizer("AdamW", [([broken], 1e-2)], [])
    optimizers.load_state(second, memory)
    learn(second, broken, 3)
    assert torch.equal(straight, broken)


@pytest.mark.parametrize("argument", ["lr=1", "foreach=True", "speed=1", "betas=2,3"])
def test_arguments_that_cannot_be_honoured_are_refused(argument: str) -> None:
    with pytest.raises(TrainerError, match=r"no effect|does not take"):
        optimizers.make_optimizer("AdamW", [([weight()], 1e-3)], [argument])
