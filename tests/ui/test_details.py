"""The details panel: one picture, several, and the way back to a point of its history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core import caption_edits, edits
from curator.core.records import Rating
from curator.ui.app import App
from curator.ui.panels.details import DetailsPanel
from curator.ui.session import Session
from tests.helpers.pictures import draw, encode, exif
from tests.helpers.windows import make_project, press, session_of, wait_for

Open = Callable[..., App]


def opened(open_window: Open, tmp_path: Path) -> tuple[Session, DetailsPanel]:
    session = session_of(open_window(make_project(tmp_path)))
    panel = session.around.details
    wait_for(lambda: "00.jpg" in panel.facts.toPlainText(), "the first picture")
    return session, panel


def test_a_picture_is_described_and_follows_edits(open_window: Open, tmp_path: Path) -> None:
    session, panel = opened(open_window, tmp_path)
    words = panel.facts.toPlainText()
    for part in ("160 x 120", "4:3", "images/00.jpg", "It is not rated.", "scraped/00.jpg"):
        assert part in words
    session.context.change(
        session.context.selection.meant(), lambda i: edits.set_rating(i, Rating.PRIMARY)
    )
    wait_for(lambda: "5 times an epoch" in panel.facts.toPlainText(), "its part in the training")
    assert panel.history.lines()[0].text == "rated primary"
    session.context.go_to_row(1)
    wait_for(lambda: "01.jpg" in panel.facts.toPlainText(), "the next picture")


def test_several_pictures_are_summed_up(open_window: Open, tmp_path: Path) -> None:
    session, panel = opened(open_window, tmp_path)
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: "12 pictures" in panel.facts.toPlainText(), "the sums")
    assert "12 unrated" in panel.facts.toPlainText()
    assert not panel.history.isVisible()


def test_a_point_of_the_history_is_gone_back_to(open_window: Open, tmp_path: Path) -> None:
    session, panel = opened(open_window, tmp_path)
    context = session.context
    (image_id,) = context.selection.meant()
    for edit in (
        lambda images: edits.set_rating(images, Rating.PRIMARY),
        lambda images: caption_edits.set_caption(images, "a cat"),
        lambda images: edits.set_rating(images, Rating.SUPPORTING),
    ):
        context.change([image_id], edit)
    wait_for(lambda: len(panel.history.lines()) == 4, "the history")
    panel.history.setFocus()
    panel.history.go_to(2)
    assert panel.history.lines()[2].text == "rated primary"
    press(panel.history, Qt.Key.Key_Return)
    wait_for(lambda: context.project.image(image_id).caption == "", "the way back")
    assert context.project.image(image_id).rating == Rating.PRIMARY
    context.undo()
    wait_for(lambda: context.project.image(image_id).caption == "a cat", "undo of it")


def test_markup_in_names_is_only_text(open_window: Open, tmp_path: Path) -> None:
    session, panel = opened(open_window, tmp_path)
    bad = tmp_path / "<b>bold<b>.jpg"
    bad.write_bytes(encode(draw(70), "JPEG", exif=exif(taken="2024:05:06 07:08:09")))
    session.imports.start([bad])
    wait_for(lambda: len(session.context.model.ids) == 13, "the import")
    session.context.go_to_row(12)
    wait_for(lambda: bad.name in panel.facts.toPlainText(), "its name as it is")
    assert "Taken" in panel.facts.toPlainText()
