"""Duplicates are looked for by themselves, told, counted, and shown upon pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from curator.core.project import Project
from curator.ui import duplicates, quality
from curator.ui.app import App
from curator.ui.main_window import CULL
from curator.ui.session import Session
from tests.helpers.copies import copies
from tests.helpers.imported import bring_in
from tests.helpers.windows import session_of, wait_for

Open = Callable[..., App]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the rest that is left to the person; and without models of this machine."""
    for module in (duplicates, quality):
        monkeypatch.setattr(module, "OPENED_MS", 20)
        monkeypatch.setattr(module, "REST_MS", 20)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with copies in it that nobody has looked for."""
    made = tmp_path / "project"
    with Project.create(made) as project:
        bring_in(project, tmp_path / "scraped", copies())
    return made


def told(session: Session) -> list[str]:
    return [line.notice.text for line in session.notices.lines()]


def waits(session: Session) -> str:
    return session.around.switch.buttons[CULL].text()


def badges(session: Session, name: str) -> list[str]:
    model = session.context.model
    images = (model.record(row) for row in range(len(model.ids)))
    found = next(image for image in images if image is not None and image.name == name)
    return [badge.words for badge in model.badges(found.id)]


def test_they_are_found_by_themselves_told_counted_and_marked(
    open_window: Open, root: Path
) -> None:
    app = open_window(root)
    session = session_of(app)
    wait_for(lambda: "2 groups of duplicates." in told(session), "the notice")
    wait_for(lambda: "2 duplicate groups" in waits(session), "the count")
    assert not session.around.jobs.isVisible()
    assert badges(session, "a.png")[0] == "3 alike"
    assert badges(session, "d.png")[:1] != ["3 alike"]
    app.window.actions_table["quality_badges"].trigger()
    assert badges(session, "a.png") == []
    (line,) = (one for one in session.notices.lines() if "groups" in one.notice.text)
    line.buttons[0].click()
    view = session.pictures.duplicates
    wait_for(lambda: len(view.deciding.cases) == 2, "the groups")
    while view.deciding.cases:
        view.deciding.accept()
    wait_for(lambda: "duplicate" not in waits(session), "that none waits")


def test_they_are_not_where_that_is_not_wished_until_asked(open_window: Open, root: Path) -> None:
    app = open_window()
    app.preferences.like(find_duplicates="no")
    app.open_project(root)
    wait_for(lambda: app.session and app.session.context.model.ids, "pictures")
    session = session_of(app)
    wait_for(lambda: not session.context.project.select("is:unmeasured"), "the measures")
    assert not session.context.project.duplicate_groups()
    find = app.window.actions_table["find_duplicates"]
    find.trigger()
    wait_for(lambda: "2 groups of duplicates." in told(session), "the notice")
    wait_for(lambda: not session.context.jobs.running, "the end of the job")
    for line in session.notices.lines():
        line.close_button.click()
    find.trigger()
    wait_for(lambda: "2 groups of duplicates." in told(session), "that they are still there")
