"""Trainings in two processes that torchrun starts, beside the same ones in one process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.helpers.training import Owner
from trainer.config import RunConfig, dump_run
from trainer.errors import TrainerError
from trainer.events import Finished, StateSaved, Step, from_json

Options = Callable[..., RunConfig]
ROOT = Path(__file__).parents[2]
LEARNS = {
    "rank_dropout": 0.2,
    "module_dropout": 0.1,
    "noise_offset": 0.1,
    "multires_noise_iterations": 3,
    "flip_aug": True,
    "save_precision": "float",
    "save_state": True,
    "gradient_accumulation_steps": 2,
    "validate_every_n_epochs": 0,
}


def in_two(config: RunConfig, folder: Path) -> Owner:
    """An owner that heard a run in two processes on this processor."""
    path = folder / "run.toml"
    path.write_text(dump_run(config), "utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    done = subprocess.run(
        [*command, "--nproc_per_node", "2", "-m", "trainer", str(path)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    owner = Owner()
    for line in done.stdout.splitlines():
        owner.hear(from_json(line))
    return owner


def losses(owner: Owner) -> list[float]:
    return [event.loss for event in owner.of(Step)]


def test_two_processes_train_what_one_does_with_twice_the_batch_and_one_goes_on_from_there(
    run: Options, tmp_path: Path
) -> None:
    whole = Owner().train(run(**LEARNS, train_batch_size=4, output_dir=str(tmp_path / "one")))
    two = tmp_path / "two"
    halves = {**LEARNS, "output_dir": str(two), "cache_dir": str(tmp_path / "cache")}
    first = in_two(run(**halves, max_train_epochs=1), tmp_path)
    assert sorted(path.name for path in two.iterdir()) == ["fred-state", "fred.safetensors"]
    resume = {"resume": str(first.of(StateSaved)[-1].path)}
    with pytest.raises(TrainerError, match="from 4 to 2 pictures in all processes"):
        Owner().train(run(**halves, **resume))
    second = Owner().train(run(**halves, **resume, train_batch_size=4))
    assert losses(first) + losses(second) == pytest.approx(losses(whole), abs=1e-4)
    assert len({round(loss, 3) for loss in losses(whole)}) == len(losses(whole))
    expected, found = (
        load_file(owner.of(Finished)[0].checkpoints[-1]) for owner in (whole, second)
    )
    assert all(torch.allclose(expected[name], found[name], atol=1e-4) for name in expected)
