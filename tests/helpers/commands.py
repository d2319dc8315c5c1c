"""The command line as a user or a program meets it: in this process, or in one of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from curator.cli import main

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


class CommandLine:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object, code: int = 0) -> Said:
        """Run a command, and check its exit code."""
        self._capsys.readouterr()
        found = main([str(argument) for argument in arguments])
        streams = self._capsys.readouterr()
        assert found == code, streams.err
        return Said(found, streams.out, streams.err)

    def ask(self, *arguments: object) -> Any:
        """The JSON document that a command answers with."""
        return self(*arguments, "--json").json


def child(arguments: Sequence[str | bytes], **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run `main.py` in a process of its own."""
    command = [sys.executable, str(REPOSITORY / "main.py"), *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=300, **options)
