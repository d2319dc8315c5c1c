"""Duplicates decided in a real window: seen on one ground, kept and rejected by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curator.core.duplicates import Kind, Pair
from curator.core.edits import reject
from curator.core.records import Rating
from curator.ui.app import App
from curator.ui.deciding import Deciding
from curator.ui.duplicates_view import DuplicatesView
from curator.ui.session import Session
from tests.helpers.copies import make_copies
from tests.helpers.windows import let_work, press, session_of, settle, wait_for

Open = Callable[..., App]
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with groups in it, to be copied."""
    return make_copies(tmp_path_factory.mktemp("found"))


@pytest.fixture
def session(open_window: Open, found: Path, tmp_path: Path) -> Session:
    """A window in which the groups are on show."""
    made = session_of(open_window(copytree(found, tmp_path / "copies")))
    QTest.keyClick(made.pictures.grid, Qt.Key.Key_D, SHIFT)
    wait_for(lambda: deciding(made).cases, "the groups")
    return made


def keys(*pressed: str | Qt.Key) -> None:
    """Press keys wherever the focus is."""
    for key in pressed:
        focus = QApplication.focusWidget()
        assert focus is not None
        press(focus, key)


def view(session: Session) -> DuplicatesView:
    return session.pictures.duplicates


def deciding(session: Session) -> Deciding:
    return view(session).deciding


def group(session: Session) -> list[str]:
    case = deciding(session).case
    return [image.name for image in case.images] if case else []


def go_to(session: Session, name: str) -> None:
    keys("p", "p", *[Qt.Key.Key_Left] * 2)  # the keeper stands first
    for _ in range(3):
        if name not in group(session):
            keys("n")
    assert name in group(session)


def current(session: Session) -> str:
    case, image_id = deciding(session).case, deciding(session).current
    assert case is not None
    assert image_id is not None
    return case.image(image_id).name


def judged(session: Session) -> dict[str, str]:
    """By name, how pictures are judged that are not left as they were."""
    settle(session.context)
    project = session.context.project
    return {
        image.name: image.reject_reason if image.rejected else Rating(image.rating).name.lower()
        for image in project.images(project.select(""))
        if image.rejected or image.rating
    }


def open_groups(session: Session) -> int:
    settle(session.context)
    return len(session.context.project.duplicate_groups())


def seen(session: Session) -> QImage:
    """What the canvas shows once the pictures are there."""
    canvas = view(session).canvas
    wait_for(lambda: canvas.image and canvas._levels(canvas.image), "the picture")
    wait_for(lambda: canvas.beside is None or canvas._levels(canvas.beside), "the other one")
    let_work(30)
    return canvas.grab().toImage()


