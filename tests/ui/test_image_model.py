"""The model: ids in an array, records as they are looked at, and Qt's own rules for models."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from curator.core import caption_edits, edits
from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.records import Image, Rating
from curator.ui import image_model
from curator.ui.context import Context
from curator.ui.image_model import ID, RECORD, ImageModel
from tests.helpers.windows import settle, wait_for


def shown(model: ImageModel, row: int, role: int = Qt.ItemDataRole.DisplayRole) -> object:
    return model.index(row, 0).data(role)


def test_qt_finds_no_fault_whatever_is_shown(context: Context, qtmodeltester: ModelTester) -> None:
    model = context.model
    qtmodeltester.check(model)
    for ids in (array("q"), array("q", reversed(context.project.select())), array("q", [3])):
        model.show(ids)
        qtmodeltester.check(model)


def test_a_row_tells_its_picture_to_eye_and_ear(context: Context) -> None:
    model = context.model
    context.project.apply(
        caption_edits.set_caption(context.project.images([model.ids[1]]), "a creature, hat")
    )
    context.project.apply(edits.set_rating(context.project.images([model.ids[1]]), Rating.PRIMARY))
    assert shown(model, 1) == "01.jpg"
    assert shown(model, 1, ID) == model.ids[1]
    assert shown(model, 1, RECORD) == context.project.image(model.ids[1])
    spoken = shown(model, 1, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "01.jpg, primary, 120 by 160, a creature, hat"
    assert shown(model, 1, Qt.ItemDataRole.DecorationRole) is None
    assert model.data(QModelIndex()) is None


def test_what_was_edited_is_read_again_and_only_its_rows_are_told(
    context: Context, qtbot: QtBot
) -> None:
    model = context.model
    assert model.record(4) is not None
    with qtbot.waitSignal(model.dataChanged) as told:
        context.change([model.ids[4]], lambda images: edits.set_rating(images, Rating.SUPPORTING))
    assert [index.row() for index in told.args[:2]] == [4, 4]
    record = model.record(4)
    assert record is not None
    assert record.rating == Rating.SUPPORTING


def test_an_edit_of_what_is_not_on_show_is_told_to_nobody(context: Context, qtbot: QtBot) -> None:
    model, hidden = context.model, context.model.ids[0]
    model.show(model.ids[1:])
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.waitSignal(context.edited):
        context.change([hidden], lambda images: edits.set_rating(images, Rating.PRIMARY))


def test_a_picture_that_is_gone_is_an_empty_row(context: Context) -> None:
    model = context.model
    model.show(array("q", [*model.ids, 10_000]))
    last = len(model.ids) - 1
    assert model.record(last) is None
    assert shown(model, last) is None
    assert shown(model, last, ID) == 10_000


def test_rows_are_found_by_id(context: Context) -> None:
    model = context.model
    assert [model.row_of(image_id) for image_id in model.ids] == list(range(len(model.ids)))
    assert model.row_of(10_000) == model.row_of(None) == -1


def test_a_bounded_number_of_records_is_kept(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_model, "MOST_RECORDS", 5)
    monkeypatch.setattr(image_model, "ROWS_PER_READ", 3)
    model, project = context.model, context.project
    before = [model.record(0), model.record(11)]
    project.apply(edits.reject(project.images(model.ids)))  # the model has not heard of it yet
    assert model.record(11) == before[1]  # known still
    assert [shown(model, row) for row in range(11)] == [f"{row:02d}.jpg" for row in range(11)]
    assert model.record(11) != before[1]  # forgotten meanwhile, and read again


def test_the_listeners_of_an_edit_find_the_model_up_to_date(context: Context) -> None:
    model = context.model
    seen = [model.record(2)]
    context.edited.connect(lambda _edit: seen.append(model.record(2)))
    context.change([model.ids[2]], edits.reject)
    wait_for(lambda: len(seen) == 2, "the edit")
    assert [image and image.rejected for image in seen] == [False, True]


def test_what_is_on_the_screen_shows_an_edit_before_it_is_on_the_disk(context: Context) -> None:
    model = context.model
    assert [model.record(row) for row in range(3)]
    context.change(model.ids[:2], edits.reject)
    seen = [model.record(row) for row in range(3)]
    assert [image and image.rejected for image in seen] == [True, True, False]
    settle(context)
    kept = context.project.images(model.ids[:3])
    assert [image.rejected for image in kept] == [True, True, False]


def test_an_edit_that_fails_leaves_what_was_before_on_the_screen(context: Context) -> None:
    model = context.model
    before = model.record(0)
    told: list[object] = []
    context.told.connect(told.append)

    def build(images: Sequence[Image]) -> Edit:
        if threading.current_thread() is threading.main_thread():
            return edits.reject(images)
        raise UserError("The disk is full.")

    context.change(model.ids[:1], build)
    assert model.record(0) != before
    wait_for(lambda: told, "the error")
    assert model.record(0) == before
