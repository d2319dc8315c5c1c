"""Child processes for tests: fresh ones, and such without root's power to ignore file rights."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_POWERS = "-dac_override,-dac_read_search"


def python_without_root(code: str, folder: Path) -> str:
    """Run Python code in `folder` as somebody who must obey file rights; gives what it printed."""
    command = [sys.executable, "-c", code]
    if not hasattr(os, "geteuid"):
        pytest.skip("file rights work otherwise on Windows")
    if os.geteuid() == 0:
        command = ["setpriv", f"--bounding-set={_POWERS}", f"--inh-caps={_POWERS}", *command]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_python(code: str) -> str:
    """Run Python code in a fresh process that sees this program; gives what it printed."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
