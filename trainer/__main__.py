"""`python -m trainer run.toml`: a run file in, events as JSON out; or a tool by its word."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType

from trainer.config import OPTIONS, RunConfig, load_run, parse_assignments, parse_options
from trainer.control import COMMANDS, Control
from trainer.errors import TrainerError
from trainer.events import Event, Failed, Note, to_json
from trainer.launched import launched
from trainer.perform import EXIT_USER, Emit, perform

TOOLS = {
    "buckets": "trainer.tools.buckets",
    "keys": "trainer.tools.keys",
    "lora": "trainer.tools.lora",
    "pack": "trainer.tools.pack",
    "plan": "trainer.tools.plan",
    "settings": "trainer.tools.settings",
}
_STDIN, _STDOUT, _STDERR = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the command line says. Returns the exit code: 0 done, 1 the user's, 2, 70 a bug."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in TOOLS:
        return _use_tool(words[0], words[1:])
    wanted = _parser().parse_args(words)
    control = Control()
    events = _EventPipe(control)
    _obey_signals(control)
    emit: Emit = events.emit
    try:
        leads = launched().leads
        emit = events.emit if leads else _nobody_hears
        config = _config(wanted.run_file, wanted.set)
    except TrainerError as error:
        emit(Failed(error.message, error.hint))
        return EXIT_USER
    if wanted.control == "stdin" and leads:
        threading.Thread(
            target=_obey_stdin, args=(control, events), name="commands", daemon=True
        ).start()
    return perform(config, emit, control)


def _nobody_hears(_event: Event) -> None:
    """Of several processes the leading one alone tells events."""


def _use_tool(word: str, arguments: Sequence[str]) -> int:
    try:
        return int(import_module(TOOLS[word]).main(arguments))
    except TrainerError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return EXIT_USER
    except BrokenPipeError:  # whoever reads has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDOUT)
        return EXIT_USER


def _config(run_file: Path, assignments: Sequence[str]) -> RunConfig:
    config = load_run(run_file)
    return parse_options(parse_assignments(assignments), config) if assignments else config


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer",
        description="Trains a LoRA from a run file; events go to standard output, one per line.",
        epilog=f"Tools, each with --help: {', '.join(TOOLS)}. "
        f"Options of a run file: {', '.join(OPTIONS)}",
    )
    parser.add_argument("run_file", type=Path, help="a TOML file of options")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="OPTION=VALUE",
        help="replaces an option of the run file; may be given several times",
    )
    parser.add_argument(
        "--control",
        choices=["stdin"],
        help=f"read commands from standard input, one per line: {', '.join(COMMANDS)}; "
        "its end means that the owner is gone: the run saves its state and ends",
    )
    return parser


class _EventPipe:
    """Standard output for events alone; what libraries print goes to standard error instead.

    Failures are said on standard error too, for people who read no JSON.
    """

    def __init__(self, control: Control) -> None:
        self._control = control
        self._writing = threading.Lock()
        self._pipe = os.dup(_STDOUT)
        sys.stdout.flush()
        os.dup2(_STDERR, _STDOUT)

    def emit(self, event: Event) -> None:
        if isinstance(event, Failed):
            print(event.details + f"{event.message} {event.hint}".strip(), file=sys.stderr)
        line = memoryview((to_json(event) + "\n").encode())
        with self._writing:
            try:
                while line:
                    line = line[os.write(self._pipe, line) :]
            except OSError:  # nobody listens any more; Windows does not call it a broken pipe
                self._control.stop()


def _obey_signals(control: Control) -> None:
    """The first Ctrl+C or SIGTERM stops with a save, the second one ends the process at once."""

    def first(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        control.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, first)


def _obey_stdin(control: Control, events: _EventPipe) -> None:
    """Carry out the words that arrive, until the end of input, which stops the run.

    Reads the descriptor itself: a thread that waits in `sys.stdin` aborts the interpreter's exit.
    """
    rest = b""
    while chunk := os.read(_STDIN, 4096):
        *lines, rest = (rest + chunk).split(b"\n")
        for word in (line.decode(errors="replace").strip() for line in lines):
            if word in COMMANDS:
                COMMANDS[word](control)
            elif word:
                events.emit(Note(f'There is no command "{word}"; possible: {", ".join(COMMANDS)}.'))
    control.stop()


if __name__ == "__main__":
    sys.exit(main())
