"""Lines for tags: what is offered, and when a tag is given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from curator.core.tag_categories import Category
from curator.core.tag_index import TagIndex
from curator.core.tag_lists import TagList
from curator.ui.context import Context
from curator.ui.tag_colours import tag_colour
from curator.ui.tag_completer import AddLine
from curator.ui.tag_words import TagWords
from curator.ui.theme import DARK, LIGHT, Colours, contrast
from tests.helpers.windows import wait_for

LIST = TagList(
    "list",
    ("smile", "saber", "smiley_face", "outdoors"),
    (Category.GENERAL, Category.CHARACTER, Category.GENERAL, Category.GENERAL),
    (5_000, 400, 30, 2),
    (("smiling",), ("arturia",), (), ()),
)


@pytest.fixture
def line(qtbot: QtBot, context: Context) -> Iterator[AddLine]:
    """A line in a window of its own, over a small list and two tags of the project."""
    words = TagWords(context)
    window = QWidget()
    qtbot.addWidget(window)
    made = AddLine(context.theme, words, "Add tags", "Add tags")
    QVBoxLayout(window).addWidget(made)
    window.resize(400, 400)
    window.show()
    window.activateWindow()
    made.setFocus()
    wait_for(lambda: made.hasFocus() and words.index, "the words that focus asks for")
    words.index = TagIndex([LIST], [("smile", 3), ("red hair", 2)])
    yield made
    window.close()


def given(line: AddLine) -> list[list[str]]:
    """What the line gives from now on."""
    found: list[list[str]] = []
    line.given.connect(found.append)
    return found


def offered(line: AddLine) -> list[str]:
    offers = line.offers
    return [offers.item(at).text() for at in range(offers.count())] if offers.isVisible() else []


def test_the_projects_tags_come_first_and_the_keyboard_stays(line: AddLine) -> None:
    QTest.keyClicks(line, "smil")
    assert offered(line)[:2] == ["smile", "smiley face"]
    assert line.hasFocus()


def test_an_alias_leads_to_its_tag(line: AddLine) -> None:
    found = given(line)
    QTest.keyClicks(line, "artur")
    assert offered(line) == ["saber   ← arturia"]
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert found == [["saber"]]


def test_enter_gives_what_was_typed_and_not_what_is_offered(line: AddLine) -> None:
    found = given(line)
    QTest.keyClicks(line, "smil")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert found == [["smil"]]
    assert not line.offers.isVisible()


def test_down_in_the_empty_line_offers_what_is_used_most(line: AddLine) -> None:
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert offered(line) == ["smile", "red hair"]


def test_blanks_and_commas_alone_give_nothing(line: AddLine) -> None:
    found = given(line)
    QTest.keyClicks(line, " , ,")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert found == []


@pytest.mark.parametrize("kind", [None, *Category])
@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_kinds_of_tags_can_be_read(colours: Colours, kind: Category | None) -> None:
    assert contrast(tag_colour(kind, colours), colours.field) >= 4.5
    assert contrast(tag_colour(kind, colours), colours.panel) >= 4.5
