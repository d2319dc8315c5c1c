"""A training that is killed again and again ends exactly like one that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.helpers.training import Owner
from trainer.checkpoint import STATE_FILE, load_state
from trainer.config import RunConfig
from trainer.events import Finished, Started

Options = Callable[..., RunConfig]
KILLS = 8
_PATIENCE_S = 120.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")


def modified(path: Path | None) -> int:
    return path.stat().st_mtime_ns if path and path.exists() else 0


def train_in_child(config: RunConfig, state: Path | None, more_s: float) -> bool:
    """Train in a forked process that is killed; gives whether it came to its end before.

    It is killed `more_s` after it has saved a new state, or after its start if `state` is None.
    """
    before = modified(state)
    child = os.fork()
    if child == 0:
        try:
            Owner().train(config)
            os._exit(0)
        finally:
            os._exit(1)
    started = time.monotonic()
    deadline = started + (_PATIENCE_S if state else more_s)
    while time.monotonic() < deadline:
        if os.waitpid(child, os.WNOHANG)[0] == child:
            return True
        if state and modified(state) != before:
            state, deadline = None, time.monotonic() + more_s
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def test_a_run_survives_being_killed_at_any_moment(run: Options, tmp_path: Path) -> None:
    options = {"save_state": True, "save_precision": "float", "max_train_epochs": 6}
    straight = Owner().train(run(**options, output_dir=str(tmp_path / "straight")))
    seconds = random.Random(5)
    folder = tmp_path / "killed"
    state = folder / "fred-state" / STATE_FILE
    for kill in range(KILLS):
        known = {"resume": str(state)} if state.exists() else {}
        config = run(**options, **known, output_dir=str(folder))
        # By turns somewhere in loading and training, and shortly after an epoch was saved.
        if train_in_child(config, state if kill % 2 else None, seconds.uniform(0.02, 0.6)):
            break
        for path in folder.glob("*.safetensors"):
            assert load_file(path)
        if state.exists():
            assert load_state(state).step % 6 == 0
    known = {"resume": str(state)} if state.exists() else {}
    last = Owner().train(run(**options, **known, output_dir=str(folder)))
    assert last.of(Started)[0].first_step > 0
    first, second = (
        [load_file(path) for path in sorted(owner.of(Finished)[0].checkpoints)]
        for owner in (straight, last)
    )
    assert len(first) == len(second) == 6
    for one, other in zip(first, second, strict=True):
        assert all(torch.equal(one[name], other[name]) for name in one)
