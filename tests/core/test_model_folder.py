"""The folder for models lies where the system keeps a program's data, or where the person says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from curator.core.model_folder import models_folder


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG is for other systems")
def test_it_follows_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURATOR_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert models_folder() == tmp_path / "curator" / "models"


def test_the_person_may_choose_a_disk_with_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "large disk"))
    assert models_folder() == tmp_path / "large disk"
