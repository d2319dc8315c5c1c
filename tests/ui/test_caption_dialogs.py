"""Windows about captions as a whole: undesired tags, what an export makes of them, tag lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from curator.core.caption_edits import change_captions
from curator.core.caption_recipes import CaptionRecipe, recipes_text
from curator.core.tag_rules import Delete
from curator.ui.app import App
from curator.ui.dialogs.caption_recipes import CaptionRecipesDialog
from curator.ui.dialogs.tag_lists import EMPTY, TagListsDialog
from curator.ui.dialogs.undesired import UndesiredDialog
from curator.ui.session import Session
from tests.helpers.windows import dialog_of, make_project, session_of, settle, wait_for

Open = Callable[..., App]
CAPTIONS = ("me, long_hair, watermark\nA cat.", "me, long hair", "watermark, hat")


@pytest.fixture
def app(open_window: Open, tmp_path: Path) -> App:
    app = open_window(make_project(tmp_path, len(CAPTIONS)))
    project = session_of(app).context.project
    images = project.images(project.select())
    project.apply(change_captions("Write", dict(zip(images, CAPTIONS, strict=True))))
    return app


@pytest.fixture
def session(app: App) -> Session:
    return session_of(app)


def undesired(app: App) -> UndesiredDialog:
    session_of(app).window.actions_table["undesired_tags"].trigger()
    return dialog_of(app, UndesiredDialog)


def counts(dialog: UndesiredDialog) -> list[tuple[str, str]]:
    return [(line.text, line.note) for line in dialog.found.lines()]


def test_a_pasted_list_is_counted_kept_and_removed_from_captions(
    app: App, session: Session
) -> None:
    dialog = undesired(app)
    QTest.keyClicks(dialog.text, "watermark,long_hair,nobody")
    wait_for(
        lambda: counts(dialog) == [("watermark", "2"), ("long_hair", "2"), ("nobody", "0")],
        "the counts",
    )
    assert dialog.total.text() == "2 of 3 tags stand in captions."
    dialog.remove_button.click()
    project = session.context.project
    wait_for(lambda: project.settings.undesired == "watermark, long_hair, nobody", "the setting")
    window = session.caption_parts.tags.bulk
    assert window is not None
    wait_for(lambda: len(window.diffs.diffs.images) == 3, "what would go")
    window.apply.click()
    wait_for(lambda: dialog.total.text().startswith("0 of 3"), "the counts")
    settle(session.context)
    captions = [image.caption for image in project.images(project.select())]
    assert captions == ["me\nA cat.", "me", "hat"]


def test_a_preset_is_added_to_what_is_there_and_a_line_shows_its_pictures(
    app: App, session: Session
) -> None:
    dialog = undesired(app)
    QTest.keyClicks(dialog.text, "hat")
    preset = dialog.presets_menu.actions()[0]
    assert preset.toolTip()
    preset.trigger()
    assert dialog.tags()[0] == "hat"
    assert "watermark" in dialog.tags()
    wait_for(lambda: counts(dialog)[:1] == [("watermark", "2")], "the counts")
    dialog.found.line_activated.emit(dialog.found.lines()[0].value)
    wait_for(lambda: len(session.context.model.ids) == 2, "the pictures")


def test_undoing_shows_the_list_as_it_was(app: App, session: Session) -> None:
    dialog = undesired(app)
    session.context.change_settings({"undesired": "hat"})
    dialog.close_button.setFocus()
    wait_for(lambda: dialog.text.toPlainText() == "hat", "the list")
    session.context.undo()
    wait_for(lambda: dialog.text.toPlainText() == "", "the undo")


def recipes(app: App) -> CaptionRecipesDialog:
    session_of(app).window.actions_table["caption_recipes"].trigger()
    return dialog_of(app, CaptionRecipesDialog)


def choose(dialog: CaptionRecipesDialog, family: str, name: str) -> None:
    box = dialog.choices[family]
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


def test_what_an_export_makes_of_a_caption_shows_as_a_recipe_is_chosen(
    app: App, session: Session
) -> None:
    dialog = recipes(app)
    wait_for(lambda: dialog.line.text() == "me, long_hair, watermark, A cat.", "the line")
    choose(dialog, "", "booru")
    wait_for(lambda: dialog.line.text() == "me, long hair, watermark, A cat.", "the new line")
    choose(dialog, "sdxl", "text")
    wait_for(lambda: dialog.line.text() == "A cat.", "the text")
    settle(session.context)
    assert session.context.project.settings.recipe == "booru, sdxl=text"
    assert dialog.length.text().endswith("(in use: booru)")
    session.context.go_to_row(2)
    wait_for(lambda: "02.jpg" in dialog.length.text(), "the other picture")
    choose(dialog, "", "as it is")
    choose(dialog, "sdxl", "")
    settle(session.context)
    assert session.context.project.settings.recipe == ""


def test_a_recipe_of_the_project_s_own_says_what_is_exported(app: App, session: Session) -> None:
    own = CaptionRecipe("no marks", rules=(Delete(tags="watermark"),))
    session.context.change_settings({"recipes": recipes_text([own])})
    settle(session.context)
    dialog = recipes(app)
    choose(dialog, "", "no marks")
    wait_for(lambda: dialog.line.text() == "me, long_hair, A cat.", "the line")
    assert dialog.about.text() == "no marks: Delete: watermark"
    dialog.part.setCurrentIndex(dialog.part.findData("tags"))
    dialog.part.activated.emit(dialog.part.currentIndex())
    wait_for(lambda: dialog.line.text() == "me, long_hair", "the tags alone")
    dialog.rules_button.click()
    window = session.caption_parts.tags.bulk
    assert window is not None
    assert window.rules.rules() == [Delete(tags="watermark")]


def test_lists_of_tags_are_added_and_removed(
    app: App, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    session.window.actions_table["tag_lists"].trigger()
    dialog = dialog_of(app, TagListsDialog)
    wait_for(lambda: dialog.told.text() == EMPTY, "the words")
    path = tmp_path / "mine.csv"
    path.write_text("zork,1,5,zorkling\n", encoding="utf-8")
    dialog.add(path)
    wait_for(lambda: dialog.list.count() == 1, "the list")
    assert dialog.told.text() == "mine: 1 tag added."
    dialog.list.setCurrentRow(0)
    dialog.remove_button.click()
    wait_for(lambda: dialog.list.count() == 0, "its end")
    path.write_text("", encoding="utf-8")
    dialog.add(path)
    wait_for(lambda: "is no list of tags" in dialog.told.text(), "why not")
