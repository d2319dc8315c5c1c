"""A window that is killed, while rating or training, loses nothing that it has acknowledged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from safetensors import safe_open

from curator.core.edits import set_rating
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.records import Rating
from curator.core.run_plan import TrainRequest
from curator.tasks.train_lora import plan_training, train_lora
from tests.helpers.driven_window import AHEAD
from tests.helpers.windows import make_project
from trainer.events import Started

ROOT = Path(__file__).resolve().parents[2]
PICTURES = 16
KILLS = 3
PATIENCE_S = 120.0
TRAINING = (
    "resolution=64",
    "network_dim=2",
    "torch_threads=1",
    "max_validation_steps=1",
    "sample_prompts=",
    "validate_every_n_epochs=0",
    "max_train_epochs=2000",
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


@contextmanager
def window(folder: Path, root: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A window in a process of its own, which is killed at the end."""
    module = "tests.helpers.driven_window"
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(folder / "window.ini"), str(root), *options],
        cwd=ROOT,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
        stdout=subprocess.PIPE,
        text=True,
    )
    too_long = threading.Timer(PATIENCE_S, process.kill)
    too_long.start()
    try:
        yield process
    finally:
        too_long.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def said_until(process: subprocess.Popen[str], word: str, count: int) -> list[list[str]]:
    """The words of the lines up to the one that, as number `count`, begins with that word."""
    assert process.stdout is not None
    lines: list[list[str]] = []
    while sum(line[0] == word for line in lines) < count:
        line = process.stdout.readline()
        assert line, "the window ended by itself"
        lines.append(line.split())
    return lines


def kill(process: subprocess.Popen[str], wait_s: float) -> list[list[str]]:
    """What it said until it was killed, after so long; a line that was cut off is left out."""
    time.sleep(wait_s)
    process.kill()
    rest, _nothing = process.communicate()
    assert process.returncode == -signal.SIGKILL
    return [line.split() for line in rest.splitlines(keepends=True) if line.endswith("\n")]


def ratings(project: Project) -> dict[int, int]:
    return {image.id: image.rating for image in project.images(project.select())}


def check_kept(before: dict[int, int], said: list[list[str]], after: dict[int, int]) -> None:
    """Every acknowledged rating is there; keys under way may have been kept as well."""
    rated = {int(line[1]): int(line[2]) for line in said if line[0] == "rated"}
    acknowledged = before | rated
    assert after.keys() == acknowledged.keys()
    ahead = {id_ for id_, rating in after.items() if rating != acknowledged[id_]}
    assert len(ahead) <= AHEAD
    assert all(after[id_] == (acknowledged[id_] + 1) % 3 for id_ in ahead)


def test_a_window_killed_while_rating_loses_nothing_acknowledged(tmp_path: Path) -> None:
    root = make_project(tmp_path, PICTURES)
    dice = random.Random(8)
    with Project.open(root) as project:
        known = ratings(project)
    for _ in range(KILLS):
        with window(tmp_path, root) as process:
            said = said_until(process, "rated", dice.randrange(1, 2 * PICTURES))
            said += kill(process, dice.uniform(0, 0.05))
        with Project.open(root) as project:
            check_kept(known, said, ratings(project))
            known = ratings(project)
            label = project.undo()
            assert label is not None
            assert label.startswith("Rate 1 image")
            assert project.redo() == label
            assert ratings(project) == known


@pytest.mark.slow
def test_a_window_killed_while_training_loses_nothing_and_the_run_goes_on(tmp_path: Path) -> None:
    root = make_project(tmp_path, PICTURES)
    with Project.open(root) as project:
        project.apply(set_rating(project.images(project.select("id:1..3")), Rating.PRIMARY))
        project.change_settings({"trigger": "fr3dd1e", "primary_repeats": "1"})
        known = ratings(project)
    with window(tmp_path, root, *TRAINING) as process:
        said = said_until(process, "state", 2)
        said += kill(process, 0.02)
    with Project.open(root) as project:
        check_kept(known, said, ratings(project))
        (run,) = project.checkpoints_dir.iterdir()
        for path in run.glob("*.safetensors"):
            with safe_open(path, framework="np") as file:
                assert all(file.get_tensor(key).size for key in file.keys())  # noqa: SIM118
        saved = max(int(line[1]) for line in said if line[0] == "state")
        epochs = saved // 3 + 2
        wish = TrainRequest(assignments=(f"max_train_epochs={epochs}",), resume=True)
        parts: list[object] = []
        report = train_lora(Job(on_part=parts.append), plan_training(project, wish))
    (started,) = (part for part in parts if isinstance(part, Started))
    assert started.first_step >= saved
    assert report.run == run.name
    assert not report.stopped
