"""What our optimizers share: groups of parameters taken together, and a memory of each group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor

Group = dict[str, Any]
Lists = tuple[list[Tensor], ...]
MEMORY = "memory"  # of a group: numbers that change from step to step
Make = Callable[[Tensor], Tensor]


class Grouped(torch.optim.Optimizer):
    """An optimizer that works on all parameters of a group at once.

    `OPTIONS` are its arguments with their defaults; where None stands, a number may be given.
    """

    OPTIONS: ClassVar[Mapping[str, Any]]

    def __init__(self, rows: Iterable[Group], **options: Any) -> None:
        """`rows` are the groups.

        Raises TypeError for an unknown argument or another kind of value, ValueError for betas that
        are no two shares below 1.
        """
        for name, value in options.items():
            if name not in self.OPTIONS:
                raise TypeError(f"it has no {name}; it has {', '.join(self.OPTIONS)}")
            if not _fits(value, self.OPTIONS[name]):
                raise TypeError(f"{name} is {value!r}, but usually {self.OPTIONS[name]}")
        chosen = {**self.OPTIONS, **options}
        betas = chosen["betas"]
        if len(betas) != 2 or not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must be two numbers from 0 to below 1, not {betas}")
        super().__init__(list(rows), chosen)

    def learning(self, group: Group, **makers: Make) -> Lists:
        """(parameters, gradients, one list for each maker) of those that have a gradient.

        A maker says how the state of its name begins, from the parameter.
        """
        parameters = [one for one in group["params"] if one.grad is not None]
        for one in parameters:
            state = self.state[one]
            for name, make in makers.items():
                if name not in state:
                    state[name] = make(one.detach())
        states = ([self.state[one][name] for one in parameters] for name in makers)
        return (parameters, [one.grad for one in parameters], *states)


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, tuple):
        return isinstance(value, tuple) and all(isinstance(it, int | float) for it in value)
    if isinstance(default, int):
        return isinstance(value, int) and value >= default
    return isinstance(value, int | float) or (value is None and default is None)


def zeros(parameter: Tensor) -> Tensor:
    """A state that begins with zeros."""
    return torch.zeros_like(parameter)
