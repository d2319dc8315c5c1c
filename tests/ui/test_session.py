"""What an open project looks after by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize

from curator.imaging.thumbnails import thumbnail_path
from curator.ui import session as session_module
from curator.ui.actions import ACTIONS
from curator.ui.app import App
from tests.helpers.windows import let_work, make_project, session_of, wait_for

Open = Callable[..., App]
MEBIBYTE = 1 << 20


def test_thumbnails_are_kept_within_the_bounds_that_were_chosen(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "TRIM_MS", 10)
    root = make_project(tmp_path)
    large = [thumbnail_path(root / "cache", f"{n:02x}" * 32, 0) for n in range(60)]
    for path in large:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(MEBIBYTE))
    app = open_window()
    app.preferences.like(thumbnail_cache_mb="50")
    app.open_project(root)
    wait_for(lambda: app.session, "the project")
    wait_for(lambda: sum(path.exists() for path in large) <= 50, "room")
    assert session_of(app).notices.lines() == []


def test_every_action_does_something_while_a_project_is_open(
    open_window: Open, tmp_path: Path
) -> None:
    table = open_window(make_project(tmp_path)).window.actions_table
    assert [row.name for row in ACTIONS if not table.is_used(row.name)] == []


def test_the_window_keeps_its_size_from_workspace_to_workspace(
    open_window: Callable[..., App], tmp_path: Path
) -> None:
    window = open_window(make_project(tmp_path, 3)).window
    window.resize(1280, 800)
    for name in ("train", "caption", "prepare", "train", "cull", "caption"):
        window.go_to_workspace(name)
        let_work(50)
        assert window.size() == QSize(1280, 800)
