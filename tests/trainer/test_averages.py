"""Averaged weights: kept beside the trained ones, shown for a while, and exact after a resume."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from tests.helpers.training import Owner
from trainer.averages import Averages, ema_decay
from trainer.config import RunConfig
from trainer.control import Control
from trainer.events import Event, Finished, StateSaved, Step
from trainer.optimizers import make_optimizer

Options = Callable[..., RunConfig]


def made(decay: float, name: str = "AdamW") -> tuple[nn.Parameter, Averages]:
    parameter = nn.Parameter(torch.tensor([8.0]))
    return parameter, Averages([parameter], make_optimizer(name, [([parameter], 1e-2)], []), decay)


def test_the_share_that_stays_rises_to_the_decay() -> None:
    found = [ema_decay(0.99, step) for step in (0, 8, 90, 10_000)]
    assert found == pytest.approx([1 / 10, 9 / 18, 91 / 100, 0.99])


def test_an_average_by_hand_and_the_trained_weights_come_back_bit_for_bit() -> None:
    parameter, averages = made(0.15)
    for step, value in enumerate((4.0, 0.1)):
        with torch.no_grad():
            parameter.fill_(value)
        averages.update(step)
    by_hand = 0.15 * (0.1 * 8 + 0.9 * 4) + 0.85 * 0.1  # after a decay of 0.1 at the first step
    with averages.shown():
        assert float(parameter.detach()) == pytest.approx(by_hand)
    assert float(parameter.detach()) == float(torch.tensor(0.1))


def test_without_an_average_the_weights_are_shown_as_they_are() -> None:
    parameter, averages = made(0.0)
    averages.update(0)
    with averages.shown():
        assert float(parameter.detach()) == 8.0
    assert averages.dump() == {}


def test_an_average_is_kept_and_taken_up_again() -> None:
    parameter, averages = made(0.9)
    with torch.no_grad():
        parameter.fill_(1.0)
    averages.update(0)
    _, other = made(0.9)
    rest = other.load({**averages.dump(), "0.step": torch.tensor(3.0)})
    assert rest.keys() == {"0.step"}
    assert torch.equal(other.dump()["ema.0"], averages.dump()["ema.0"])


@pytest.mark.parametrize(
    "options",
    [
        {"ema_decay": 0.9, "optimizer_type": "Lion", "learning_rate": 1e-3},
        {"optimizer_type": "ProdigyScheduleFree", "learning_rate": 1.0, "text_encoder_lr": 0.5},
    ],
    ids=["ema", "schedule-free"],
)
def test_a_run_with_an_average_resumes_bit_for_bit(
    run: Options, tmp_path: Path, options: dict[str, object]
) -> None:
    def stop_at_two(control: Control, event: Event) -> None:
        if isinstance(event, Step) and event.step == 2:
            control.stop()

    options = options | {"max_train_epochs": None, "max_train_steps": 4, "save_precision": "float"}
    options |= {"validate_every_n_epochs": 0, "save_state": True}
    whole = Owner().train(run(**options, output_dir=str(tmp_path / "whole")))
    part = Owner(stop_at_two).train(run(**options, output_dir=str(tmp_path / "part")))
    state = part.of(StateSaved)[0].path
    rest = Owner().train(run(**options, output_dir=str(tmp_path / "part"), resume=str(state)))

    straight, resumed = (load_file(it.of(Finished)[0].checkpoints[-1]) for it in (whole, rest))
    assert all(torch.equal(straight[name], resumed[name]) for name in straight)
    trained = load_file(whole.of(StateSaved)[-1].path / "state.safetensors")
    name = next(name for name in straight if name.endswith("lora_up.weight"))
    assert not torch.equal(straight[name], trained[f"network/{name}"])
