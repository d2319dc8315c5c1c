"""The tags of several pictures: what all, some or none have, changed for all in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from curator.core.caption_edits import change_captions
from curator.ui.app import App
from curator.ui.selection_editor import SelectionEditor
from tests.helpers.windows import let_work, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]
KEY, MOD, LEFT = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton.LeftButton
CAPTIONS = ("fr3d, smile, hat", "fr3d, day, smile\nShe sits.", "smile, night", "other")
CHECKED, PARTLY, UNCHECKED = (
    Qt.CheckState.Checked,
    Qt.CheckState.PartiallyChecked,
    Qt.CheckState.Unchecked,
)


class At:
    """A window with the first three of four pictures selected."""

    def __init__(self, app: App) -> None:
        self.session = session_of(app)
        self.context = self.session.context
        self.project = self.context.project
        self.project.change_settings({"trigger": "fr3d"})
        images = self.project.images(self.context.model.ids)
        self.project.apply(change_captions("", dict(zip(images, CAPTIONS, strict=True))))
        settle(self.context)
        self.context.selection.choose(self.context.model.ids[:3], self.context.model.ids[0])
        press(self.session.pictures.grid, "e")
        wait_for(lambda: self.rows() and self.editor.line.hasFocus(), "the table")

    @property
    def editor(self) -> SelectionEditor:
        return self.session.caption_parts.panel.several

    def rows(self) -> list[tuple[str, Qt.CheckState]]:
        model = self.editor.table.tags
        role = Qt.ItemDataRole.CheckStateRole
        return [
            (tag, Qt.CheckState(model.index(row, 0).data(role)))
            for row, (tag, _number) in enumerate(model.rows)
        ]

    def choose(self, tag: str) -> None:
        """Go to a tag in the table."""
        tags = [row[0] for row in self.rows()]
        self.editor.table.setFocus()
        self.editor.table.setCurrentIndex(self.editor.table.tags.index(tags.index(tag), 0))

    def captions(self) -> list[str]:
        """What is on the disk, once it has been written."""
        let_work(20)
        settle(self.context)
        return [image.caption for image in self.project.images(self.context.model.ids)]

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = MOD.NoModifier) -> None:
        """Press a key where the keyboard is."""
        widget = QGuiApplication.focusObject()
        assert isinstance(widget, QWidget)
        QTest.keyClick(widget, key, modifier)


@pytest.fixture
def at(open_window: Open, tmp_path: Path) -> At:
    """Three pictures with the keyboard in the line."""
    return At(open_window(make_project(tmp_path, 4)))


def test_the_table_says_which_tags_all_and_some_have_the_most_frequent_first(at: At) -> None:
    assert at.rows() == [
        ("smile", CHECKED),
        ("fr3d", PARTLY),
        ("day", PARTLY),
        ("hat", PARTLY),
        ("night", PARTLY),
    ]
    assert at.editor.title.text() == "3 pictures selected"


def test_space_gives_a_tag_to_all_and_takes_it_from_all(at: At) -> None:
    at.choose("day")
    at.key(KEY.Key_Space)
    assert at.captions()[:3] == [
        "fr3d, smile, hat, day",
        "fr3d, day, smile\nShe sits.",
        "smile, night, day",
    ]
    wait_for(lambda: ("day", CHECKED) in at.rows(), "the box")
    at.key(KEY.Key_Space)
    assert at.captions()[:3] == ["fr3d, smile, hat", "fr3d, smile\nShe sits.", "smile, night"]
    wait_for(lambda: at.rows()[-1] == ("day", UNCHECKED), "the row stays, for whoever erred")
    at.context.undo()
    wait_for(lambda: "day" in at.captions()[2], "undo")


def test_tags_are_added_in_front_behind_the_triggers(at: At) -> None:
    at.editor.where.setCurrentIndex(1)
    QTest.keyClicks(at.editor.line, "wet fur, smile")
    at.key(KEY.Key_Return)
    assert at.captions() == [
        "fr3d, wet fur, smile, hat",
        "fr3d, wet fur, day, smile\nShe sits.",
        "wet fur, smile, night",
        "other",
    ]


def test_escape_leads_from_the_table_to_the_pictures(at: At) -> None:
    at.choose("day")
    at.key(KEY.Key_Escape)
    assert at.session.pictures.grid.hasFocus()


def test_a_tag_is_typed_over_in_all(at: At) -> None:
    at.choose("smile")
    at.key(KEY.Key_F2)
    QTest.keyClicks(QGuiApplication.focusObject(), "grin, open mouth")  # type: ignore[arg-type]
    at.key(KEY.Key_Return)
    wait_for(lambda: at.captions()[2] == "grin, open mouth, night", "the tags")
    assert at.captions()[0] == "fr3d, grin, open mouth, hat"
    assert at.session.around.status.quiet.text() == "Replace “smile”: 3 pictures"


def test_buttons_move_and_remove_what_is_chosen(at: At) -> None:
    assert not any(button.isEnabled() for button in at.editor.buttons.values())
    at.choose("smile")
    QTest.mouseClick(at.editor.buttons["end"], LEFT)
    assert at.captions()[:3] == ["fr3d, hat, smile", CAPTIONS[1], "night, smile"]
    QTest.mouseClick(at.editor.buttons["front"], LEFT)
    assert at.captions()[1] == "fr3d, smile, day\nShe sits."
    QTest.mouseClick(at.editor.buttons["none"], LEFT)
    assert at.captions() == ["fr3d, hat", "fr3d, day\nShe sits.", "night", "other"]


def test_typing_narrows_the_table(at: At) -> None:
    QTest.keyClicks(at.editor.seek, "IGH")
    assert at.rows() == [("night", PARTLY)]


def test_one_picture_brings_the_editor_of_one_back(at: At) -> None:
    assert not at.session.caption_parts.panel.editor.isVisible()
    at.context.go_to_row(1)
    assert at.session.caption_parts.panel.editor.isVisible()
    assert at.session.caption_parts.panel.editor.draft.caption == CAPTIONS[1]


def test_what_is_typed_is_for_those_that_were_selected_then(at: At) -> None:
    QTest.keyClicks(at.editor.line, "wet fur")
    at.key(KEY.Key_PageDown)
    assert at.captions() == [
        "fr3d, smile, hat, wet fur",
        "fr3d, day, smile, wet fur\nShe sits.",
        "smile, night, wet fur",
        "other",
    ]
    wait_for(at.session.caption_parts.panel.editor.line.hasFocus, "the line of the one picture")


def test_a_tag_is_typed_over_in_those_that_were_selected_then(at: At) -> None:
    at.choose("hat")
    at.key(KEY.Key_F2)
    QTest.keyClicks(QGuiApplication.focusObject(), "cap")  # type: ignore[arg-type]
    at.context.selection.choose(at.context.model.ids[1:], at.context.model.ids[1])
    wait_for(lambda: at.captions()[0] == "fr3d, smile, cap", "the tag")


def test_in_the_loupe_the_one_picture_is_written_about(at: At) -> None:
    at.session.window.actions_table["loupe"].trigger()
    editor = at.session.caption_parts.panel.editor
    assert editor.isVisible()
    assert editor.draft.caption == CAPTIONS[0]


def test_a_tag_that_is_being_typed_over_outlives_a_change_from_elsewhere(at: At) -> None:
    at.choose("hat")
    at.key(KEY.Key_F2)
    QTest.keyClicks(QGuiApplication.focusObject(), "red h")  # type: ignore[arg-type]
    image = at.project.image(at.context.model.ids[2])
    at.project.apply(change_captions("", {image: "smile, night, by a job"}))
    let_work(400)
    QTest.keyClicks(QGuiApplication.focusObject(), "at")  # type: ignore[arg-type]
    at.key(KEY.Key_Return)
    wait_for(lambda: at.captions()[0] == "fr3d, smile, red hat", "the tag")
    wait_for(lambda: ("by a job", PARTLY) in at.rows(), "the other change")
