"""What is written where."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from curator.cli import output
from curator.core.jobs import Cancelled, Job
from tests.helpers.commands import REPOSITORY


def test_names_stay_on_one_line() -> None:
    assert output.shown("a\nb\x1b[31m c") == "a\\nb\\x1b[31m c"
    assert output.shown("été 犬 🦝") == "été 犬 🦝"


def test_json_is_one_line_of_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"caption": "犬\n", "source": "caf\udce9"}
    output.show_json(document)
    out = capsys.readouterr().out
    assert out.isascii()
    assert len(out.splitlines()) == 1
    assert json.loads(out) == document


def test_progress_is_for_terminals_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output.run_job(lambda job: job.progress(1, 2, "dog.jpg"))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    output.run_job(lambda job: job.progress(1, 2, "dog.jpg"))
    err = capsys.readouterr().err
    assert "1 of 2" in err
    assert "dog.jpg" in err
    assert err.endswith("\r")  # nothing of it is left on the screen


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_the_job_and_is_as_before_afterwards(
    capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    before = signal.getsignal(number)

    def work(job: Job) -> None:
        signal.raise_signal(number)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            job.check()

    with pytest.raises(Cancelled):
        output.run_job(work)
    assert signal.getsignal(number) is before
    assert "Once more breaks off at once" in capsys.readouterr().err


def test_a_job_outside_the_main_thread_leaves_signals_alone() -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(output.run_job(lambda _job: 7)))
    thread.start()
    thread.join()
    assert found == [7]


def test_parts_are_handed_over() -> None:
    parts: list[object] = []
    output.run_job(lambda job: job.hand_over("part"), parts.append)
    assert parts == ["part"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_a_second_signal_breaks_off_at_once() -> None:
    code = """
import signal, time
from curator.cli.output import run_job
def work(job):
    for _ in range(2):
        signal.raise_signal(signal.SIGINT)
    time.sleep(60)
run_job(work)
"""
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, timeout=120, check=False)
    assert ended.returncode == output.INTERRUPTED
    assert b"Traceback" not in ended.stderr
