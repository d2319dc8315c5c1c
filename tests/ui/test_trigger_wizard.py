"""The trigger wizard: a word is looked at, a route is seen as a diff, and applied in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.edits import set_rating
from curator.core.project import Project
from curator.core.records import Rating
from curator.core.trigger_routes import Route
from curator.ui.app import App
from curator.ui.dialogs.trigger_wizard import TriggerWizard
from curator.ui.session import Session
from tests.helpers.captioned import captioned, captions_of, make_outfits
from tests.helpers.windows import dialog_of, session_of, settle, wait_for

Open = Callable[..., App]
CAPTIONS = [
    "blue eyes, red scarf, ribbon, close-up",
    "blue eyes, red scarf, ribbon, smile",
    "blue eyes, straw hat, ribbon",
    "blue eyes, straw hat, ribbon, sword",
    "lawn",
]


@pytest.fixture
def app(open_window: Open, tmp_path: Path) -> App:
    root = captioned(tmp_path, CAPTIONS)
    make_outfits(root, scarf='tag:"red scarf"', hat='tag:"straw hat"')
    with Project.open(root) as project:
        project.apply(set_rating(project.images(project.select("tag:ribbon")), Rating.PRIMARY))
    return open_window(root)


@pytest.fixture
def session(app: App) -> Session:
    return session_of(app)


@pytest.fixture
def wizard(app: App) -> TriggerWizard:
    app.window.actions_table["trigger_wizard"].trigger()
    made = dialog_of(app, TriggerWizard)
    wait_for(lambda: made.ticks.topLevelItemCount(), "the advice")
    return made


def type_word(wizard: TriggerWizard, word: str) -> None:
    wizard.form.word.line.setFocus()
    wizard.form.word.line.selectAll()
    QTest.keyClicks(wizard.form.word.line, word)


def wait_until_told(wizard: TriggerWizard, words: str) -> None:
    wait_for(lambda: wizard.total.text() == words and wizard.apply.isEnabled(), words)


def ticked(wizard: TriggerWizard) -> set[str]:
    return {tag for tags in wizard.ticks.pruned().values() for tag in tags}


def apply(session: Session, wizard: TriggerWizard) -> list[str]:
    wizard.apply.click()
    settle(session.context)
    return captions_of(session.context.project)


def test_a_word_that_the_base_model_knows_is_warned_of_and_a_free_one_is_offered(
    wizard: TriggerWizard,
) -> None:
    type_word(wizard, "raccoon")
    word = wizard.form.word
    wait_for(lambda: word.pieces.text() == "raccoon = 1 token: raccoon", "the pieces")
    assert "meaning" in word.remarks[0].text()
    assert word.offers[0].isVisible()
    word.offers[0].click()
    offered = word.line.text()
    wait_for(lambda: word.pieces.text().startswith(f"{offered} = "), "the pieces of the offer")
    assert word.remarks[0].text().startswith("✓")
    assert not word.offers[0].isVisible()


def test_the_proper_way_ticks_traits_shows_the_diff_and_is_undone_in_one_step(
    session: Session, wizard: TriggerWizard
) -> None:
    assert ticked(wizard) == {"blue eyes"}
    assert not wizard.apply.isEnabled()
    type_word(wizard, "fr3dd1e")
    wait_until_told(wizard, "5 captions would change.")
    after = apply(session, wizard)
    assert after[0] == "fr3dd1e, red scarf, ribbon, close-up"
    assert after[4] == "fr3dd1e, lawn"
    project = session.context.project
    assert project.settings.trigger == "fr3dd1e"
    session.context.undo()
    settle(session.context)
    assert captions_of(project) == CAPTIONS
    assert project.settings.trigger == ""


def test_a_picture_and_a_tag_that_are_unticked_stay_as_they_are(
    session: Session, wizard: TriggerWizard
) -> None:
    type_word(wizard, "fr3dd1e")
    wait_until_told(wizard, "5 captions would change.")
    item = wizard.ticks.item_of("blue eyes")
    assert item is not None
    item.setCheckState(0, Qt.CheckState.Unchecked)
    wait_until_told(wizard, "5 captions would change.")
    wizard.diffs.diffs.tick([4], False)
    assert wizard.apply.text() == "Apply to 4 captions"
    after = apply(session, wizard)
    assert after[0] == f"fr3dd1e, {CAPTIONS[0]}"
    assert after[4] == "lawn"


def test_outfits_keep_what_both_have(session: Session, wizard: TriggerWizard) -> None:
    wizard.form.choose(Route.OUTFIT)
    wait_for(lambda: ticked(wizard) == {"red scarf", "straw hat"}, "the advice for outfits")
    ribbon = wizard.ticks.item_of("ribbon")
    assert ribbon is not None
    assert ribbon.text(3) == "is in both outfits: don't prune it"
    for line, word in zip(wizard.form.outfit_words.values(), ("sc4rfy", "h4tty"), strict=True):
        line.setText(word)
    wait_until_told(wizard, "4 captions would change.")
    after = apply(session, wizard)
    assert after[0] == "sc4rfy, blue eyes, ribbon, close-up"
    assert after[2] == "h4tty, blue eyes, ribbon"
    assert {one.trigger for one in session.context.project.sets()} == {"sc4rfy", "h4tty"}


def test_a_concept_stands_beside_the_trigger_that_is_there(
    session: Session, wizard: TriggerWizard
) -> None:
    session.context.change_settings({"trigger": "fr3dd1e"})
    settle(session.context)
    form = wizard.form
    wait_for(lambda: form.place.count() == 2, "the trigger to be known")
    form.choose(Route.CONCEPT)
    assert form.place.currentText() == "beside fr3dd1e, as a further one"
    type_word(wizard, "sw0rdx")
    QTest.keyClicks(form.concept, "sword")
    wait_until_told(wizard, "1 caption would change.")
    after = apply(session, wizard)
    assert after[3] == "sw0rdx, blue eyes, straw hat, ribbon"
    settings = session.context.project.settings
    assert (settings.trigger, settings.extra_triggers) == ("fr3dd1e", "sw0rdx")


def test_without_a_trigger_there_is_none_to_take_out(wizard: TriggerWizard) -> None:
    wizard.form.choose(Route.NONE)
    wait_for(lambda: wizard.total.text() == "There is no trigger to take out.", "the reason")
    assert not wizard.apply.isEnabled()
    assert not wizard.upper.isVisible()
    assert not wizard.form.word.isVisible()


def test_an_old_trigger_is_offered_to_be_renamed(session: Session, wizard: TriggerWizard) -> None:
    session.context.change_settings({"trigger": "old"})
    settle(session.context)
    wait_for(lambda: wizard.form.place.currentText() == "in the place of old", "the old trigger")
    wizard.form.choose(Route.LAZY)
    type_word(wizard, "n3w")
    wait_until_told(wizard, "5 captions would change.")
    apply(session, wizard)
    assert session.context.project.settings.trigger == "n3w"