def differ(first: QImage, second: QImage) -> float:
    """The mean difference in levels of 255 over a grid of points in the middle."""
    width, height = first.width(), first.height()
    points = [(x, y) for x in range(-70, 71, 10) for y in range(-50, 51, 10)]
    total = 0
    for x, y in points:
        one, other = (
            QColor(picture.pixel(width // 2 + x, height // 2 + y)) for picture in (first, second)
        )
        total += abs(one.green() - other.green())
    return total / len(points)


def test_every_group_is_cleared_by_one_key_and_undone_by_one(session: Session) -> None:
    assert "1 of 3 groups" in view(session).title.text()
    for _ in range(3):
        keys(Qt.Key.Key_Return)
    wait_for(lambda: open_groups(session) == 0, "the decisions")
    gone = ("a-half.png", "a-mirrored.png", "b-cut.png", "c.png")
    assert judged(session) == dict.fromkeys(gone, "duplicate")
    assert "left to decide" in view(session).canvas.words
    keys(Qt.Key.Key_Backspace)
    wait_for(lambda: deciding(session).cases, "the group that came back")
    assert open_groups(session) == 1
    assert group(session) == ["c-framed.png", "c.png"]
    keys(Qt.Key.Key_Escape)
    assert session.pictures.grid.isVisible()
    keys("x")  # keys judge as ever, what was looked at last
    assert judged(session)["c-framed.png"] == ""
    assert len(judged(session)) == 4


def test_photos_taken_in_a_row_are_decided_apart_from_copies(session: Session) -> None:
    project = session.context.project
    ids = {image.name: image.id for image in project.images(project.select(""))}
    a, d = sorted((ids["a.png"], ids["d.png"]))
    project.record([Pair(a, d, Kind.SHOT, 0.7, 0.3)])
    keys("v")
    wait_for(lambda: deciding(session).cases, "the same shots")
    assert view(session).title.text() == "1 of 1 group of the same shot"
    assert not view(session).buttons["decide_many"].isEnabled()
    keys(Qt.Key.Key_Return)
    wait_for(lambda: not project.duplicate_groups((Kind.SHOT,)), "the decision")
    assert len(judged(session)) == 1
    assert "taken in a row is left" in view(session).canvas.words
    assert view(session).buttons["accept_group"].text() == "Accept"
    keys("v")
    wait_for(lambda: deciding(session).cases, "the copies")
    assert "groups of duplicates" in view(session).title.text()


def test_the_strip_says_why_and_the_button_says_what_enter_does(session: Session) -> None:
    go_to(session, "b.png")
    assert "Keeper, b.png" in view(session).strip.accessibleName()
    assert "shows more" in view(session).strip.accessibleName()
    assert view(session).buttons["accept_group"].text() == "Keep 1, reject 1"
    keys(Qt.Key.Key_Right)
    assert "shows 25 % of it" in view(session).strip.accessibleName()
    assert session.context.selection.current == deciding(session).current


def test_other_fates_by_key(session: Session) -> None:
    go_to(session, "a.png")
    keys("2", Qt.Key.Key_Right, "1", Qt.Key.Key_Return)
    assert judged(session) == {
        "a.png": "supporting",
        "a-half.png": "primary",
        "a-mirrored.png": "duplicate",
    }
    assert open_groups(session) == 2
    go_to(session, "c.png")
    keys(Qt.Key.Key_Right, "k", Qt.Key.Key_Return)
    assert judged(session)["c-framed.png"] == "duplicate"
    keys("x", Qt.Key.Key_Right, "u", Qt.Key.Key_Return)  # the keeper goes, the other one stays
    assert judged(session)["b.png"] == "duplicate"
    assert "b-cut.png" not in judged(session)


def test_keep_all_and_not_a_duplicate_are_remembered(session: Session) -> None:
    go_to(session, "b.png")
    keys("a")
    assert open_groups(session) == 2
    go_to(session, "a.png")
    keys(Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert current(session) == "a-mirrored.png"
    keys("s")
    assert group(session) == ["a.png", "a-half.png"]  # at once
    assert judged(session) == {}
    wait_for(lambda: open_groups(session) == 2, "the smaller group")
    keys("s")
    wait_for(lambda: open_groups(session) == 1, "the end of the group")
    keys(Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    wait_for(lambda: len(group(session)) == 3, "the whole group")


def test_flipping_leaves_the_same_spot_in_its_place(session: Session) -> None:
    for name, zoom in (("a.png", "f"), ("b.png", "z"), ("c.png", "f")):
        go_to(session, name)
        keys(zoom)
        for _ in range(len(group(session)) - 1):
            keys(Qt.Key.Key_Right)
            first = seen(session)
            keys(" ")
            assert view(session).canvas.image is not None
            assert "the keeper" in view(session).seen.text()
            assert differ(first, seen(session)) < 5, current(session)


def test_the_difference_is_dark_where_nothing_differs(session: Session) -> None:
    go_to(session, "b.png")
    keys("d")
    picture = seen(session)
    black = QImage(picture.size(), QImage.Format.Format_RGB32)
    black.fill(QColor("black"))
    assert differ(picture, black) < 12  # of resampling, four times as strong
    assert "Difference of" in view(session).seen.text()
    keys("d")
    assert differ(seen(session), black) > 40


def test_blinking_flips_by_itself_until_it_is_stopped(session: Session) -> None:
    keys(Qt.Key.Key_Right, "b")
    shown = {view(session).seen.text().split()[0]}
    wait_for(lambda: shown.add(view(session).seen.text().split()[0]) or len(shown) == 2, "a blink")
    keys("b")
    now = view(session).seen.text()
    let_work(500)
    assert view(session).seen.text() == now


def test_the_mouse_alone_will_do(session: Session) -> None:
    go_to(session, "c.png")
    strip, buttons = view(session).strip, view(session).buttons
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rect_of(1).center())
    assert current(session) == "c.png"
    for name in ("make_keeper", "accept_group"):
        QTest.mouseClick(buttons[name], Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert judged(session) == {"c-framed.png": "duplicate"}
    assert "(K)" in buttons["make_keeper"].toolTip()


def test_the_group_at_hand_stays_while_others_change(session: Session) -> None:
    go_to(session, "c.png")
    keys(Qt.Key.Key_Right)
    project = session.context.project
    half = project.select("name:b-cut*")[0]
    keys("1")
    session.context.change([half], reject)
    wait_for(lambda: len(deciding(session).cases) == 2, "the other group to go")
    assert (group(session), current(session)) == (["c-framed.png", "c.png"], "c.png")
    assert view(session).buttons["accept_group"].text() == "Keep all 2"


def test_keys_of_deciding_do_nothing_in_the_grid(session: Session) -> None:
    keys(Qt.Key.Key_Escape)
    for name in ("accept_group", "keep_group", "not_duplicate"):
        assert not session.window.actions_table[name].isEnabled()
    keys("s", "b")  # K opens a tool there
    assert open_groups(session) == 3
    keys(Qt.Key.Key_Return)
    assert session.pictures.loupe.isVisible()


def test_the_group_of_the_current_picture_is_shown_first(session: Session) -> None:
    keys(Qt.Key.Key_Escape)
    context = session.context
    for name in ("b-cut.png", "c.png", "a.png"):
        context.selection.go_to(context.project.select(f"name:{name}")[0])
        QTest.keyClick(session.pictures.grid, Qt.Key.Key_D, SHIFT)
        wait_for(lambda name=name: name in group(session), "its group")
        assert current(session) == name
        keys(Qt.Key.Key_Escape)
        assert context.current is not None
        assert context.current.name == name
