"""Many groups decided by a rule for each kind: shown before, applied at once, undone at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from curator.core.duplicates import Kind
from curator.ui.app import App
from curator.ui.dialogs.decide_many import WAYS, DecideManyDialog
from curator.ui.session import Session
from tests.helpers.copies import make_copies
from tests.helpers.windows import session_of, settle, wait_for

Open = Callable[..., App]


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    return session_of(open_window(make_copies(tmp_path)))


@pytest.fixture
def dialog(session: Session) -> DecideManyDialog:
    session.window.actions_table["decide_many"].trigger()
    return dialog_of_app(session)


def dialog_of_app(session: Session) -> DecideManyDialog:
    wait_for(lambda: session.window.findChildren(DecideManyDialog), "the dialog")
    return session.window.findChildren(DecideManyDialog)[-1]


def choose(dialog: DecideManyDialog, words: str) -> None:
    dialog.choices[Kind.EDITED].setCurrentIndex(list(WAYS.values()).index(words))


def rejected(session: Session) -> list[str]:
    settle(session.context)
    project = session.context.project
    return [image.name for image in project.images(project.select("reason:duplicate"))]


def test_edited_copies_are_left_alone_until_a_rule_is_chosen(dialog: DecideManyDialog) -> None:
    assert list(dialog.choices) == [Kind.EDITED]
    assert dialog.tree.topLevelItemCount() == 0
    assert not dialog.apply.isEnabled()
    choose(dialog, "Keep the largest")
    assert dialog.tree.topLevelItemCount() == 3
    assert dialog.total.text() == "3 groups of duplicates: 4 pictures rejected."


def test_what_is_ticked_is_decided_in_one_step(session: Session, dialog: DecideManyDialog) -> None:
    choose(dialog, "Keep the oldest")
    item = dialog.tree.topLevelItem(1)
    assert item is not None
    assert (item.text(0), item.text(2)) == ("b-cut.png", "b.png")
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert dialog.apply.text() == "Decide 2 groups"
    dialog.apply.click()
    wait_for(lambda: rejected(session), "the decision")
    assert rejected(session) == ["a-mirrored.png", "a.png", "c.png"]
    assert len(session.context.project.duplicate_groups()) == 1
    session.context.undo()
    wait_for(lambda: not rejected(session), "the undo")
    assert len(session.context.project.duplicate_groups()) == 3
