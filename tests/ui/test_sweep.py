"""A sweep in the window: one question, the keys Y, N, S and Backspace, and both ends at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.caption_edits import change_captions
from curator.core.project import Project
from curator.core.records import Rating
from curator.core.tag_scores import scored
from curator.core.tagger_records import Tagger, TagGroup
from curator.ui.app import App
from curator.ui.session import Session
from curator.ui.sweep import DONE, SweepView
from tests.helpers.captioned import captioned, captions_of
from tests.helpers.windows import press, session_of, settle, wait_for

Open = Callable[..., App]
SCORES = (0.99, 0.5, 0.37, 0.2, 0.01, 0.0)


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    root = captioned(tmp_path, ["dog"] * len(SCORES))
    with Project.open(root) as project:
        tagger = Tagger("a" * 64, "wd-v3", ("smile",), (TagGroup.GENERAL,))
        project.record([tagger])
        ids = project.select("sort:name")
        found = zip(ids, SCORES, strict=True)
        project.record([scored(tagger, i, "", np.array([s], np.float32)) for i, s in found])
    return session_of(open_window(root))


@pytest.fixture
def view(session: Session) -> SweepView:
    session.window.actions_table["sweep"].trigger()
    made = session.pictures.sweep
    wait_for(made.tag.hasFocus, "the line to be typed in")
    QTest.keyClicks(made.tag, "smile")
    QTest.keyClick(made.tag, Qt.Key.Key_Return)
    wait_for(lambda: made.sweeping.read is not None, "the sweep")
    return made


def ended(session: Session) -> list[str]:
    settle(session.context)
    return captions_of(session.context.project)


def test_the_question_names_the_tag_and_what_is_known(view: SweepView) -> None:
    assert view.question.text() == "smile in this picture?"
    assert view.state.text() == "3 of 6 pictures need you."
    assert view.seen.text() == "37 % likely, the caption lacks it"
    assert view.pane.image is not None
    assert view.pane.image.name == "02.jpg"
    assert view.pane.hasFocus()


def test_yes_no_and_skip_go_on_by_themselves(session: Session, view: SweepView) -> None:
    press(view.pane, "y", "n", "s")
    assert view.question.text() == DONE
    assert ended(session) == ["dog", "dog", "dog, smile", "dog", "dog", "dog"]
    assert view.seen.text() == "2 answers, 1 skipped"
    view.again.click()
    wait_for(lambda: not view.sweeping.is_reading and view.sweeping.current, "the skipped one")
    assert view.state.text() == "1 of 4 pictures needs you. 2 decided before."


def test_backspace_takes_the_last_answer_back(session: Session, view: SweepView) -> None:
    press(view.pane, "y")
    settle(session.context)
    press(view.pane, Qt.Key.Key_Backspace)
    wait_for(lambda: ended(session) == ["dog"] * 6, "the undo")
    wait_for(lambda: not view.sweeping.is_reading, "the sweep to be read again")
    assert view.pane.image is not None
    assert view.pane.image.name == "02.jpg"
    assert view.sweeping.answered == 0


def test_an_undo_elsewhere_asks_again(session: Session, view: SweepView) -> None:
    press(view.pane, "y", "n")
    settle(session.context)
    session.window.actions_table["undo"].trigger()
    sweeping = view.sweeping
    wait_for(lambda: sweeping.answered == 1 and not sweeping.is_reading, "the answer to go")
    wait_for(lambda: view.pane.image and view.pane.image.name == "01.jpg", "the picture")


def test_both_sure_ends_are_accepted_in_one_step(session: Session, view: SweepView) -> None:
    assert view.accept.text() == "Accept 1 yes and 2 no"
    view.accept.click()
    assert ended(session) == ["dog, smile", *["dog"] * 5]
    assert not view.accept.isVisible()
    session.context.undo()
    wait_for(view.accept.isVisible, "the ends to be asked again")
    assert ended(session) == ["dog"] * 6


def test_space_presses_a_button_and_the_keys_of_answers_hold_again(
    session: Session, view: SweepView
) -> None:
    view.accept.setFocus()
    press(view.accept, Qt.Key.Key_Space)
    assert session.pictures.is_sweeping
    assert view.pane.hasFocus()
    wait_for(lambda: ended(session)[0] == "dog, smile", "the sure ends")


def test_the_bounds_decide_who_is_asked(view: SweepView) -> None:
    view.low.setValue(30)
    wait_for(lambda: view.state.text() == "2 of 6 pictures need you.", "fewer to be asked")
    assert view.accept.text() == "Accept 1 yes and 3 no"


def test_rating_keys_still_rate_and_letters_are_letters_in_the_line(
    session: Session, view: SweepView
) -> None:
    press(view.pane, "1")
    settle(session.context)
    assert view.pane.image is not None
    assert session.context.project.image(view.pane.image.id).rating == Rating.PRIMARY
    view.tag.setFocus()
    view.tag.clear()
    press(view.tag, "y", "n", "s")
    assert view.tag.text() == "yns"
    assert view.sweeping.answered == 0


def test_escape_goes_back_to_the_grid_where_n_means_next(session: Session, view: SweepView) -> None:
    press(view.pane, Qt.Key.Key_Escape)
    assert not session.pictures.is_sweeping
    press(session.pictures.grid, "n")
    assert view.sweeping.answered == 0


def test_a_tag_of_the_tag_panel_is_swept(session: Session) -> None:
    session.context.sweep_wanted.emit("dog")
    view = session.pictures.sweep
    wait_for(lambda: view.sweeping.read is not None, "the sweep")
    assert view.state.text() == "All 6 pictures are decided."
    assert view.question.text() == DONE


def test_the_same_answer_twice_is_taken_back_once(session: Session, view: SweepView) -> None:
    context = session.context
    project = context.project
    before = project.images(project.select("sort:name"))[5]
    project.apply(change_captions("Before the sweep", {before: "cat"}))
    wait_for(lambda: not view.sweeping.is_reading, "the sweep")
    press(view.pane, "y")
    settle(context)
    view.sweeping.step(-1)
    press(view.pane, "y")
    settle(context)
    press(view.pane, Qt.Key.Key_Backspace)
    settle(context)
    wait_for(lambda: not view.sweeping.is_reading, "the sweep to be read again")
    press(view.pane, Qt.Key.Key_Backspace)
    wait_for(lambda: ended(session) == [*["dog"] * 5, "cat"], "only the answer to go")


def test_going_back_takes_nothing_back_but_answers(session: Session, view: SweepView) -> None:
    press(view.pane, "y")
    settle(session.context)
    press(view.pane, "1")
    settle(session.context)
    assert view.pane.image is not None
    rated = view.pane.image.id
    press(view.pane, Qt.Key.Key_Backspace)
    settle(session.context)
    assert session.context.project.image(rated).rating == Rating.PRIMARY
    assert view.pane.image.name == "02.jpg"
    assert ended(session)[2] == "dog, smile"
    press(view.pane, "n")
    assert ended(session)[2] == "dog"
