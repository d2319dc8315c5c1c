"""Tagging in the window: a tagger looks, thresholds are slid, and tags are given in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.caption_edits import change_captions
from curator.core.installed_models import use_file
from curator.core.project import Project
from curator.ui import quality
from curator.ui.app import App
from curator.ui.dialogs import models
from curator.ui.dialogs.models import ModelsDialog
from curator.ui.panels.tagger import TaggerPanel
from curator.ui.score_list import PROPOSED
from curator.ui.session import Session
from curator.ui.tag_shift_model import AFTER, NOW, OWN, TAG
from curator.ui.tagging import NO_MODEL, NO_TAGGER, ONLY_SCORES
from tests.helpers.imported import bring_in
from tests.helpers.taggers import BLUE, GREEN, RED, coloured, write_tagger
from tests.helpers.windows import press, session_of, settle, wait_for

Open = Callable[..., App]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without other jobs, and without models of this machine."""
    monkeypatch.setattr(quality, "OPENED_MS", 10**8)
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))


def project_of(folder: Path) -> Path:
    """A red, a green and a blue picture, the red one with a caption."""
    root = folder / "project"
    with Project.create(root) as project:
        colours = {"1.png": RED, "2.png": GREEN, "3.png": BLUE}
        pictures = {name: coloured(colour) for name, colour in colours.items()}
        images = bring_in(project, folder / "scraped", pictures)
        project.apply(change_captions("Caption", {images["1.png"]: "fr3dd1e, outdoors"}))
        project.change_settings({"trigger": "fr3dd1e"})
    return root


def opened(open_window: Open, tmp_path: Path) -> tuple[App, Session, TaggerPanel]:
    app = open_window(project_of(tmp_path))
    session = session_of(app)
    wait_for(lambda: len(session.context.model.ids) == 3, "the pictures")
    return app, session, session.caption_parts.tagger


def looked_at(open_window: Open, tmp_path: Path) -> tuple[App, Session, TaggerPanel]:
    """A window in which all three pictures have been looked at."""
    use_file("tagger", write_tagger(tmp_path / "tiny"))
    app, session, panel = opened(open_window, tmp_path)
    QTest.keyClick(app.window, Qt.Key.Key_T, CTRL)
    wait_for(lambda: "3 looked at" in panel.state.text(), "the scores")
    wait_for(lambda: panel.apply_button.isEnabled(), "what they would make")
    return app, session, panel


def captions(session: Session) -> list[str]:
    settle(session.context)
    project = session.context.project
    return [image.caption for image in project.images(project.select("sort:name"))]


def rows(panel: TaggerPanel) -> dict[str, tuple[str, str]]:
    model = panel.shifts
    return {
        model.index(row, TAG).data(): (model.index(row, NOW).data(), model.index(row, AFTER).data())
        for row in range(model.rowCount())
    }


