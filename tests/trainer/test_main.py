"""`python -m trainer run.toml` from outside: JSON, exit codes, signals, its owner's end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.runs import practice_run
from trainer.config import dump_run
from trainer.events import Event, Failed, Note, Saved, Started, StateSaved, Step, Stopped, from_json

ROOT = Path(__file__).resolve().parents[2]
LONG = "max_train_epochs=100000"


@pytest.fixture
def run_file(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = practice_run(tmp_path, tmp_path_factory.getbasetemp() / "practice", device="cpu")
    path = tmp_path / "run.toml"
    path.write_text(dump_run(config), encoding="utf-8")
    return path


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that are ended with the test, whatever becomes of it."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def start(
    started: list[subprocess.Popen[str]], *arguments: str, stdin: int
) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "trainer", *arguments],
        cwd=ROOT,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    started.append(process)
    return process


def read_until(process: subprocess.Popen[str], kind: type[Event]) -> list[Event]:
    assert process.stdout is not None
    events: list[Event] = []
    for line in process.stdout:
        events.append(from_json(line))
        if isinstance(events[-1], kind):
            return events
    raise AssertionError(f"no {kind.__name__} in {events}")


def test_the_end_of_input_and_without_control_ctrl_c_stop_a_run_which_saves(
    run_file: Path, tmp_path: Path, started: list[subprocess.Popen[str]]
) -> None:
    arguments = (str(run_file), "--set", LONG, "--set", "seed=7", "--control", "stdin")
    process = start(started, *arguments, stdin=subprocess.PIPE)
    # Two at once, because both take seconds to load.
    elsewhere = f"output_dir={tmp_path / 'elsewhere'}"
    arguments = (str(run_file), "--set", LONG, "--set", elsewhere)
    deaf = start(started, *arguments, stdin=subprocess.DEVNULL)
    end_the_input(process)
    if sys.platform != "win32":  # which sends no SIGINT to one process
        interrupt(deaf)


def end_the_input(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("dance\n")
    process.stdin.flush()
    events = read_until(process, Step)
    process.stdin.close()
    events += read_until(process, Stopped)
    assert process.wait() == 0
    assert [event for event in events if isinstance(event, Note) and '"dance"' in event.text]
    (plan,) = [event for event in events if isinstance(event, Started)]
    assert plan.total_steps == 600_000
    state = [event for event in events if isinstance(event, StateSaved)][-1]
    assert state.path.is_dir()
    assert state.step == [event.step for event in events if isinstance(event, Step)][-1]


def interrupt(process: subprocess.Popen[str]) -> None:
    read_until(process, Step)
    process.send_signal(signal.SIGINT)
    events = read_until(process, Stopped)
    assert process.wait() == 0
    kinds = [type(event) for event in events]
    assert kinds[-2:] == [StateSaved, Stopped]
    assert Saved in kinds  # at the stop, or at an epoch's end where the two fall together


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_a_second_ctrl_c_ends_the_process_at_once(
    run_file: Path, started: list[subprocess.Popen[str]]
) -> None:
    process = start(started, str(run_file), "--control", "stdin", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write("dance\n")  # its note tells that the signal handlers are in place
    process.stdin.flush()
    read_until(process, Note)
    began = time.monotonic()
    while process.poll() is None and time.monotonic() - began < 30:
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    assert process.wait() == -signal.SIGINT


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 2), (["--flop"], 2), (["run.toml", "--control", "mind"], 2), (["gone.toml"], 1)],
)
def test_usage_and_users_problems_have_their_exit_codes(
    tmp_path: Path, arguments: list[str], code: int
) -> None:
    command = [sys.executable, "-m", "trainer", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_wrong_option_is_an_event_and_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text("seed = 1\n")
    command = [sys.executable, "-m", "trainer", str(tmp_path / "run.toml"), "--set", "sed=2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    event = from_json(done.stdout)
    assert done.returncode == 1
    assert isinstance(event, Failed)
    assert '"seed"' in event.hint
    assert done.stderr.strip() == f"{event.message} {event.hint}"


def test_without_torch_it_says_what_to_install(run_file: Path) -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from trainer.__main__ import main\n"
        f"sys.exit(main([{str(run_file)!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    event = from_json(done.stdout)
    assert done.returncode == 1
    assert isinstance(event, Failed)
    assert event.message == "Training needs torch, which is not installed."
