"""Tags as chips: removed, edited, moved, copied and switched, by keys and mouse."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest

from curator.core.caption_edits import change_captions
from tests.helpers.windows import (
    settle,
    wait_for,
)
from tests.helpers.writing import CAPTIONS, At

KEY, MOD = Qt.Key, Qt.KeyboardModifier


def test_chips_are_removed_by_key_and_by_their_cross(at: At) -> None:
    at.choose("smile", "hat")
    at.key(KEY.Key_Delete)
    assert at.caption() == "fr3d, red hair"
    chips = at.editor.chips
    index = chips.chips.index(chips.chips.rowCount() - 1)
    place = chips.painter.cross(index).center()
    QTest.mouseClick(chips.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert at.caption() == "fr3d"


def test_delete_goes_on_from_chip_to_chip(at: At) -> None:
    at.choose("smile")
    at.key(KEY.Key_Delete)
    at.key(KEY.Key_Delete)
    assert at.caption() == "fr3d, hat"


def test_from_the_empty_line_backspace_goes_to_the_last_chip(at: At) -> None:
    at.key(KEY.Key_Backspace)
    assert at.editor.chips.hasFocus()
    at.key(KEY.Key_Backspace)
    assert at.caption() == "fr3d, smile, red hair"
    at.key(KEY.Key_W)
    assert at.editor.line.hasFocus()
    assert at.editor.line.text() == "w"


def test_a_chip_is_edited_in_its_place(at: At) -> None:
    at.choose("red hair")
    at.key(KEY.Key_F2)
    QTest.keyClicks(QGuiApplication.focusObject(), "long hair, auburn hair")  # type: ignore[arg-type]
    at.key(KEY.Key_Return)
    assert at.caption() == "fr3d, smile, long hair, auburn hair, hat"
    assert "auburn hair" in at.tags()


def test_going_on_while_a_chip_is_edited_keeps_the_change_with_its_picture(at: At) -> None:
    at.choose("red hair")
    at.key(KEY.Key_F2)
    QTest.keyClicks(QGuiApplication.focusObject(), "long hair")  # type: ignore[arg-type]
    at.key(KEY.Key_PageDown)
    assert at.caption(0) == "fr3d, smile, long hair, hat"
    assert at.caption(1) == CAPTIONS[1]
    assert at.tags() == ["fr3d", "day"]
    assert not at.editor.chips.is_editing


def test_chips_are_moved_by_key(at: At) -> None:
    at.choose("hat")
    at.key(KEY.Key_Left, MOD.AltModifier)
    assert at.caption() == "fr3d, smile, hat, red hair"
    at.key(KEY.Key_Home, MOD.AltModifier)
    assert at.caption() == "fr3d, hat, smile, red hair"
    at.key(KEY.Key_Left, MOD.AltModifier)
    assert at.caption() == "fr3d, hat, smile, red hair"
    at.key(KEY.Key_Right, MOD.AltModifier)
    assert at.caption() == "fr3d, smile, hat, red hair"
    at.key(KEY.Key_End, MOD.AltModifier)
    assert at.caption() == "fr3d, smile, red hair, hat"


def test_a_chip_is_dragged_before_another(at: At) -> None:
    at.choose("hat")
    chips = at.editor.chips
    target = chips.visualRect(chips.chips.index(2))  # behind the two triggers
    place = QPointF(target.left() + 3, target.center().y())
    data, action = QMimeData(), Qt.DropAction.MoveAction
    left, none = Qt.MouseButton.LeftButton, MOD.NoModifier
    chips.dropEvent(QDropEvent(place, action, data, left, none))
    wait_for(lambda: at.caption() == "fr3d, hat, smile, red hair", "the new order")


def test_chips_let_themselves_be_dropped_among_chips(at: At) -> None:
    model, action = at.editor.chips.chips, Qt.DropAction.MoveAction
    data = model.mimeData([model.index(2)])
    assert any(data.hasFormat(kind) for kind in model.mimeTypes())  # else a view refuses the drag
    assert model.canDropMimeData(data, action, -1, -1, QModelIndex())


def test_a_trigger_is_switched_off_for_this_picture_and_on_again(at: At) -> None:
    at.editor.chips.take_keyboard(0)
    at.key(KEY.Key_Space)
    assert at.caption() == "smile, red hair, hat"
    assert at.editor.chips.chips.chips[0].spoken == "Trigger fr3d, off for this picture"
    at.key(KEY.Key_Right)
    at.key(KEY.Key_Space)
    assert at.caption() == "sw0rd, smile, red hair, hat"
    chips = at.editor.chips
    place = chips.visualRect(chips.chips.index(0)).center()
    QTest.mouseClick(chips.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert at.caption() == "fr3d, sw0rd, smile, red hair, hat"


def test_a_new_trigger_of_the_project_shows_at_once(at: At) -> None:
    at.project.change_settings({"trigger": "r0b0t"})
    wait_for(lambda: at.editor.chips.chips.chips[0].tag == "r0b0t", "the trigger")


def test_chips_are_copied_to_the_next_picture(at: At) -> None:
    at.choose("smile", "hat")
    at.key(KEY.Key_C, MOD.ControlModifier)
    assert QGuiApplication.clipboard().text() == "smile, hat"
    at.key(KEY.Key_PageDown)
    assert at.context.current_row == 1
    at.key(KEY.Key_V, MOD.ControlModifier)
    assert at.caption(1) == "fr3d, day, smile, hat\nShe sits."


def test_a_chip_that_is_being_edited_outlives_a_job(at: At) -> None:
    at.choose("red hair")
    at.key(KEY.Key_F2)
    QTest.keyClicks(QGuiApplication.focusObject(), "long hair")  # type: ignore[arg-type]
    image = at.project.image(at.context.model.ids[0])
    at.project.apply(change_captions("Tag", {image: "fr3d, new, smile, red hair, hat"}))
    settle(at.context)
    at.key(KEY.Key_Return)
    assert at.caption() == "fr3d, new, smile, long hair, hat"
    assert "new" in at.tags()
