"""One of two processes that act out how trainings in several processes agree, fail and end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import distributed, nn

from trainer.config import RunConfig
from trainer.control import Control
from trainer.errors import TrainerError
from trainer.events import Event, Step, Stopped
from trainer.launched import Launched
from trainer.ranks import Group, Ranks
from trainer.together import train_in

Emit = Callable[[Event], None]


def exchanged(group: Group) -> list[Any]:
    """What the exchanges give."""
    start = torch.full((2,), float(group.number))
    group.level([start])
    mine = group.shared(range(131))
    rows = group.gathered([number * 10 for number in mine], 131)
    return [
        rows == [number * 10 for number in range(131)],
        group.from_leader(lambda: f"from {group.number}"),
        start.tolist(),
        group.agree([group.leads, False, True]),
    ]


def added_up(group: Group) -> list[Any]:
    """Gradients of three parameters: of both processes, of one alone, of none."""
    both, alone, none = (nn.Parameter(torch.zeros(2)) for _ in range(3))
    both.grad = torch.full((2,), 1.0 + group.number)
    if group.leads:
        alone.grad = torch.ones(2)
    loss = group.add_up([both, alone, none], torch.tensor(0.5), uneven=True)
    grads = [one.grad if one.grad is None else one.grad.tolist() for one in (both, alone, none)]
    return [float(loss), *grads]


def acted(group: Group, scene: str) -> list[Any]:
    """The events that a process tells and what it raises when one of the two ends early."""
    told: list[Any] = []
    own = Control()

    def train(config: RunConfig, emit: Emit, control: Control, ranks: Ranks) -> None:
        if scene == "left early" and not ranks.leads:
            return
        if scene == "a damaged picture" and not ranks.leads:
            raise TrainerError("The picture x.png is damaged.", "Take it out.")
        ranks.gathered(ranks.shared([1, 2, 3]), 3)
        step_by_step(scene, emit, own, control, ranks)

    try:
        train_in(group, train, RunConfig(), lambda event: told.append(str(event)), own)
    except (TrainerError, ZeroDivisionError) as error:
        told.append(f"raised {error}")
    return told


def step_by_step(scene: str, emit: Emit, own: Control, control: Control, ranks: Ranks) -> None:
    """Five steps, unless the scene ends them before."""
    for step in range(1, 6):
        if (scene, step, ranks.leads) == ("stop", 3, False):
            own.stop()
        control.meet()
        if control.stopping:
            emit(Stopped(step))
            return
        if (scene, step, ranks.leads) == ("a bug", 2, True):
            raise ZeroDivisionError("by 0")
        emit(Step(step, 1, 0.5, 0.1, None))


def main(arguments: Sequence[str]) -> None:
    """Arguments: a file through which the two meet, the number of this one, where to write."""
    meeting, number, result = arguments
    distributed.init_process_group("gloo", f"file://{meeting}", rank=int(number), world_size=2)
    launch = Launched(int(number), 2, int(number), 2)
    scenes = ("left early", "a damaged picture", "stop", "a bug")
    found = {"exchanged": exchanged(Group(launch)), "added up": added_up(Group(launch))}
    found |= {scene: acted(Group(launch), scene) for scene in scenes}
    distributed.destroy_process_group()
    Path(result).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
