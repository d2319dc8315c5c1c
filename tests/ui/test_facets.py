"""The facets panel: counts that follow edits, values that filter, filters that are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem

from curator.core import edits
from curator.core.records import Rating, RejectReason
from curator.ui.app import App
from curator.ui.facet_tree import LINE, FacetTree, Line
from curator.ui.panels.facets import NOTHING_TO_KEEP
from curator.ui.session import Session
from tests.helpers.windows import make_project, press, session_of, wait_for

Open = Callable[..., App]
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(open_window: Open, tmp_path: Path) -> tuple[Session, FacetTree]:
    """A project of twelve: two primary, one supporting, one rejected."""
    session = session_of(open_window(make_project(tmp_path)))
    project, ids = session.context.project, session.context.model.ids
    project.apply(edits.set_rating(project.images(ids[:2]), Rating.PRIMARY))
    project.apply(edits.set_rating(project.images(ids[2:3]), Rating.SUPPORTING))
    project.apply(edits.reject(project.images(ids[3:4]), RejectReason.BLURRY))
    tree = session.around.facets.tree
    wait_for(lambda: any(one.title == "blurry" for one in tree.lines()), "the facets")
    return session, tree


def line(tree: FacetTree, title: str) -> Line:
    return next(one for one in tree.lines() if one.title == title)


def item(tree: FacetTree, title: str) -> QTreeWidgetItem:
    found = tree.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return next(one for one in found if one.parent())


def click(tree: FacetTree, title: str, keys: Qt.KeyboardModifier = CTRL & ~CTRL) -> None:
    tree.scrollToItem(item(tree, title))
    place = tree.visualItemRect(item(tree, title)).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, keys, place)


def test_counts_follow_edits(open_window: Open, tmp_path: Path) -> None:
    session, tree = opened(open_window, tmp_path)
    assert line(tree, "primary").spoken() == "primary, 2 pictures"
    press(session.pictures.grid, "1")
    session.context.go_to_row(5)
    press(session.pictures.grid, "1")
    wait_for(lambda: line(tree, "primary").pictures == 3, "the new count")
    session.context.undo()
    wait_for(lambda: line(tree, "primary").pictures == 2, "the old count")


def test_a_click_shows_one_value_and_with_ctrl_another_one_too(
    open_window: Open, tmp_path: Path
) -> None:
    session, tree = opened(open_window, tmp_path)
    shown = session.context.model
    click(tree, "primary")
    wait_for(lambda: len(shown.ids) == 2, "the primaries")
    wait_for(lambda: line(tree, "primary").is_asked, "the mark")
    assert line(tree, "supporting").pictures == 1
    click(tree, "supporting", CTRL)
    wait_for(lambda: len(shown.ids) == 3, "both")
    wait_for(lambda: line(tree, "supporting").spoken().endswith("in the filter"))
    click(tree, "supporting")
    wait_for(lambda: session.finder.query == "is:supporting" and len(shown.ids) == 1)
    wait_for(lambda: not line(tree, "primary").is_asked)
    click(tree, "supporting")
    wait_for(lambda: len(shown.ids) == 12, "all again")
    assert session.pictures.grid.hasFocus()


def test_facets_narrow_each_other_and_the_query_that_is_typed(
    open_window: Open, tmp_path: Path
) -> None:
    session, tree = opened(open_window, tmp_path)
    session.finder.ask("id:..3 sort:-id")
    wait_for(lambda: line(tree, "primary").pictures == 2 and len(session.context.model.ids) == 3)
    click(tree, "primary")
    wait_for(lambda: session.finder.query == "id:..3 is:primary sort:-id")
    wait_for(lambda: line(tree, "uncaptioned").pictures == 2)
    click(tree, "captioned")
    wait_for(lambda: len(session.context.model.ids) == 0)
    wait_for(lambda: line(tree, "captioned").is_asked)
    before = tree.lines()
    session.finder.ask("is:primary (")
    QTest.qWait(200)
    assert tree.lines() == before  # the filter bar says what is wrong


def test_the_keyboard_chooses_and_folds(open_window: Open, tmp_path: Path) -> None:
    session, tree = opened(open_window, tmp_path)
    tree.setFocus()
    tree.setCurrentItem(item(tree, "supporting"))
    press(tree, Qt.Key.Key_Space)
    wait_for(lambda: session.finder.query == "is:supporting")
    QTest.keyClick(tree, Qt.Key.Key_Up)
    QTest.keyClick(tree, Qt.Key.Key_Space, CTRL)
    wait_for(lambda: session.finder.query == "(is:supporting OR is:primary)")
    tree.setCurrentItem(tree.topLevelItem(0))
    press(tree, Qt.Key.Key_Return)
    first = tree.topLevelItem(0)
    assert first
    assert not first.isExpanded()


def test_a_filter_is_kept_renamed_and_removed(open_window: Open, tmp_path: Path) -> None:
    session, tree = opened(open_window, tmp_path)
    project, window, name = session.context.project, session.window, session.around.facets.name
    window.actions_table["save_filter"].trigger()
    assert session.notices.lines()[0].notice.text == NOTHING_TO_KEEP
    session.finder.ask("is:primary")
    window.actions_table["save_filter"].trigger()
    assert name.hasFocus()
    QTest.keyClicks(name, "best")
    press(name, Qt.Key.Key_Return)
    wait_for(lambda: any(one.title == "best" for one in tree.lines()), "the filter")
    assert line(tree, "best").is_asked
    assert not name.isVisible()
    session.finder.ask("")
    wait_for(lambda: not line(tree, "best").is_asked)
    click(tree, "best")
    wait_for(lambda: session.finder.query == "is:primary")
    tree.setFocus()
    tree.setCurrentItem(item(tree, "best"))
    press(tree, Qt.Key.Key_F2)
    assert name.text() == "best"
    QTest.keyClicks(name, "very best")
    press(name, Qt.Key.Key_Return)
    wait_for(lambda: [one.name for one in project.filters()] == ["very best"])
    wait_for(lambda: any(one.title == "very best" for one in tree.lines()))
    tree.setCurrentItem(item(tree, "very best"))
    press(tree, Qt.Key.Key_Delete)
    wait_for(lambda: not project.filters(), "its end")
    session.context.undo()
    wait_for(lambda: any(one.title == "very best" for one in tree.lines()), "it to come back")


def test_what_stands_in_a_line_is_read_aloud(open_window: Open, tmp_path: Path) -> None:
    _session, tree = opened(open_window, tmp_path)
    spoken = item(tree, "blurry").data(0, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "blurry, 1 picture"
    assert item(tree, "blurry").data(0, LINE).term == "reason:blurry"
