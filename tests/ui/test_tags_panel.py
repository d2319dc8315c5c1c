"""The tags panel: counts that follow edits, clicks that filter, changes that are shown before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest

from curator.core.caption_edits import change_captions
from curator.core.edits import set_rating
from curator.core.line_rules import Front
from curator.core.meaning_rules import Synonyms
from curator.core.records import Rating
from curator.core.tag_lines import Heading
from curator.core.tag_rules import Consolidate, Delete, Replace
from curator.core.tag_table import TagRow
from curator.ui.app import App
from curator.ui.panels.tags import EMPTY, TagsPanel
from curator.ui.scopes import Scope
from curator.ui.session import Session
from curator.ui.tag_list import TagList
from tests.helpers.windows import let_work, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]
CTRL = Qt.KeyboardModifier.ControlModifier
CAPTIONS = ("cat, long hair", "cat, long_hair, sofa", "dog, sofa", "cat, hat", "", "cats")


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    """Six pictures, of which the first two are primaries; the Caption workspace."""
    session = session_of(open_window(make_project(tmp_path, len(CAPTIONS))))
    project = session.context.project
    images = project.images(project.select())
    project.apply(change_captions("Write", dict(zip(images, CAPTIONS, strict=True))))
    project.apply(set_rating(project.images(project.select())[:2], Rating.PRIMARY))
    session.window.actions_table["workspace_caption"].trigger()
    wait_for(lambda: tags_in(session), "the tags")
    return session


def panel_of(session: Session) -> TagsPanel:
    return session.caption_parts.tags.panel


def tags_in(session: Session) -> list[tuple[str, int]]:
    rows = panel_of(session).list.tags.lines
    return [(row.tag, row.count) for row in rows if not isinstance(row, Heading)]


def click(tags: TagList, tag: str, keys: Qt.KeyboardModifier = CTRL & ~CTRL) -> None:
    row = [one.tag for one in tags.tags.lines if not isinstance(one, Heading)].index(tag)
    index = tags.tags.index(row, 0)
    tags.scrollTo(index)
    button = Qt.MouseButton.LeftButton
    QTest.mouseClick(tags.viewport(), button, keys, tags.visualRect(index).center())


def bulk_rules(session: Session) -> list[object]:
    wait_for(lambda: session.caption_parts.tags.bulk, "the window of bulk edits")
    window = session.caption_parts.tags.bulk
    assert window is not None
    wait_for(window.isVisible, "the window to be seen")
    return list(window.rules.rules())


def test_every_tag_has_its_count_and_share_of_primaries_which_follow_edits(
    session: Session,
) -> None:
    assert tags_in(session)[0] == ("cat", 3)
    tags = panel_of(session).list
    said = tags.tags.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("cat: 3 pictures, 100 % of the primaries")
    project = session.context.project
    image = project.images(session.context.model.ids[4:5])
    project.apply(change_captions("Write", {image[0]: "cat, zebra"}))
    wait_for(lambda: ("cat", 4) in tags_in(session) and ("zebra", 1) in tags_in(session))
    session.context.undo()
    wait_for(lambda: ("cat", 3) in tags_in(session), "the undo")


def test_a_click_shows_the_pictures_of_a_tag_and_again_all(session: Session) -> None:
    tags, shown = panel_of(session).list, session.context.model
    click(tags, "sofa")
    wait_for(lambda: session.finder.query == "tag:sofa" and len(shown.ids) == 2, "its pictures")
    click(tags, "cat")
    wait_for(lambda: session.finder.query == "tag:cat" and len(shown.ids) == 3, "the others")
    assert tags.tags.asked == {"cat": True}
    click(tags, "cat")
    wait_for(lambda: len(shown.ids) == 6, "all")


def test_keys_and_buttons_filter_with_without_only_and_by_no_tag(session: Session) -> None:
    panel, finder = panel_of(session), session.finder
    finder.ask("is:primary")
    panel.list.go_to("cat")
    panel.menu.buttons["With"].click()
    assert finder.query == "is:primary tag:cat"
    panel.list.setFocus()
    panel.list.go_to("sofa")
    press(panel.list, "-")
    assert finder.query == "is:primary tag:cat -tag:sofa"
    press(panel.list, Qt.Key.Key_Escape)
    assert finder.query == "is:primary"
    assert not panel.menu.buttons["Clear"].isEnabled()
    press(panel.list, "=")
    assert finder.query == "tag:sofa"
    press(panel.list, Qt.Key.Key_Escape)
    assert finder.query == ""
    press(panel.list, Qt.Key.Key_Escape)
    assert session.pictures.grid.hasFocus()
    panel.typed.setFocus()
    press(panel.typed, Qt.Key.Key_Escape)
    assert session.pictures.grid.hasFocus()


def test_typing_finds_tags_and_enter_goes_to_them(session: Session) -> None:
    panel = panel_of(session)
    session.window.actions_table["find_tag"].trigger()
    wait_for(panel.typed.hasFocus, "the keyboard")
    QTest.keyClicks(panel.typed, "hair long")
    assert [tag for tag, _count in tags_in(session)] == ["long hair", "long_hair"]
    assert panel.about.text() == "2 tags of 7"
    press(panel.typed, Qt.Key.Key_Return)
    assert panel.list.hasFocus()
    assert panel.list.chosen() == ["long hair"]


def test_tags_stand_in_groups_that_fold(session: Session) -> None:
    panel = panel_of(session)
    panel.grouped.click()
    lines = panel.list.tags.lines
    headings = [line.title for line in lines if isinstance(line, Heading)]
    assert headings[0] == "Hair"
    assert len(lines) == 7 + len(headings)
    panel.list.setCurrentIndex(panel.list.tags.index(0, 0))
    panel.list.setFocus()
    press(panel.list, Qt.Key.Key_Space)
    assert len(panel.list.tags.lines) == len(lines) - 2
    QTest.keyClicks(panel.typed, "long")
    assert ("long hair", 1) in tags_in(session)


def test_the_scope_is_what_is_shown_or_selected(session: Session) -> None:
    panel = panel_of(session)
    session.context.selection.go_to(session.context.model.ids[2])
    panel.scope.setCurrentIndex(panel.scope.findData(Scope.SELECTED))
    panel.scope.activated.emit(panel.scope.currentIndex())
    wait_for(lambda: tags_in(session) == [("dog", 1), ("sofa", 1)], "the tags of one picture")
    session.context.selection.go_to(session.context.model.ids[3])
    wait_for(lambda: tags_in(session) == [("cat", 1), ("hat", 1)], "those of the next")
    panel.scope.setCurrentIndex(panel.scope.findData(Scope.SHOWN))
    session.finder.ask("tag:sofa")
    wait_for(lambda: ("sofa", 2) in tags_in(session) and ("cat", 1) in tags_in(session))


def test_what_goes_with_a_tag_is_a_press_away(session: Session) -> None:
    panel = panel_of(session)
    panel.list.go_to("long_hair")
    wait_for(lambda: len(panel.related.lines) == 3, "what goes with it")
    said = [line.whole for line in panel.related.lines]
    assert said[:2] == ["cat   100 %", "sofa   100 %"]
    assert said[2] == "long_hair → long hair   another spelling"
    panel.related.lines[2].click()
    assert bulk_rules(session) == [Consolidate(tags="long_hair", into="long hair")]


def test_all_tags_that_look_like_one_are_put_together_at_once(session: Session) -> None:
    session.window.actions_table["tags_alike"].trigger()
    assert bulk_rules(session) == [
        Synonyms(pairs="sofa=couch, cats=cat"),
        Consolidate(tags="long_hair", into="long hair"),
    ]


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ("Replace…", [Replace(old="sofa")]),
        ("Delete…", [Delete(tags="sofa")]),
        ("Move to the front…", [Front(tags="sofa")]),
    ],
)
def test_changes_everywhere_are_shown_before(
    session: Session, words: str, rules: list[object]
) -> None:
    panel = panel_of(session)
    panel.list.go_to("sofa")
    next(one for one in panel.menu.menu.actions() if one.text() == words).trigger()
    assert bulk_rules(session) == rules


def test_several_tags_become_one(session: Session) -> None:
    panel = panel_of(session)
    click(panel.list, "hat", CTRL)
    click(panel.list, "sofa", CTRL)
    assert session.finder.query == ""
    QTest.keyClick(panel.list, Qt.Key.Key_J, CTRL)
    assert bulk_rules(session) == [Consolidate(tags="hat", into="sofa")]


def test_a_tag_is_given_to_the_selected_pictures(session: Session) -> None:
    panel, context = panel_of(session), session.context
    context.selection.choose(context.model.ids[3:5], context.model.ids[3])
    panel.list.setFocus()
    panel.list.go_to("sofa")
    press(panel.list, Qt.Key.Key_Insert)
    wait_for(lambda: ("sofa", 4) in tags_in(session), "the new count")
    settle(context)
    captions = [image.caption for image in context.project.images(context.model.ids)]
    assert captions[3:5] == ["cat, hat, sofa", "sofa"]


def test_a_trigger_that_is_given_comes_to_the_front(session: Session) -> None:
    panel, context = panel_of(session), session.context
    context.project.change_settings({"trigger": "sofa"})
    context.selection.choose(context.model.ids[3:4], context.model.ids[3])
    panel.list.setFocus()
    panel.list.go_to("sofa")
    press(panel.list, Qt.Key.Key_Insert)
    settle(context)
    wait_for(lambda: context.project.image(context.model.ids[3]).caption == "sofa, cat, hat", "it")


def test_a_tag_that_is_dropped_on_a_picture_is_given_to_it(session: Session) -> None:
    panel, context, grid = panel_of(session), session.context, session.pictures.grid
    row = [one.tag for one in panel.list.tags.lines if isinstance(one, TagRow)].index("sofa")
    data = panel.list.tags.mimeData([panel.list.tags.index(row, 0)])
    place = grid.visualRect(context.model.index(3, 0)).center()
    for kind in (QDragEnterEvent, QDropEvent):
        event = kind(
            place if kind is QDragEnterEvent else QPointF(place),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QGuiApplication.sendEvent(grid.viewport(), event)
        assert event.isAccepted()
    wait_for(lambda: ("sofa", 3) in tags_in(session), "the new count")
    assert context.project.images(context.model.ids)[3].caption == "cat, hat, sofa"


def test_tags_are_pinned_undesired_and_copied(session: Session) -> None:
    panel, project = panel_of(session), session.context.project
    actions = {one.text(): one for one in panel.menu.menu.actions()}
    panel.list.go_to("hat")
    actions["Pin as a trigger word"].trigger()
    wait_for(lambda: project.settings.extra_triggers == "hat", "the trigger")
    panel.menu.works.undesire(["sofa"])
    actions["Add to the undesired tags"].trigger()
    wait_for(lambda: project.settings.undesired == "sofa, hat", "the list")
    actions["Copy"].trigger()
    assert QGuiApplication.clipboard().text() == "hat"


def test_without_tags_the_panel_says_what_belongs_there(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path, 1)))
    session.window.actions_table["workspace_caption"].trigger()
    wait_for(lambda: panel_of(session).about.text() == EMPTY, "the words")
    let_work(1)
