"""What the set-up hands over about how it was called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# The set-up is no package, so it is asked as a program of its own.
ASK = """
import runpy, sys
from pathlib import Path
names = runpy.run_path(sys.argv[1])
house = names["House"](Path(sys.argv[2]))
print(names["main_environment"](house, sys.argv[3])[0].get("CURATOR_COMMAND"))
"""


def handed_over(house: Path, word: str, folder: Path) -> str:
    """The command that hints will name, for a user in `folder`."""
    environment = {name: text for name, text in os.environ.items() if name != "CURATOR_COMMAND"}
    script = str(ROOT / "packaging" / "bootstrap.py")
    done = subprocess.run(
        [sys.executable, "-c", ASK, script, str(house), word],
        cwd=folder, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.skipif(os.name == "nt", reason="run.sh is for systems with a POSIX shell")
def test_hints_name_the_script_as_it_can_be_typed_here(tmp_path: Path) -> None:
    house = tmp_path / "my curator"
    (house / "resources").mkdir(parents=True)
    (house / "resources" / "system_libraries.toml").write_text("")
    assert handed_over(house, "list", house) == "./run.sh"
    assert handed_over(house, "demo", tmp_path) == f"'{house}/run.sh'"


def test_tests_do_not_depend_on_how_they_were_started() -> None:
    assert handed_over(ROOT, "test", ROOT) == "None"
