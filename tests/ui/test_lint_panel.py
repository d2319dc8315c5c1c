"""The lint panel: what looks wrong, the pictures that it is about, and the mending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from curator.core.caption_edits import change_captions
from curator.core.edits import set_rating
from curator.core.records import Rating
from curator.ui.app import App
from curator.ui.dialogs.bulk_edit import BulkEditWindow
from curator.ui.panels.lint import BY_HAND, FINE, LintPanel
from curator.ui.session import Session
from tests.helpers.captioned import captioned, captions_of
from tests.helpers.windows import dialog_of, session_of, settle, wait_for

Open = Callable[..., App]
CAPTIONS = ["lawn, lawn", "red hair, blonde hair", "", "hat, hat, tree"]


@pytest.fixture
def app(open_window: Open, tmp_path: Path) -> App:
    return open_window(captioned(tmp_path, CAPTIONS))


@pytest.fixture
def session(app: App) -> Session:
    return session_of(app)


@pytest.fixture
def panel(session: Session) -> LintPanel:
    session.window.actions_table["lint"].trigger()
    made = session.overviews.lint
    wait_for(lambda: made.tree.topLevelItemCount(), "the findings")
    return made


def go_to(panel: LintPanel, title: str) -> None:
    for at in range(panel.tree.topLevelItemCount()):
        top = panel.tree.topLevelItem(at)
        if top is not None and top.text(0).startswith(title):
            panel.tree.setCurrentItem(top)
            return
    raise AssertionError(title)


def test_findings_are_told_with_counts(panel: LintPanel) -> None:
    tops = [panel.tree.topLevelItem(at) for at in range(panel.tree.topLevelItemCount())]
    assert [top.text(0) for top in tops if top] == [
        "Without a caption   1",
        "Contradictions   1",
        "The same tag twice   2",
    ]
    assert panel.state.text() == "3 findings in 4 pictures."


def test_show_pictures_shows_just_them(session: Session, panel: LintPanel) -> None:
    go_to(panel, "The same tag twice")
    panel.show_button.click()
    wait_for(lambda: len(session.context.model.ids) == 2, "the two pictures")


def test_one_press_mends_and_one_undo_takes_it_back(session: Session, panel: LintPanel) -> None:
    go_to(panel, "The same tag twice")
    assert panel.fix_button.text() == "Mend 2"
    panel.fix_button.click()
    settle(session.context)
    project = session.context.project
    assert captions_of(project) == ["lawn", "red hair, blonde hair", "", "hat, tree"]
    wait_for(lambda: panel.state.text() == "2 findings in 2 pictures.", "the panel to follow")
    session.context.undo()
    settle(session.context)
    assert captions_of(project) == CAPTIONS


def test_the_button_counts_what_it_would_mend(session: Session, panel: LintPanel) -> None:
    project = session.context.project
    project.change_settings({"trigger": "fr3d"})
    images = project.images(project.select("sort:name"))
    project.apply(change_captions("", {images[0]: "", images[3]: ""}))
    project.apply(set_rating(images[:1], Rating.PRIMARY))
    wait_for(lambda: panel.tree.topLevelItem(0).text(0).endswith("   3"), "the findings")
    go_to(panel, "Without a caption")
    assert panel.fix_button.text() == "Mend 1"


def test_what_only_a_person_can_mend_says_so(panel: LintPanel) -> None:
    go_to(panel, "Contradictions")
    assert not panel.fix_button.isEnabled()
    assert panel.about.text() == BY_HAND


def test_look_first_opens_the_bulk_edit_with_the_rule(app: App, panel: LintPanel) -> None:
    go_to(panel, "The same tag twice")
    panel.look_button.click()
    window = dialog_of(app, BulkEditWindow)
    wait_for(lambda: window.diffs.diffs.rowCount() == 2, "the two captions")


def test_where_nothing_is_wrong_the_panel_says_so(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(captioned(tmp_path, ["lawn", "hat"])))
    session.window.actions_table["lint"].trigger()
    wait_for(lambda: session.overviews.lint.state.text() == FINE, "the good news")
