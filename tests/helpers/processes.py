"""Child processes for tests: without the powers of root, which ignores the rights of files."""

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
