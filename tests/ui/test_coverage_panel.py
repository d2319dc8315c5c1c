"""The coverage panel: values, gaps and surplus, two axes crossed; a press shows the pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.edits import set_rating
from curator.core.records import Rating
from curator.ui.app import App
from curator.ui.panels.coverage import NO_TAGS, CoveragePanel
from curator.ui.session import Session
from tests.helpers.captioned import captioned
from tests.helpers.windows import session_of, settle, wait_for

Open = Callable[..., App]
CAPTIONS = [*["close-up, from front"] * 10, "upper body, from side", ""]


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    return session_of(open_window(captioned(tmp_path, CAPTIONS)))


@pytest.fixture
def panel(session: Session) -> CoveragePanel:
    session.window.actions_table["coverage"].trigger()
    made = session.overviews.coverage
    wait_for(lambda: made.tree.topLevelItemCount(), "the coverage")
    return made


def number(panel: CoveragePanel, title: str, name: str) -> str:
    line = panel.tree.line(title, name)
    assert line is not None
    return line.text(1)


def test_values_are_counted_and_gaps_and_surplus_told(panel: CoveragePanel) -> None:
    assert number(panel, "Framing", "close-up") == "10"
    assert number(panel, "Framing", "full body") == "0"
    assert "Framing: 91 % close-up" in panel.findings.text()
    assert "Angle: 0 from behind" in panel.findings.text()
    assert panel.counted.text().startswith("12 pictures; nothing is rated")


def test_a_line_shows_its_pictures_by_mouse_and_by_key(
    session: Session, panel: CoveragePanel
) -> None:
    line = panel.tree.line("Framing", "upper body")
    assert line is not None
    rect = panel.tree.visualItemRect(line)
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    wait_for(lambda: len(session.context.model.ids) == 1, "the one picture")
    first = session.finder.query
    panel.tree.setCurrentItem(panel.tree.line("Framing", "close-up"))
    QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    wait_for(lambda: len(session.context.model.ids) == 10, "the ten pictures")
    assert session.finder.query != first


def test_a_cell_of_the_matrix_shows_what_has_both(session: Session, panel: CoveragePanel) -> None:
    matrix = panel.matrix
    cells = {
        (matrix.verticalHeaderItem(r).text(), matrix.horizontalHeaderItem(c).text()): (r, c)
        for r in range(matrix.rowCount())
        for c in range(matrix.columnCount())
    }
    item = matrix.item(*cells["upper body", "from the side"])
    assert item.text() == "1"
    matrix.setFocus()
    matrix.setCurrentItem(item)
    QTest.keyClick(matrix, Qt.Key.Key_Return)
    wait_for(lambda: len(session.context.model.ids) == 1, "the one picture")


def test_numbers_follow_ratings_and_can_be_weighed_by_repeats(
    session: Session, panel: CoveragePanel
) -> None:
    context = session.context
    ids = list(context.project.select("tag:close-up"))[:2]
    context.change(ids, lambda images: set_rating(images, Rating.PRIMARY))
    settle(context)
    wait_for(lambda: number(panel, "Framing", "close-up") == "2", "the new count")
    panel.weighted.click()
    assert number(panel, "Framing", "close-up") == "10"
    assert panel.counted.text().endswith("10 shown in an epoch.")


def test_without_tags_the_panel_says_what_belongs_there(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(captioned(tmp_path, ["", "dog"])))
    session.window.actions_table["coverage"].trigger()
    wait_for(lambda: session.overviews.coverage.findings.text() == NO_TAGS, "the hint")
