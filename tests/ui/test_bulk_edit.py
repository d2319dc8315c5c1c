"""Many captions edited by rules: shown before, opted out of, applied and undone in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from curator.core.caption_edits import change_captions
from curator.core.pattern_rule import Regex
from curator.core.rule_context import CaptionRule
from curator.core.spelling_rules import Affix
from curator.core.tag_rules import Delete, Replace
from curator.ui.app import App
from curator.ui.dialogs.bulk_edit import NO_RULES, NOTHING, BulkEditWindow
from curator.ui.scopes import Scope
from curator.ui.session import Session
from tests.helpers.windows import dialog_of, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]
CAPTIONS = ("me, cat, hat", "me, cat", "dog\nA dog.", "me, hat", "", "bird")


@pytest.fixture
def app(open_window: Open, tmp_path: Path) -> App:
    app = open_window(make_project(tmp_path, len(CAPTIONS)))
    project = session_of(app).context.project
    project.change_settings({"trigger": "me"})
    images = project.images(project.select())
    project.apply(change_captions("Write", dict(zip(images, CAPTIONS, strict=True))))
    return app


@pytest.fixture
def session(app: App) -> Session:
    return session_of(app)


def opened(app: App, *rules: CaptionRule) -> BulkEditWindow:
    """The window with these rules, once it shows what they would do."""
    session_of(app).window.actions_table["edit_many"].trigger()
    window = dialog_of(app, BulkEditWindow)
    if rules:
        window.bring_up(rules)
        looked(window)
    return window


def looked(window: BulkEditWindow) -> None:
    """Wait until the preview is of what the window shows."""
    wait_for(lambda: window.preview.is_done, "the preview")


def captions(session: Session) -> list[str]:
    settle(session.context)
    project = session.context.project
    return [image.caption for image in project.images(project.select())]


def names(window: BulkEditWindow) -> list[str]:
    return [image.name for image in window.diffs.diffs.images]


def test_a_rule_is_added_and_typed_and_its_effect_shows_before_it_is_applied(
    app: App, session: Session
) -> None:
    window = opened(app)
    looked(window)
    assert window.total.text() == NO_RULES
    window.rules.add_menu.actions()[0].trigger()
    form = window.rules.form
    assert form is not None
    line = form.findChildren(QLineEdit)[0]
    wait_for(line.hasFocus, "the keyboard in the field")
    QTest.keyClicks(line, "cat")
    wait_for(lambda: names(window) == ["00.jpg", "01.jpg"], "what it would do")
    assert window.total.text() == "2 captions would change: 2 tags removed, 0 added."
    assert window.rules.list.item(0).text() == "Delete: cat  (2)"
    assert "cat" in captions(session)[0]
    window.apply.click()
    wait_for(lambda: captions(session)[:2] == ["me, hat", "me"], "the edit")
    assert not window.isVisible()
    session.context.undo()
    wait_for(lambda: captions(session) == list(CAPTIONS), "the undo")


def test_pictures_and_tags_can_be_left_out(app: App, session: Session) -> None:
    window = opened(app, Delete(tags="cat, hat"))
    assert window.apply.text() == "Apply to 3 pictures"
    window.diffs.setFocus()
    press(window.diffs, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert window.apply.text() == "Apply to 2 pictures"
    assert window.total.text().endswith("1 picture left out.")
    tags = window.tags.changes
    row = [one.tag for one in tags.rows].index("hat")
    tags.setData(tags.index(row, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    wait_for(lambda: names(window) == ["00.jpg", "01.jpg"], "what is left")
    assert window.apply.text() == "Apply to 1 picture"
    QTest.keyClick(window.diffs, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: captions(session)[0] == "me, hat", "the edit")
    assert captions(session)[1:] == list(CAPTIONS[1:])


def test_nothing_is_applied_before_a_tag_that_is_left_out_is_left_out(
    app: App, session: Session
) -> None:
    window = opened(app, Delete(tags="cat, hat"))
    tags = window.tags.changes
    row = [one.tag for one in tags.rows].index("hat")
    tags.setData(tags.index(row, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    window.apply.click()
    assert window.isVisible()
    looked(window)
    window.apply.click()
    wait_for(lambda: captions(session)[0] == "me, hat", "the edit")
    assert captions(session)[3] == "me, hat"


def test_what_was_typed_last_is_seen_before_it_is_applied(app: App, session: Session) -> None:
    window = opened(app, Replace(old="hat", new="cap"))
    assert window.rules.form is not None
    line = window.rules.form.findChildren(QLineEdit)[1]
    line.setFocus()
    QTest.keyClicks(line, "tain")
    window.apply.click()
    looked(window)
    assert window.isVisible()
    assert captions(session) == list(CAPTIONS)
    window.apply.click()
    assert captions(session)[3] == "me, captain"


def test_a_blank_at_the_end_of_a_prefix_counts_at_once(app: App) -> None:
    window = opened(app, Affix(prefix="a"))
    assert window.rules.form is not None
    line = window.rules.form.findChildren(QLineEdit)[0]
    line.setFocus()
    line.end(False)
    QTest.keyClicks(line, " ")
    wait_for(lambda: window.rules.rules() == [Affix(prefix="a ")], "the blank to be taken")


def test_rules_are_switched_off_and_change_their_order(app: App) -> None:
    window = opened(app, Replace(old="cat", new="dog"), Delete(tags="dog"))
    assert [window.rules.list.item(row).text() for row in range(2)] == [
        "Replace: cat → dog  (2)",
        "Delete: dog  (3)",
    ]
    QTest.keyClick(window.rules.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    looked(window)
    assert window.rules.list.item(0).text() == "Delete: dog  (1)"
    window.rules.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    looked(window)
    assert names(window) == ["02.jpg"]
    QTest.keyClick(window.rules.list, Qt.Key.Key_Up)
    QTest.keyClick(window.rules.list, Qt.Key.Key_Delete)
    looked(window)
    assert window.total.text() == NO_RULES
    assert not window.apply.isEnabled()


def test_triggers_stay_whatever_the_rule(app: App) -> None:
    window = opened(app, Delete(tags="*"))
    assert [diff.new for diff in window.diffs.diffs.changes][:2] == ["me", "me"]


def test_what_is_wrong_with_a_pattern_stands_at_its_field(app: App) -> None:
    window = opened(app, Regex(pattern="c(a)t", replacement=r"\2"))
    form = window.rules.form
    assert form is not None
    assert "can't be read" in window.total.text()
    assert not window.apply.isEnabled()
    told = [one.accessibleDescription() for one in form.findChildren(QLineEdit)]
    assert "can't be read" in told[1]
    QTest.keyClick(form.findChildren(QLineEdit)[1], Qt.Key.Key_Backspace)
    QTest.keyClicks(form.findChildren(QLineEdit)[1], "1")
    wait_for(lambda: names(window) == ["00.jpg", "01.jpg"], "the preview")
    assert window.diffs.diffs.changes[1].new == "me, a"


def test_the_scope_is_what_is_selected_or_shown_or_all(app: App, session: Session) -> None:
    window = opened(app, Delete(tags="cat"))
    session.context.selection.go_to(session.context.model.ids[1])
    window.scope.setCurrentIndex(window.scope.findData(Scope.SELECTED))
    window.scope.activated.emit(window.scope.currentIndex())
    looked(window)
    assert names(window) == ["01.jpg"]
    session.context.selection.go_to(session.context.model.ids[0])
    wait_for(lambda: names(window) == ["00.jpg"], "the other picture")
    session.finder.ask("tag:hat")
    window.scope.setCurrentIndex(window.scope.findData(Scope.SHOWN))
    window.scope.activated.emit(window.scope.currentIndex())
    wait_for(lambda: len(session.context.model.ids) == 2, "the filter")
    wait_for(lambda: names(window) == ["00.jpg"], "what is shown")


def test_a_change_meanwhile_is_looked_at_anew(app: App, session: Session) -> None:
    window = opened(app, Delete(tags="bird"))
    assert names(window) == ["05.jpg"]
    project = session.context.project
    image = project.images(session.context.model.ids[4:5])
    project.apply(change_captions("Write", {image[0]: "bird, tree"}))
    wait_for(lambda: names(window) == ["04.jpg", "05.jpg"], "the new caption")
    project.apply(change_captions("Write", dict.fromkeys(project.images(project.select()), "x")))
    wait_for(lambda: window.total.text() == NOTHING, "nothing left")


def test_recipes_of_a_newer_version_are_not_overwritten(app: App, session: Session) -> None:
    window = opened(app, Delete(tags="cat"))
    newer = '[{"version": 1, "name": "newer", "rules": [{"rule": "not yet known"}]}]'
    session.context.project.change_settings({"recipes": newer})
    window.recipes.keep("no cats", window.rules.rules())
    settle(session.context)
    assert session.context.project.settings.recipes == newer
    assert session.notices.lines()


def test_rules_are_kept_under_a_name_and_loaded_again(app: App, session: Session) -> None:
    window = opened(app, Delete(tags="cat"))
    window.recipes.ask_name()
    QTest.keyClicks(window.recipes.name, "no cats")
    press(window.recipes.name, Qt.Key.Key_Return)
    wait_for(lambda: "no cats" in session.context.project.settings.recipes, "the recipe")
    window.rules.show_lines([])
    window.recipes.fill()
    next(one for one in window.recipes.menu.actions() if one.text() == "no cats").trigger()
    assert window.rules.rules() == [Delete(tags="cat")]
    looked(window)
    assert names(window) == ["00.jpg", "01.jpg"]
    session.context.undo()
    wait_for(lambda: not session.context.project.settings.recipes, "the undo")


def test_what_was_left_out_is_asked_about_anew_by_the_next_rules(
    app: App, session: Session
) -> None:
    window = opened(app, Delete(tags="cat"))
    press(window.diffs, Qt.Key.Key_Space)
    window.apply.click()
    assert captions(session)[:2] == [CAPTIONS[0], "me"]
    window = opened(app)
    window.rules.list.clear()
    window.rules.add(Delete(tags="hat"))
    looked(window)
    assert window.apply.text() == "Apply to 2 pictures"
