"""What hints say is to be typed."""

from __future__ import annotations

import pytest

from curator.core.invocation import VARIABLE, command, typed


def test_a_hint_names_the_script_that_was_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "./run.sh")
    assert typed("new FOLDER") == "./run.sh new FOLDER"
    assert command("run.bat") == "./run.sh"


def test_without_a_script_the_program_goes_by_its_own_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert typed("new FOLDER") == "curator new FOLDER"
    assert command("run.bat") == "run.bat"
