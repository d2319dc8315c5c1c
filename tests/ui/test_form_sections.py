"""The further options of a form: found by any word, made when seen, and put back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QSpinBox, QToolButton, QWidget

from curator.core.mending import Mend
from curator.ui.form_sections import NOTHING, FormSections
from curator.ui.forms import Form
from curator.ui.run_fields import first_fields, grouped_fields
from tests.helpers.windows import let_work, press, wait_for
from trainer.config import OPTIONS


def labels(form: Form) -> set[str]:
    """What the editors that are seen are called."""
    seen = (it for it in form.findChildren(QWidget) if it.isVisible() and it.accessibleName())
    known = {one.label for one in OPTIONS.values()}
    return {it.accessibleName() for it in seen} & known


def editor(form: Form, label: str) -> QWidget:
    wait_for(lambda: label in labels(form), label)
    return next(it for it in form.findChildren(QWidget) if it.accessibleName() == label)


def headings(form: Form) -> list[str]:
    return [it.text() for it in form.findChildren(QToolButton) if it.isVisible() and it.text()]


def sections_of(form: Form) -> FormSections:
    assert form.sections is not None
    return form.sections


def seek(form: Form, words: str) -> None:
    form.search()
    search = sections_of(form).search
    QTest.keyClicks(search, words)
    wait_for(lambda: sections_of(form).found.isVisible(), "what is found")


@pytest.fixture
def form(qapp: QApplication) -> Iterator[Form]:
    made = Form(first_fields(), grouped_fields())
    made.resize(380, 700)
    made.show()
    made.activateWindow()
    wait_for(made.isActiveWindow, "the form to be active")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("min_snr_gamma", "Min-SNR gamma"),
        ("min snr", "Min-SNR gamma"),
        ("MIRROR", "Mirror pictures"),
        ("nearly noiseless", "Min-SNR gamma"),  # of its help
        ("block by block middle", "Middle block rate"),  # of its heading
    ],
)
def test_an_option_is_found_by_its_name_its_label_and_what_is_said_about_it(
    form: Form, words: str, label: str
) -> None:
    seek(form, words)
    wait_for(lambda: label in labels(form), label)
    assert len(labels(form)) < 15


def test_a_search_leaves_the_headings_as_it_found_them(form: Form) -> None:
    form.search()
    before = headings(form)
    seek(form, "adamw")
    wait_for(lambda: len(headings(form)) < len(before), "the headings without a hit to go")
    press(sections_of(form).search, Qt.Key.Key_Escape)
    wait_for(lambda: headings(form) == before, "the headings to come back")
    assert not sections_of(form).found.isVisible()
    seek(form, "nothingiscalledso")
    assert sections_of(form).found.text() == NOTHING


def test_what_is_changed_is_shown_alone_and_stays_in_sight_when_put_back(form: Form) -> None:
    form.show_texts({"network_dim": "8", "noise_offset": "0.05"}, {})
    form.search()
    press(sections_of(form).changed_only, Qt.Key.Key_Space)
    wait_for(lambda: {"Network dim", "Noise offset"} <= labels(form), "the changed ones")
    assert {"More (2 changed)", "Network (1 changed)"} <= set(headings(form))
    form.reset("network_dim")
    assert "Network dim" in labels(form)
    assert form.changed_further == ["noise_offset"]
    form.show_texts({"keep_tokens": "1"}, {})
    wait_for(lambda: "Tags kept in front" in labels(form), "what was changed since")


def test_however_many_are_found_all_of_them_come(form: Form) -> None:
    seek(form, "a")
    count = int(sections_of(form).found.text().split()[0])
    assert count > 100
    wait_for(lambda: len(labels(form)) >= count - 3, "all of them")  # some share a label


def test_a_conflict_is_told_where_one_typed_last_and_mended_by_one_button(form: Form) -> None:
    told: list[str] = []
    form.edited.connect(told.append)
    form.search()
    seek(form, "warm-up")
    warm_up = editor(form, "Warm-up")
    warm_up.setFocus()
    QTest.keyClick(warm_up, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(warm_up, "9", Qt.Key.Key_Return)
    sentence = 'The lr_scheduler "constant" has no warm-up, but lr_warmup_steps is 9.'
    mends = (Mend("lr_scheduler", "constant_with_warmup"), Mend("lr_warmup_steps", "0"))
    assert form.explain(sentence, mends)
    assert "“Warm-up” is 9." in warm_up.accessibleDescription()
    offers = [it for it in form.findChildren(QPushButton) if it.text().startswith("Set “")]
    assert [it.text() for it in offers] == [
        "Set “Schedule” to constant with warmup",
        "Set “Warm-up” to 0",
    ]
    QTest.mouseClick(offers[0], Qt.MouseButton.LeftButton)
    assert form.text("lr_scheduler") == "constant_with_warmup"
    assert told == ["lr_warmup_steps", "lr_scheduler"]
    form.explain("")
    let_work(1)
    assert "“Warm-up” is 9." not in warm_up.accessibleDescription()


def test_what_need_not_be_set_can_be_left_unset_again(form: Form) -> None:
    epochs = editor(form, "Epochs")
    assert isinstance(epochs, QSpinBox)
    form.show_texts({"max_train_epochs": ""}, {})
    assert epochs.text() == "not set"
    seek(form, "LyCORIS layers")
    layers = editor(form, "LyCORIS layers")
    assert isinstance(layers, QComboBox)
    form.put({"preset": "full"})
    assert layers.currentText() == "full"
    press(layers, Qt.Key.Key_Home)
    assert (layers.currentText(), form.text("preset")) == ("not set", "")


def test_every_option_is_as_its_editor_shows_it(form: Form) -> None:
    """None of them is changed by being looked at."""
    told: list[str] = []
    form.edited.connect(told.append)
    seek(form, "a")
    wait_for(lambda: len(labels(form)) > 100, "them")
    form.finish()
    assert told == []
    assert form.changed_further == []


def test_tab_leads_from_top_to_bottom_whatever_was_made_first(form: Form) -> None:
    form.focus("noise_offset")  # far below
    form.focus("min_snr_gamma")
    form.focus("network_dim")
    form.show_texts({"network_dim": "8"}, {})
    form.search()
    heights = []
    wait_for(lambda: len(labels(form)) > 20, "the fields around them")
    for _ in range(45):
        now = QApplication.focusWidget()
        heights.append(now.mapTo(form, now.rect().center()).y())
        press(now, Qt.Key.Key_Tab)
    assert heights == sorted(heights)
