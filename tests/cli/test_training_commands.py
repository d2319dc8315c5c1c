"""Rendering, exporting and training from the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from safetensors import safe_open

from curator.core.project import Project
from tests.helpers.commands import REPOSITORY, CommandLine, Said
from trainer.events import Finished, Step, from_json

QUICK = (
    "--base", "practice", "--set", "resolution=64", "--set", "network_dim=2",
    "--set", "torch_threads=1", "--set", "max_validation_steps=1", "--set", "sample_prompts=",
)  # fmt: skip


@pytest.fixture
def rated(curator: CommandLine, root: Path) -> Path:
    """The project with two primaries and two supporting pictures, and a trigger."""
    curator("rate", root, "primary", "width:96")
    curator("rate", root, "supporting", "rating:0")
    curator("set", root, "trigger=fr3dd1e", "class=dog", "repeats=2,1")
    return root


def test_render_writes_pictures_by_id(curator: CommandLine, root: Path, tmp_path: Path) -> None:
    said = curator.ask("render", root, tmp_path / "out", "width:96")
    assert said == {
        "written": [{"id": n, "path": str(tmp_path / f"out/{n}.png")} for n in (1, 3)],
        "failed": [],
    }
    assert "Wrote 4 pictures" in curator("render", root, tmp_path / "all").out


def test_render_names_what_it_left_out(curator: CommandLine, root: Path, tmp_path: Path) -> None:
    (root / "images" / "photo 0.jpg").unlink()
    said = curator("render", root, tmp_path / "out", "--json")
    assert [row["id"] for row in said.json["failed"]] == [1]
    assert "photo 0.jpg was left out" in said.err


def test_export_answers_with_its_folders(curator: CommandLine, rated: Path, tmp_path: Path) -> None:
    said = curator.ask("export", rated, tmp_path / "out")
    assert [(row["path"], row["repeats"], row["images"]) for row in said["folders"]] == [
        ("img/1_fr3dd1e dog", 1, 2),
        ("img/2_fr3dd1e dog", 2, 2),
    ]
    assert (said["written"], said["captioned"], said["failed"]) == (4, 1, [])
    again = curator("export", rated, tmp_path / "out")
    assert "0 written, 4 unchanged; 1 of 4 with a caption of their own" in again.out
    assert "3 of 4 pictures have no caption" in again.err


def test_export_before_rating_says_what_to_do(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    said = curator("export", root, tmp_path / "out", code=1)
    assert "No picture is rated" in said.err
    assert len(said.err.splitlines()) == 1


def test_training_leaves_a_checkpoint_per_epoch(curator: CommandLine, rated: Path) -> None:
    said = curator("train", rated, *QUICK, "--set", "max_train_epochs=2", "--json")
    names = [Path(path).relative_to(rated) for path in said.json["checkpoints"]]
    assert [name.as_posix() for name in names] == [
        "checkpoints/fr3dd1e-001/fr3dd1e-000001.safetensors",
        "checkpoints/fr3dd1e-001/fr3dd1e.safetensors",
    ]
    with safe_open(said.json["checkpoints"][-1], "pt") as file:
        assert (file.metadata() or {})["ss_training_comment"] == "fr3dd1e"
    assert "6 showings an epoch, 6 steps an epoch, 2 epochs, 12 steps" in said.err
    assert said.err.count("Captions: 4 of 4 found") == 1
    assert "epoch 2 step 12/12 loss" in said.err
    lines = (rated / "runs/fr3dd1e-001/events.jsonl").read_text("utf-8").splitlines()
    events = [from_json(line) for line in lines]
    assert sum(isinstance(event, Step) for event in events) == 12
    assert isinstance(events[-1], Finished)


def test_runs_are_counted_up_and_continue_from_checkpoints(
    curator: CommandLine, rated: Path
) -> None:
    one = (*QUICK, "--set", "max_train_epochs=1")
    first = curator.ask("train", rated, *one)
    second = curator.ask("train", rated, *one, "--from", first["checkpoints"][-1], "--process")
    assert (first["run"], second["run"]) == ("fr3dd1e-001", "fr3dd1e-002")
    run = (rated / "runs/fr3dd1e-002/run.toml").read_text("utf-8")
    assert f'network_weights = "{first["checkpoints"][-1]}"' in run
    assert Path(second["checkpoints"][-1]).is_file()
    *events, last = (rated / "runs/fr3dd1e-002/events.jsonl").read_text("utf-8").splitlines()
    assert sum(isinstance(from_json(line), Step) for line in events) == 6
    assert isinstance(from_json(last), Finished)


def test_every_wrong_wish_is_a_sentence(curator: CommandLine, rated: Path) -> None:
    for arguments, sentence in (
        ((), "No base model is chosen"),
        (("--base", "practice", "--preset", "landscape"), 'no preset "landscape"'),
        (("--base", "practice", "--set", "lerning_rate=1"), 'nearest one is "learning_rate"'),
        (("--base", "practice", "--set", "learning_rate"), "sets nothing"),
        (("--base", "/nowhere.safetensors"), "does not exist"),
        (("--base", "practice", "--resume"), "no run to resume"),
    ):
        said = curator("train", rated, *arguments, code=1)
        assert sentence in said.err
        assert said.out == ""
    assert list((rated / "checkpoints").iterdir()) == []


def test_a_fault_of_the_trainer_is_shown_whole(
    curator: CommandLine, rated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("deliberate")

    monkeypatch.setattr("trainer.loop.train", broken)
    said = curator("train", rated, *QUICK, code=70)
    assert "Traceback" in said.err
    assert "deliberate" in said.err


class InAChild:
    """A training in a process of its own that gets a signal when it tells something."""

    def __init__(self, root: Path, *options: str) -> None:
        command = [sys.executable, str(REPOSITORY / "main.py"), "train", str(root), *options]
        self._run = subprocess.Popen(
            [*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def signalled_at(self, words: str, number: signal.Signals) -> Said:
        """Send the signal once `words` are told; what it said after that, and its exit code."""
        assert self._run.stdout
        assert self._run.stderr
        watchdog = threading.Timer(100, self._run.kill)
        watchdog.start()
        with self._run:
            next(line for line in self._run.stderr if words in line)
            self._run.send_signal(number)
            err, out = self._run.stderr.read(), self._run.stdout.read()
        watchdog.cancel()
        return Said(self._run.returncode, out, err)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_ctrl_c_saves_first_and_resume_ends_the_run(curator: CommandLine, rated: Path) -> None:
    run = InAChild(rated, *QUICK, "--set", "max_train_epochs=400")
    stopped = run.signalled_at("step 3/", signal.SIGINT)
    assert stopped.code == 130
    assert stopped.json["stopped"]
    assert "saved the state at step" in stopped.err
    assert all(Path(path).is_file() for path in stopped.json["checkpoints"])
    steps = int(stopped.err.split("stopped after step ")[1].split()[0])
    epochs = f"max_train_epochs={-(-steps // 6) + 1}"
    resumed = curator("train", rated, "--resume", "--set", epochs, "--json")
    assert f"from step {steps} on" in resumed.err
    assert (resumed.json["stopped"], resumed.json["run"]) == (False, stopped.json["run"])


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_a_run_that_was_killed_goes_on_at_its_last_epoch(curator: CommandLine, rated: Path) -> None:
    run = InAChild(rated, *QUICK, "--set", "max_train_epochs=400")
    assert run.signalled_at("epoch 2 step", signal.SIGKILL).out == ""
    resumed = curator("train", rated, "--resume", "--set", "max_train_epochs=3", "--json")
    assert "from step 6 on" in resumed.err or "from step 12 on" in resumed.err
    assert [Path(path).name for path in resumed.json["checkpoints"]] == [
        "fr3dd1e-000001.safetensors",
        "fr3dd1e-000002.safetensors",
        "fr3dd1e.safetensors",
    ]
    assert all(Path(path).is_file() for path in resumed.json["checkpoints"])


def test_a_moved_project_resumes_where_it_lies_now(
    curator: CommandLine, rated: Path, tmp_path: Path
) -> None:
    curator("train", rated, *QUICK, "--set", "max_train_epochs=1")
    moved = rated.rename(tmp_path / "elsewhere")
    said = curator.ask("train", moved, "--resume", "--set", "max_train_epochs=2")
    assert Path(said["checkpoints"][-1]).is_relative_to(moved)
    assert not rated.exists()


def test_training_waits_for_nobody(curator: CommandLine, rated: Path) -> None:
    with Project.open(rated):
        assert "is open in another window" in curator("train", rated, *QUICK, code=1).err


def test_rendering_nothing_at_all_is_no_success(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    for number in range(4):
        (root / "images" / f"photo {number}.jpg").unlink()
    said = curator("render", root, tmp_path / "out", "--json", code=1)
    assert len(said.json["failed"]) == 4
    assert "None of the pictures could be written" in said.err
