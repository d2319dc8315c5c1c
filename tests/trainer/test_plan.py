"""`python -m trainer plan`: its words, its JSON, its curve, its dry step, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainer.config import RunConfig, dump_run
from trainer.errors import TrainerError
from trainer.tools.plan import main

Options = Callable[..., RunConfig]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user cache"))


def run_file(folder: Path, config: RunConfig) -> str:
    path = folder / "run.toml"
    path.write_text(dump_run(config), "utf-8")
    return str(path)


def planned(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_plan_counts_the_batches_that_will_be_trained(
    run: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = run(resolution="128,64", gradient_accumulation_steps=2, train_batch_size=4)
    found = planned(capsys, run_file(tmp_path, config))
    assert (found["images"], found["showings"], found["repeats"]) == (6, 12, {"2": 6})
    assert sum(row["showings"] for row in found["buckets"]) == 12
    assert found["batches_per_epoch"] == sum(row["batches"] for row in found["buckets"])
    assert found["steps"] == 2 * -(-found["batches_per_epoch"] // 2)
    assert [step for step, _ in found["schedule"]] == list(range(1, found["steps"] + 1))
    assert found["memory"] is None  # the practice model is no full-size model
    assert not config.output_dir.exists()


def test_two_processes_take_the_steps_of_one_with_twice_the_batch(
    run: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = run_file(tmp_path, run(train_batch_size=2))
    two = planned(capsys, path, "--processes", "2", "--dry-step")
    assert two["seconds"] * 2 == pytest.approx(planned(capsys, path)["seconds"])
    one = planned(capsys, path, "--set", "train_batch_size=4")
    for word in ("measured", "seconds"):
        del two[word], one[word]
    assert two == one
    with pytest.raises(SystemExit):
        main([path, "--processes", "0"])


def test_a_dry_step_is_remembered_and_scaled_for_other_batches(
    run: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = run_file(tmp_path, run(cache_dir=str(tmp_path / "cache")))
    assert planned(capsys, path)["measured"] is None
    measured = planned(capsys, path, "--dry-step")
    assert measured["measured"]["exact"]
    assert measured["seconds"] > 0
    again = planned(capsys, path)
    assert again["measured"] == measured["measured"]
    other = planned(capsys, path, "--set", "train_batch_size=1")["measured"]
    assert (other["exact"], other["peak"]) == (False, 0)
    assert other["seconds"] == pytest.approx(again["measured"]["seconds"] / 2)
    assert main([path]) == 0
    assert "as measured here" in capsys.readouterr().out


def test_the_learning_rate_is_drawn_in_the_terminal_and_into_a_file(
    run: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = run_file(tmp_path, run(lr_scheduler="cosine"))
    assert main([path, "--plot"]) == 0
    assert "█" in capsys.readouterr().out
    assert main([path, "--plot", str(tmp_path / "rate.svg")]) == 0
    assert "Learning rate, cosine" in (tmp_path / "rate.svg").read_text("utf-8")


def test_every_kind_of_conflict_is_told_at_once(
    run: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = run_file(tmp_path, run())
    wrong = ["--set", "min_timestep=900", "--set", "max_timestep=3", "--set", "algo=loha"]
    assert main([path, *wrong]) == 1
    told = capsys.readouterr().err
    assert "min_timestep" in told
    assert "algo" in told
    assert main([path, *wrong, "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["conflicts"]) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"optimizer_args": "wieght_decay=1"}, "does not take wieght_decay=1"),
        ({"sample_prompts": "gone.txt"}, "cannot be read"),
        ({"network_weights": "gone.safetensors"}, "does not exist"),
        ({"resume": "gone"}, "does not exist"),
        ({"resolution": "96,96", "bucket_reso_steps": 32}, "needs multiples of 64"),
    ],
)
def test_what_a_run_could_not_begin_with_is_told_by_the_plan(
    run: Options, tmp_path: Path, options: dict[str, object], words: str
) -> None:
    with pytest.raises(TrainerError, match=words):
        main([run_file(tmp_path, run(**options))])
