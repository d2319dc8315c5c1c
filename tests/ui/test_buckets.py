"""The trainer's eye in the window: badges, lost strips, the bucket panel, another resolution."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem

from curator.core.edits import turn_images
from curator.core.geometry import Size
from curator.core.recipe import Turn
from curator.core.training_fit import fit_of
from curator.core.training_rule import rule_of
from curator.ui.app import App
from curator.ui.bucket_tree import BUCKET, BucketTree
from curator.ui.lost_painter import lost_strips
from curator.ui.panels.buckets import ALL, ONLY_TRIED, OWN, BucketsPanel
from curator.ui.session import Session
from tests.helpers.windows import make_project, press, session_of, wait_for
from trainer.buckets import BucketRule

Open = Callable[..., App]
CTRL = Qt.KeyboardModifier.ControlModifier
UPRIGHT, WIDE, SQUARE = (448, 576), (576, 448), (512, 512)


def opened(open_window: Open, tmp_path: Path) -> tuple[App, Session, BucketsPanel]:
    """A project of twelve pictures, four for each of three buckets, the panel to be seen."""
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    app.window.show_panel("buckets")
    panel = session.around.buckets
    wait_for(panel.tree.lines, "the buckets")
    return app, session, panel


def counted(panel: BucketsPanel) -> dict[Size, int]:
    return {line.row.bucket: line.row.pictures for line in panel.tree.lines() if line.row.pictures}


def item(tree: BucketTree, bucket: Size) -> QTreeWidgetItem:
    return tree.findItems("{} x {}".format(*bucket), Qt.MatchFlag.MatchExactly, BUCKET)[0]


def click(tree: BucketTree, bucket: Size, keys: Qt.KeyboardModifier = CTRL & ~CTRL) -> None:
    place = tree.visualItemRect(item(tree, bucket)).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, keys, place)


def badges(session: Session, row: int) -> list[str]:
    image = session.context.model.record(row)
    assert image is not None
    return [badge.words for badge in session.context.model.badges(image.id)]


def test_pictures_are_counted_by_bucket_and_a_click_filters(
    open_window: Open, tmp_path: Path
) -> None:
    _app, session, panel = opened(open_window, tmp_path)
    model, finder = session.context.model, session.finder
    assert counted(panel) == {UPRIGHT: 4, SQUARE: 4, WIDE: 4}
    assert panel.counted.text().startswith("12 pictures in 3 buckets; ")
    click(panel.tree, WIDE)
    wait_for(lambda: len(model.ids) == 4, "the pictures of the bucket")
    assert finder.query == "bucket:576x448"
    wait_for(lambda: any(line.is_asked for line in panel.tree.lines()), "the mark")
    assert counted(panel)[UPRIGHT] == 4
    click(panel.tree, UPRIGHT, CTRL)
    wait_for(lambda: len(model.ids) == 8, "both")
    wait_for(lambda: sum(line.is_asked for line in panel.tree.lines()) == 2, "the marks")
    click(panel.tree, UPRIGHT)
    wait_for(lambda: finder.query == "bucket:448x576", "one alone")
    wait_for(lambda: sum(line.is_asked for line in panel.tree.lines()) == 1, "its mark")
    panel.tree.setCurrentItem(item(panel.tree, UPRIGHT))
    panel.tree.setFocus()
    press(panel.tree, Qt.Key.Key_Space)
    wait_for(lambda: len(model.ids) == 12 and not finder.query, "all pictures")


def test_what_is_done_to_pictures_counts_at_once(open_window: Open, tmp_path: Path) -> None:
    _app, session, panel = opened(open_window, tmp_path)
    project = session.context.project
    wide = list(project.select("bucket:576x448"))
    session.context.change(wide, lambda images: turn_images(images, Turn(1)))
    wait_for(lambda: counted(panel) == {UPRIGHT: 8, SQUARE: 4}, "the turned ones")
    session.context.undo()
    wait_for(lambda: counted(panel).get(WIDE) == 4, "the undo")


def test_another_resolution_changes_all_that_is_seen(open_window: Open, tmp_path: Path) -> None:
    app, session, panel = opened(open_window, tmp_path)
    context = session.context
    press(session.pictures.grid, "i")
    assert app.window.actions_table["trainers_eye"].isChecked()
    wait_for(lambda: badges(session, 2)[0] == "512x512 up 3.7x", "the badge")
    session.finder.ask("bucket:1024x1024")
    wait_for(lambda: not context.model.ids, "nothing to be found")
    panel.limits.family.setFocus()
    press(panel.limits.family, Qt.Key.Key_Down, Qt.Key.Key_Down)
    wait_for(lambda: context.project.settings.resolution == 1024, "the setting")
    wait_for(lambda: len(context.model.ids) == 4, "the pictures of the new bucket")
    assert badges(session, 0)[0] == "1024x1024 up 7.3x"
    wait_for(lambda: (1024, 1024) in counted(panel), "the new buckets")
    assert panel.limits.largest.value() == 2048
    for side in (768, 512):  # each key was a change of its own
        context.undo()
        wait_for(lambda side=side: panel.limits.resolution.value() == side, "the undo")
    session.pictures.take_keyboard()
    press(session.pictures.grid, "i")
    assert not context.eye.is_open


def test_other_limits_are_tried_before_they_are_used(open_window: Open, tmp_path: Path) -> None:
    _app, session, panel = opened(open_window, tmp_path)
    said: list[str] = []
    session.context.said.connect(said.append)
    panel.limits.smallest.setValue(512)
    wait_for(lambda: counted(panel) == {SQUARE: 12}, "what would be")
    assert panel.change.text().startswith("8 pictures would train in another bucket: 1 bucket")
    assert panel.use.isVisible()
    click(panel.tree, SQUARE)
    assert said == [ONLY_TRIED]
    panel.back.click()
    wait_for(lambda: len(counted(panel)) == 3, "the project's buckets")
    assert panel.limits.smallest.value() == 256
    assert not panel.change.isVisible()
    panel.limits.largest.setValue(256)
    wait_for(lambda: "leave no room" in panel.change.text(), "why that can't be")
    assert not panel.use.isEnabled()
    panel.limits.largest.setValue(512)
    wait_for(panel.use.isEnabled, "a choice that can be")
    panel.use.click()
    wait_for(lambda: not panel.use.isVisible(), "its use")
    assert rule_of(session.context.project.settings) == BucketRule(max_reso=512)


def test_a_few_buckets_are_proposed_and_chosen(open_window: Open, tmp_path: Path) -> None:
    _app, _session, panel = opened(open_window, tmp_path)
    assert panel.only.itemText(1).startswith("The best one: ")
    panel.only.setCurrentIndex(1)
    panel.only.activated.emit(1)
    wait_for(lambda: counted(panel) == {SQUARE: 12}, "the best one")
    assert "cropped to these shapes" in panel.change.text()
    item(panel.tree, WIDE).setCheckState(BUCKET, Qt.CheckState.Checked)
    wait_for(lambda: counted(panel) == {SQUARE: 8, WIDE: 4}, "two")
    item(panel.tree, WIDE).setCheckState(BUCKET, Qt.CheckState.Unchecked)
    wait_for(lambda: counted(panel) == {SQUARE: 12}, "one again")
    item(panel.tree, SQUARE).setCheckState(BUCKET, Qt.CheckState.Unchecked)
    wait_for(lambda: item(panel.tree, SQUARE).checkState(BUCKET).value, "the last one to stay")
    item(panel.tree, (1024, 256)).setCheckState(BUCKET, Qt.CheckState.Checked)
    wait_for(lambda: panel.only.currentIndex() == OWN, "a choice of one's own")
    panel.only.activated.emit(ALL)
    wait_for(lambda: len(counted(panel)) == 3, "all buckets")


def test_the_loupe_dims_what_is_cropped_away(open_window: Open, tmp_path: Path) -> None:
    app, session, _panel = opened(open_window, tmp_path)
    session.context.go_to_row(0)
    press(session.pictures.grid, Qt.Key.Key_Space)
    canvas = session.pictures.loupe.pane.canvas
    wait_for(lambda: canvas.image and session.large.get(canvas.image), "the picture")
    before = canvas.grab().toImage()
    app.window.actions_table["trainers_eye"].trigger()
    wait_for(lambda: canvas.grab().toImage() != before, "the strips")
    app.window.actions_table["trainers_eye"].trigger()
    wait_for(lambda: canvas.grab().toImage() == before, "the picture alone")


def test_details_tell_how_a_picture_trains(open_window: Open, tmp_path: Path) -> None:
    _app, session, _panel = opened(open_window, tmp_path)
    session.window.show_panel("details")
    facts = session.around.details.facts
    wait_for(lambda: "576 x 448" in facts.toPlainText(), "the bucket")
    assert "is cropped away" in facts.toPlainText()


@pytest.mark.parametrize(
    ("picture", "target", "strips"),
    [
        ((1200, 1000), (0, 0, 600, 500), [(0, 0, 50, 500), (550, 0, 50, 500)]),
        ((1000, 1200), (10, 20, 500, 600), [(10, 20, 500, 50), (10, 570, 500, 50)]),
        ((512, 512), (0, 0, 512, 512), []),
    ],
)
def test_strips_lie_where_the_trainer_cuts(
    picture: Size, target: tuple[int, ...], strips: list[tuple[int, ...]]
) -> None:
    fit = fit_of(picture, BucketRule(min_reso=512, max_reso=512))
    found = lost_strips(QRectF(*target), picture, fit)
    assert [one.getRect() for one in found] == strips
