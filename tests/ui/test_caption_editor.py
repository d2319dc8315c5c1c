"""Writing one picture's caption, as a person does it: a line, sentences, the raw text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar, QWidget

from curator.core.caption_edits import change_captions
from curator.core.edits import set_rating
from curator.core.project import Project
from curator.core.records import Rating
from curator.ui.notices import Notice
from tests.helpers.windows import (
    close_app,
    press,
    settle,
    wait_for,
)
from tests.helpers.writing import CAPTIONS, At

KEY, MOD = Qt.Key, Qt.KeyboardModifier


def said(at: At) -> str:
    return at.session.around.status.quiet.text()


def test_the_workspace_counts_what_has_no_caption(at: At) -> None:
    button = at.session.around.switch.buttons["caption"]
    wait_for(lambda: button.text() == "Caption   2 without", "the count")
    assert button.isChecked()


def test_tags_are_typed_one_after_another_and_undone_one_by_one(at: At) -> None:
    QTest.keyClicks(at.editor.line, "wet fur, tree")
    assert at.editor.line.text().strip() == "tree"
    at.key(KEY.Key_Return)
    assert at.caption() == "fr3d, smile, red hair, hat, wet fur, tree"
    assert said(at) == "Add “tree”: 00.jpg"
    at.key(KEY.Key_Z, MOD.ControlModifier)
    wait_for(lambda: at.caption().endswith("wet fur"), "undo")
    wait_for(lambda: at.tags()[-1] == "wet fur", "the chip to go")
    assert at.editor.line.hasFocus()


def test_undo_takes_back_what_is_being_typed_first(at: At) -> None:
    QTest.keyClicks(at.editor.line, "tre")
    at.key(KEY.Key_Z, MOD.ControlModifier)
    assert at.editor.line.text() == ""
    assert at.caption() == CAPTIONS[0]


def test_several_tags_are_pasted_at_once(at: At) -> None:
    QGuiApplication.clipboard().setText("tree, smile, wet fur")
    at.key(KEY.Key_V, MOD.ControlModifier)
    assert at.caption() == "fr3d, smile, red hair, hat, tree, wet fur"
    assert at.editor.line.text() == ""


def test_tags_of_the_project_are_offered_and_tab_takes_one(at: At) -> None:
    wait_for(lambda: at.editor.line._words.index, "the words")
    QTest.keyClicks(at.editor.line, "nig")
    offers = at.editor.line.offers
    assert offers.isVisible()
    assert offers.item(0).text() == "night"
    at.key(KEY.Key_Tab)
    assert at.caption() == "fr3d, smile, red hair, hat, night"
    assert at.editor.line.hasFocus()
    QTest.keyClicks(at.editor.line, "nig")
    at.key(KEY.Key_Escape)
    at.key(KEY.Key_Escape)
    assert at.editor.line.text() == ""
    at.key(KEY.Key_Escape)
    assert at.session.pictures.grid.hasFocus()


def test_going_on_by_key_keeps_what_was_typed_and_the_keyboard_in_the_line(at: At) -> None:
    QTest.keyClicks(at.editor.line, "tree")
    at.key(KEY.Key_PageDown)
    assert at.caption(0).endswith("hat, tree")
    assert at.context.current_row == 1
    assert at.editor.line.hasFocus()
    at.key(KEY.Key_Down, MOD.ControlModifier | MOD.ShiftModifier)
    wait_for(lambda: at.context.current_row == 2, "the next without a caption")
    assert at.editor.line.hasFocus()
    at.key(KEY.Key_PageUp)
    assert at.context.current_row == 1


def test_the_loupe_stays_beside_the_editor(at: At) -> None:
    at.session.window.actions_table["loupe"].trigger()
    press(at.session.pictures.loupe, "e")
    at.key(KEY.Key_PageDown)
    assert at.session.pictures.loupe.isVisible()
    assert at.editor.isVisible()
    assert at.editor.line.hasFocus()
    assert at.tags() == ["fr3d", "day"]


def test_sentences_are_kept_at_a_pause_and_when_one_goes_on(at: At) -> None:
    at.context.go_to_row(1)
    at.editor.text.setFocus()
    at.key(KEY.Key_End, MOD.ControlModifier)
    QTest.keyClicks(at.editor.text, " It rains.")
    assert at.caption(1) == CAPTIONS[1]
    wait_for(lambda: at.caption(1) == "fr3d, day\nShe sits. It rains.", "the pause")
    QTest.keyClicks(at.editor.text, " It snows.")
    at.context.go_to_row(2)
    assert at.caption(1) == "fr3d, day\nShe sits. It rains. It snows."
    assert at.editor.text.toPlainText() == ""


def test_sentences_are_kept_when_the_keyboard_goes_elsewhere(at: At) -> None:
    at.editor.text.setFocus()
    QTest.keyClicks(at.editor.text, "He stands.")
    at.editor.line.setFocus()
    assert at.caption() == CAPTIONS[0] + "\nHe stands."


def test_what_is_typed_when_the_window_is_closed_is_kept(at: At) -> None:
    first = at.context.model.ids[0]
    at.editor.text.setFocus()
    QTest.keyClicks(at.editor.text, "He stands.")
    close_app(at.app)
    with Project.open(at.root) as project:
        assert project.image(first).caption == CAPTIONS[0] + "\nHe stands."


def test_what_a_full_disk_refuses_stays_where_it_was_typed_and_is_kept_later(at: At) -> None:
    def bound(pages: int) -> None:
        at.project._submit(
            lambda writer: writer._db.execute(f"PRAGMA max_page_count = {pages}")
        ).result()

    told: list[Notice] = []
    at.context.told.connect(told.append)
    bound(1)
    at.editor.text.setFocus()
    at.editor.text.insertPlainText("He stands " + "and " * 3000)
    at.context.go_to_row(1)
    wait_for(lambda: any(one.is_error for one in told), "the refusal")
    assert at.caption() == CAPTIONS[0]
    bound(1_000_000)
    at.context.go_to_row(0)
    assert at.editor.text.toPlainText().startswith("He stands and and")
    at.context.go_to_row(1)
    assert at.caption().startswith(CAPTIONS[0] + "\nHe stands and and")


def test_what_a_job_adds_meanwhile_stands_beside_what_is_typed(at: At) -> None:
    at.editor.text.setFocus()
    QTest.keyClicks(at.editor.text, "He stan")
    image = at.project.image(at.context.model.ids[0])
    at.project.apply(change_captions("Tag", {image: image.caption + ", by a job"}, "wd-v3"))
    wait_for(lambda: "by a job" in at.tags(), "the new tag")
    QTest.keyClicks(at.editor.text, "ds.")
    assert at.editor.text.toPlainText() == "He stands."
    at.editor.line.setFocus()
    assert at.caption() == CAPTIONS[0] + ", by a job\nHe stands."


def test_a_rating_changes_nothing_in_what_is_typed(at: At) -> None:
    QTest.keyClicks(at.editor.line, "tre")
    at.project.apply(set_rating([at.project.image(at.context.model.ids[0])], Rating.PRIMARY))
    settle(at.context)
    assert at.editor.line.text() == "tre"


def test_the_raw_text_is_shown_and_kept_to_the_last_character(at: At) -> None:
    odd = "fr3d,smile ,  (a:1.2)\r\nShe\u00a0sits. \r\n\r\nIt rains."
    image = at.project.image(at.context.model.ids[0])
    at.project.apply(change_captions("", {image: odd}))
    settle(at.context)
    QTest.mouseClick(at.editor.raw_button, Qt.MouseButton.LeftButton)
    assert at.editor.raw.hasFocus()
    at.key(KEY.Key_End, MOD.ControlModifier)
    QTest.keyClicks(at.editor.raw, "!")
    QTest.mouseClick(at.editor.raw_button, Qt.MouseButton.LeftButton)
    assert at.caption() == odd + "!"
    assert at.tags() == ["fr3d", "smile", "(a:1.2)"]


def test_tokens_are_counted_and_the_end_of_the_first_chunk_is_marked(at: At) -> None:
    words = "10 of 75 tokens   4 tags"
    wait_for(lambda: at.editor.tokens.text() == words, "the count")
    at.editor.add([f"tree {number}" for number in range(30)])
    marks = at.editor.chips.chips
    wait_for(lambda: list(marks.marks.values()) == [75], "the mark")
    assert at.editor.tokens.text().endswith("of 150 tokens   34 tags")


def test_everything_has_a_name(at: At) -> None:
    parts: Sequence[QWidget] = (at.editor.chips, at.editor.line, at.editor.text, at.editor.raw)
    assert all(part.accessibleName() for part in parts)


def test_what_is_half_written_is_kept_when_another_workspace_is_chosen(at: At) -> None:
    at.editor.text.setFocus()
    QTest.keyClicks(at.editor.text, "He stands.")
    at.session.window.actions_table["workspace_cull"].trigger()
    assert at.caption() == CAPTIONS[0] + "\nHe stands."
    at.context.go_to_row(1)
    at.session.window.actions_table["workspace_caption"].trigger()
    wait_for(lambda: at.editor.draft.caption == CAPTIONS[1], "the picture that is current by now")


def test_escape_leads_from_the_sentences_to_the_pictures_and_keeps_them(at: At) -> None:
    at.editor.text.setFocus()
    QTest.keyClicks(at.editor.text, "She sits.")
    at.key(KEY.Key_Escape)
    assert at.session.pictures.grid.hasFocus()
    assert at.caption() == CAPTIONS[0] + "\nShe sits."


@pytest.mark.parametrize("panel", ["coverage", "lint"])
def test_the_keyboard_goes_along_to_a_panel_that_hides_the_caption(at: At, panel: str) -> None:
    at.session.window.actions_table[panel].trigger()
    wait_for(lambda: not at.editor.line.hasFocus(), "the keyboard to leave what is hidden")
    widget = QGuiApplication.focusObject()
    assert isinstance(widget, QWidget)
    assert not at.editor.isAncestorOf(widget)
    QTest.keyClick(widget, KEY.Key_Escape)
    wait_for(at.session.pictures.grid.hasFocus, "the way back to the pictures")


def test_a_tab_takes_the_keyboard_out_of_the_caption_and_back(at: At) -> None:
    bars = (bar for bar in at.app.window.findChildren(QTabBar) if bar.count())
    tabs = next(bar for bar in bars if bar.tabText(0) == "Caption")
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    wait_for(at.session.caption_parts.tagger.general.slider.hasFocus, "the tagger")
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
    wait_for(at.editor.line.hasFocus, "the line")


def test_pictures_have_the_keys_once_the_caption_is_put_away(at: At) -> None:
    at.session.window.actions_table["workspace_cull"].trigger()
    wait_for(at.session.pictures.grid.hasFocus, "the pictures")