def test_the_first_press_without_a_model_offers_models_and_goes_on_with_what_is_chosen(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _session, panel = opened(open_window, tmp_path)
    QTest.keyClick(app.window, Qt.Key.Key_T, CTRL)
    wait_for(lambda: app.window.findChildren(ModelsDialog), "the page of models")
    (dialog,) = app.window.findChildren(ModelsDialog)
    wait_for(dialog.isVisible, "the page of models")
    assert dialog.problem.text() == NO_MODEL
    assert panel.isVisible()
    assert panel.state.text() == NO_TAGGER
    assert not panel.look_button.isVisible()
    own = write_tagger(tmp_path / "tiny")
    monkeypatch.setattr(models, "ask_file", lambda *_about: str(own))
    wait_for(dialog.row, "the models")
    dialog.use_own.click()
    wait_for(panel.look_button.isVisible, "the tagger")
    assert panel.model.currentText() == "tiny"
    assert panel.state.text() == "3 shown, 0 looked at."
    wait_for(lambda: dialog.tree.currentItem().text(0) == "tiny/model.onnx", "its line")
    dialog.close()


def test_pictures_are_looked_at_and_tags_given_with_one_undo(
    open_window: Open, tmp_path: Path
) -> None:
    _app, session, panel = looked_at(open_window, tmp_path)
    assert panel.model.currentText() == "tiny"
    assert not panel.look_button.isVisible()
    assert rows(panel) == {
        "outdoors": ("1", "3"),
        "miku (append)": ("0", "3"),
        "blue sky": ("0", "1"),
        "green grass": ("0", "1"),
        "red hat": ("0", "1"),
    }
    assert panel.total.text() == "Its tags: 1 now, 9 after"
    assert panel.apply_button.text() == "&Apply to 3 pictures"
    assert captions(session) == ["fr3dd1e, outdoors", "", ""]
    QTest.mouseClick(panel.apply_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: not panel.apply_button.isEnabled(), "the tags")
    assert not panel.apply_button.hasFocus()
    assert captions(session) == [
        "fr3dd1e, outdoors, red hat, miku (append)",
        "green grass, outdoors, miku (append)",
        "blue sky, outdoors, miku (append)",
    ]
    session.context.undo()
    wait_for(lambda: panel.apply_button.isEnabled(), "the undo")
    assert captions(session) == ["fr3dd1e, outdoors", "", ""]


def test_tab_leads_through_the_panel_and_on_and_passes_by_what_it_hides(
    open_window: Open, tmp_path: Path
) -> None:
    app, session, panel = looked_at(open_window, tmp_path)
    hidden, seen = session.caption_parts.panel, []
    panel.begin()
    while not seen or seen[-1] is not panel.general.slider:
        QTest.keyClick(seen[-1] if seen else panel.general.slider, Qt.Key.Key_Tab)
        seen.append(app.window.focusWidget())
        assert len(seen) < 60, "no way around"
    assert seen.count(panel.table) == 1
    assert session.pictures.grid in seen
    assert not any(hidden.isAncestorOf(widget) for widget in seen)


def test_a_slider_tells_at_once_what_it_makes(open_window: Open, tmp_path: Path) -> None:
    _app, session, panel = looked_at(open_window, tmp_path)
    panel.general.slider.setValue(20)
    wait_for(lambda: rows(panel).get("^_^") == ("0", "3"), "more tags")
    panel.character.number.setValue(0.95)
    wait_for(lambda: "miku (append)" not in rows(panel), "fewer characters")
    panel.filter.setText("Red_H")
    assert list(rows(panel)) == ["red hat"]
    panel.filter.clear()
    panel.mcut.setChecked(True)
    wait_for(lambda: "^_^" not in rows(panel), "thresholds of each picture's own")
    assert not panel.general.isEnabled()
    assert captions(session) == ["fr3dd1e, outdoors", "", ""]


def test_a_tag_has_a_threshold_of_its_own_and_it_is_kept(open_window: Open, tmp_path: Path) -> None:
    app, _session, panel = looked_at(open_window, tmp_path)
    model = panel.shifts
    (row,) = [n for n in range(model.rowCount()) if model.index(n, TAG).data() == "red hat"]
    assert not model.setData(model.index(row, OWN), "nonsense")
    assert not model.setData(model.index(row, OWN), "1.5")
    assert model.setData(model.index(row, OWN), "0,95")
    wait_for(lambda: "red hat" not in rows(panel), "the tag to go")
    again = TaggerPanel(session_of(app).context)
    assert again.own_thresholds() == {"red hat": 0.95}
    again.deleteLater()


def test_the_scores_of_the_picture_are_shown(open_window: Open, tmp_path: Path) -> None:
    _app, session, panel = looked_at(open_window, tmp_path)
    session.context.go_to_row(2)

    def said() -> dict[str, tuple[str, bool]]:
        items = [panel.scores.topLevelItem(n) for n in range(panel.scores.topLevelItemCount())]
        return {i.text(0): (i.text(1), i.data(0, PROPOSED)) for i in items if i is not None}

    wait_for(lambda: said().get("blue sky") == ("0.88", True), "the scores of the blue one")
    assert said()["rating: sensitive"] == ("0.98", False)
    assert said()["^_^"][1] is False


def test_only_what_is_selected_is_tagged_and_undesired_tags_never_come(
    open_window: Open, tmp_path: Path
) -> None:
    _app, session, panel = looked_at(open_window, tmp_path)
    context = session.context
    panel.undesired.setFocus()
    QTest.keyClicks(panel.undesired, "Miku*,sky")
    press(panel.undesired, Qt.Key.Key_Return)
    wait_for(lambda: context.project.settings.undesired == "Miku*, sky", "the list")
    wait_for(lambda: "miku (append)" not in rows(panel), "the tag to go")
    context.selection.choose(context.model.ids[1:], context.model.ids[1])
    wait_for(lambda: "2 selected" in panel.state.text(), "the selection")
    wait_for(lambda: panel.apply_button.text() == "&Apply to 2 pictures", "its outlook")
    session.window.actions_table["apply_tags"].trigger()
    wait_for(lambda: not panel.apply_button.isEnabled(), "the tags")
    assert captions(session) == [
        "fr3dd1e, outdoors", "green grass, outdoors", "blue sky, outdoors",
    ]  # fmt: skip


def test_new_pictures_are_looked_at_by_the_button(open_window: Open, tmp_path: Path) -> None:
    _app, session, panel = looked_at(open_window, tmp_path)
    (tmp_path / "more").mkdir()
    coloured(GREEN, (40, 40)).save(tmp_path / "more" / "4.png")
    session.imports.start([tmp_path / "more"])
    wait_for(lambda: "4 shown, 3 looked at." in panel.state.text(), "the new picture")
    assert panel.look_button.text() == "&Look at 1 picture"
    QTest.mouseClick(panel.look_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: "4 looked at" in panel.state.text(), "its scores")


def test_what_a_model_that_is_gone_has_found_can_still_be_used(
    open_window: Open, tmp_path: Path
) -> None:
    app, session, panel = looked_at(open_window, tmp_path)
    (tmp_path / "tiny" / "model.onnx").unlink()
    QTest.keyClick(app.window, Qt.Key.Key_T, CTRL)
    wait_for(lambda: ONLY_SCORES in panel.state.text(), "the sentence")
    assert panel.apply_button.isEnabled()
    assert not session.context.jobs.running


def test_a_broken_model_is_told(open_window: Open, tmp_path: Path) -> None:
    path = write_tagger(tmp_path / "tiny")
    path.write_bytes(b"broken")
    use_file("tagger", path)
    app, session, _panel = opened(open_window, tmp_path)
    QTest.keyClick(app.window, Qt.Key.Key_T, CTRL)
    wait_for(lambda: session.notices.lines(), "the notice")
    assert "no model that can be used" in session.notices.lines()[0].notice.text


def test_where_tags_are_placed_changes_at_once_what_is_foretold(
    open_window: Open, tmp_path: Path
) -> None:
    _app, session, panel = looked_at(open_window, tmp_path)
    project = session.context.project
    (image,) = project.images(project.select("name:3.png"))
    project.apply(change_captions("Other model", {image: "old tag"}, "another model"))
    QTest.mouseClick(panel.apply_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: not panel.apply_button.isEnabled(), "the tags")
    panel.place.setFocus()
    QTest.keyClick(panel.place, Qt.Key.Key_End)
    wait_for(lambda: panel.apply_button.text() == "&Apply to 1 picture", "what replacing makes")
