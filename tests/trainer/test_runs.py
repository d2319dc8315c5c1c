"""What an owner may rely on, the same for a run in a thread and one in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from tests.helpers.runs import TIMEOUT_S, Owner, practice_run
from trainer.config import RunConfig, load_run
from trainer.errors import TrainerError
from trainer.events import (
    Event,
    Failed,
    Note,
    Paused,
    Resumed,
    Sampled,
    Saved,
    Started,
    StateSaved,
    Step,
    Stopped,
    Validated,
)
from trainer.runs import Run, start_in_process, start_in_thread

Starter = Callable[[RunConfig, Callable[[Event], None]], Run]
DEVICES = ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]
LONG = 100_000  # epochs: more than any test waits for


@pytest.fixture(
    params=[start_in_thread, start_in_process], ids=["thread", "process"], scope="module"
)
def start(request: pytest.FixtureRequest) -> Starter:
    chosen: Starter = request.param
    return chosen


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def failing(
    start: Starter, tmp_path_factory: pytest.TempPathFactory, cache_dir: Path
) -> Iterator[tuple[Run, Owner, Path]]:
    """A run on a caption that is not UTF-8; begun early, because a process takes long to load."""
    owner, folder = Owner(), tmp_path_factory.mktemp("failing")
    config = practice_run(folder, cache_dir, device="cpu")
    caption = folder / "img" / "2_cat" / "1.txt"
    caption.write_bytes(b"caf\xe9")
    run = start(config, owner.hear)
    yield run, owner, caption
    run.wait()


@pytest.mark.usefixtures("failing")
def test_events_come_in_order_wishes_are_obeyed_and_a_stop_saves(
    start: Starter, device: str, tmp_path: Path, cache_dir: Path
) -> None:
    owner = Owner()
    config = practice_run(tmp_path, cache_dir, device=device, max_train_epochs=LONG)
    run = start(config, owner.hear)
    owner.wait_for(Sampled, 2)
    assert run.wait(timeout_s=0) is None
    check_order_of_two_epochs(owner)
    wish_during_a_pause(run, owner)
    run.resume()
    resumed = owner.wait_for(Resumed)
    owner.wait_for(Step, len(owner.steps()) + 2)
    run.stop()
    last = run.wait(timeout_s=TIMEOUT_S)
    assert isinstance(last, Stopped)
    assert last == owner.events[-1]
    assert type(owner.after(resumed)[-2]) is StateSaved
    assert owner.all(StateSaved)[-1].step == last.step == owner.steps()[-1]
    assert owner.all(Saved)[-1].step == last.step
    assert owner.steps() == list(range(1, last.step + 1))


def check_order_of_two_epochs(owner: Owner) -> None:
    (started,) = owner.all(Started)
    assert (started.total_steps, started.steps_per_epoch, started.images) == (6 * LONG, 6, 3)
    kinds = [type(event) for event in owner.between(started, owner.all(Sampled)[1])]
    epoch = [*[Step] * 6, Validated, Saved, Sampled]
    assert [kind for kind in kinds if kind is not Note] == [Validated, *epoch, *epoch]
    assert [event.epoch for event in owner.all(Saved)][:2] == [1, 2]
    assert all(event.path.stat().st_size > 0 for event in owner.all(Saved) + owner.all(Sampled))


def wish_during_a_pause(run: Run, owner: Owner) -> None:
    run.pause()
    paused = owner.wait_for(Paused)
    run.save_now()
    state = owner.wait_for(StateSaved)
    run.sample_now()
    sampled = owner.wait_for_after(Sampled, paused)
    saved = owner.all(Saved)[-1]
    assert [type(event) for event in owner.after(paused)] == [Saved, StateSaved, Sampled]
    assert saved.path.is_file()
    assert state.path.is_dir()
    assert sampled.path.is_file()
    assert state.step == saved.step == sampled.step == owner.steps()[-1]


def test_an_exception_reaches_the_owner_as_a_sentence(failing: tuple[Run, Owner, Path]) -> None:
    run, owner, caption = failing
    last = run.wait()
    assert last == owner.events[-1]
    assert isinstance(last, Failed)
    assert str(caption) in last.message
    assert "UTF-8" in last.message
    assert last.hint
    run.stop()  # does nothing any more


def test_a_run_that_misses_something_fails_at_once(start: Starter) -> None:
    owner = Owner()
    last = start(RunConfig(), owner.hear).wait()
    assert owner.events == [last]
    assert isinstance(last, Failed)
    assert "base model" in last.message


def test_a_fault_of_the_program_is_told_with_its_details(tmp_path: Path, cache_dir: Path) -> None:
    heard: list[Event] = []

    def hear(event: Event) -> None:
        heard.append(event)
        if isinstance(event, Started):
            raise KeyError("somewhere")

    last = start_in_thread(practice_run(tmp_path, cache_dir), hear).wait()
    assert isinstance(last, Failed)
    assert "KeyError" in last.message
    assert "somewhere" in last.details
    assert heard[-1] == last


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to kill with")
@pytest.mark.parametrize(("number", "words"), [(9, "SIGKILL"), (15, "from outside")])
def test_a_killed_process_is_a_failure_in_words(
    tmp_path: Path, cache_dir: Path, number: int, words: str
) -> None:
    owner = Owner()
    command = (sys.executable, "-c", f"import os; os.kill(os.getpid(), {number})")
    last = start_in_process(practice_run(tmp_path, cache_dir), owner.hear, command=command).wait()
    assert isinstance(last, Failed)
    assert words in last.message


def test_last_words_of_a_process_that_ends_without_an_event_are_kept(
    tmp_path: Path, cache_dir: Path
) -> None:
    owner = Owner()
    command = (sys.executable, "-c", "print('{half a l'); raise SystemExit('no room on the disk')")
    last = start_in_process(practice_run(tmp_path, cache_dir), owner.hear, command=command).wait()
    assert isinstance(last, Failed)
    assert "exit code 1" in last.message
    assert last.hint == "no room on the disk"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_listener_that_fails_does_not_leave_its_owner_waiting(
    tmp_path: Path, cache_dir: Path
) -> None:
    def hear(event: Event) -> None:
        raise KeyError("somewhere")

    command = (sys.executable, "-c", "print('a word')")
    last = start_in_process(practice_run(tmp_path, cache_dir), hear, command=command).wait()
    assert isinstance(last, Failed)
    assert "could not be passed on" in last.message


def test_a_trainer_that_cannot_be_started_is_said(tmp_path: Path, cache_dir: Path) -> None:
    config = practice_run(tmp_path, cache_dir)
    with pytest.raises(TrainerError, match="cannot be started"):
        start_in_process(config, Owner().hear, command=[str(tmp_path / "gone")])
    with pytest.raises(TrainerError, match=r"run\.toml"):
        start_in_process(config, Owner().hear, run_file=tmp_path / "gone" / "run.toml")


def test_the_run_file_of_a_process_holds_the_whole_run(
    tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = practice_run(Path(), cache_dir)
    (tmp_path / "runs").mkdir()
    run_file = tmp_path / "runs" / "run.toml"
    command = (sys.executable, "-c", "")
    start_in_process(config, Owner().hear, run_file=run_file, command=command).wait()
    written = load_run(run_file)
    assert written.train_data_dir == tmp_path / "img"
    assert written.output_dir == tmp_path / "out"
    assert written.network_dim == config.network_dim
