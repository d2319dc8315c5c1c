"""A run in a process of its own, seen from the process that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from trainer.errors import TrainerError
from trainer.events import LAST_EVENTS, Event, Failed, Note, from_json

TRAINER_COMMAND = (sys.executable, "-P", "-m", "trainer")  # -P: nothing is imported from the cwd
_LAST_LINES = 200  # of what a process says on stderr are kept for the report of its end


class ProcessRun:
    """Starts the trainer on a run file, passes its events on, and sends it words.

    Its standard input stays open as long as this process lives, so that the trainer notices when
    its owner is gone.
    """

    def __init__(
        self,
        run_file: Path,
        emit: Callable[[Event], None],
        command: Sequence[str],
        clean_up: Callable[[], None],
    ) -> None:
        """`clean_up` is called when the process has ended. Raises TrainerError."""
        self._emit = emit
        self._clean_up = clean_up
        self._last: Event | None = None
        self._last_words: deque[str] = deque(maxlen=_LAST_LINES)
        self._sending = threading.Lock()
        self._process = _spawn([*command, str(run_file), "--control", "stdin"])
        self._stderr = threading.Thread(target=self._collect, name="training: stderr")
        self._stderr.start()
        self._listener = threading.Thread(target=self._listen, name="training: events")
        self._listener.start()

    def stop(self) -> None:
        """See `Run`."""
        self._send("stop")

    def stop_after_epoch(self) -> None:
        """See `Run`."""
        self._send("stop_after_epoch")

    def pause(self) -> None:
        """See `Run`."""
        self._send("pause")

    def resume(self) -> None:
        """See `Run`."""
        self._send("resume")

    def save_now(self) -> None:
        """See `Run`."""
        self._send("save_now")

    def sample_now(self) -> None:
        """See `Run`."""
        self._send("sample_now")

    def wait(self, timeout_s: float | None = None) -> Event | None:
        """See `Run`."""
        self._listener.join(timeout_s)
        return None if self._listener.is_alive() else self._last

    def _send(self, word: str) -> None:
        assert self._process.stdin is not None
        with self._sending, suppress(OSError, ValueError):  # the run has ended, nothing to ask for
            self._process.stdin.write(f"{word}\n")
            self._process.stdin.flush()

    def _collect(self) -> None:
        assert self._process.stderr is not None
        self._last_words.extend(self._process.stderr)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                if line.endswith("\n"):  # a process that is killed may leave half a line
                    self._hear(_event_of(line))
            code = self._process.wait()
            self._stderr.join()
            if self._last is None:
                self._hear(_crashed(code, "".join(self._last_words)))
        finally:
            self._close()
            if self._last is None:  # whoever listens has failed, and still waits for an end
                self._last = Failed("The events of the training could not be passed on.")

    def _hear(self, event: Event) -> None:
        if isinstance(event, LAST_EVENTS):
            self._last = event
        self._emit(event)

    def _close(self) -> None:
        """Close the pipes; a process that still runs, after a fault here, then saves and ends."""
        with self._sending:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
        self._process.wait()
        self._stderr.join()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._clean_up()


def _spawn(command: Sequence[str]) -> subprocess.Popen[str]:
    here = str(Path(__file__).resolve().parent.parent)
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows opens a console
        )
    except OSError as error:
        raise TrainerError(f"The training process cannot be started: {error}.") from error


def _event_of(line: str) -> Event:
    try:
        return from_json(line)
    except TrainerError:
        return Note(f"The training process printed: {line.strip()}")


def _crashed(code: int, last_words: str) -> Failed:
    """The end of a process that did not say how it ended, in a sentence."""
    if code == -signal.SIGTERM:
        return Failed("The training process was ended from outside.", "", last_words)
    if code < 0:
        return Failed(
            f"The training process was killed ({_signal_name(-code)}).",
            "When the memory runs out the system kills the largest process: lower "
            "train_batch_size, or close other programs. The last saved state can be resumed.",
            last_words,
        )
    last_line = last_words.strip().rpartition("\n")[2]
    return Failed(
        f"The training process ended without a word, with exit code {code}.", last_line, last_words
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
