"""What is offered while one types follows the lists of tags and the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from curator.core.installed_tag_lists import install
from curator.ui.context import Context
from curator.ui.tag_words import TagWords
from tests.helpers.windows import wait_for


def test_a_list_that_is_added_is_read_whatever_is_edited_meanwhile(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    words = TagWords(context)
    words.want()
    wait_for(lambda: words.index, "the lists")
    path = tmp_path / "mine.csv"
    path.write_text("zork,1,5,\n", "utf-8")
    install(path)
    words.load_again()
    rest = words.findChild(QTimer)
    assert rest is not None
    rest.timeout.emit()  # as after an edit
    wait_for(lambda: [one.tag for one in words.complete("zork")] == ["zork"], "the added list")
