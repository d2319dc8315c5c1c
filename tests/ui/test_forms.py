"""Forms: what is typed, what is wrong, what is changed, and the way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSpinBox, QToolButton, QWidget

from curator.core.run_options import FILLED
from curator.core.settings import ProjectSettings
from curator.ui.form_fields import as_texts, declared_in, in_labels, option_fields, setting_fields
from curator.ui.forms import Form
from curator.ui.preferences import Liking
from curator.ui.run_fields import first_fields, grouped_fields, option_names
from tests.helpers.windows import press, wait_for
from trainer.config import OPTIONS

FIRST = ("learning_rate", "train_batch_size", "flip_aug", "lr_scheduler")
RATE = "Learning rate"


def editor(form: Form, label: str) -> QWidget:
    """The editor that a screen reader calls so."""
    return next(it for it in form.findChildren(QWidget) if it.accessibleName() == label)


def shown(form: Form, kind: type[QLabel] | type[QToolButton]) -> list[str]:
    return [it.text() for it in form.findChildren(kind) if it.isVisible() and it.text()]


def type_in(widget: QWidget, text: str) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(widget, *text, Qt.Key.Key_Return)


@pytest.fixture
def form(qapp: QApplication) -> Iterator[Form]:
    made = Form(
        option_fields(FIRST), [("Network", option_fields(["network_dim", "network_alpha"]))]
    )
    made.show()
    made.activateWindow()
    wait_for(made.isActiveWindow, "the form to be active")
    yield made
    made.close()


def test_what_fits_is_told_tidied_and_marked(form: Form) -> None:
    told: list[str] = []
    form.edited.connect(told.append)
    type_in(editor(form, RATE), "2e-4")
    assert told == ["learning_rate"]
    assert form.text("learning_rate") == "0.0002"
    assert form.is_changed("learning_rate")
    assert shown(form, QToolButton).count("↺") == 1


def test_what_does_not_fit_is_told_at_the_field_and_stays_there(form: Form) -> None:
    told: list[str] = []
    form.edited.connect(told.append)
    rate = editor(form, RATE)
    type_in(rate, "fast")
    assert told == []
    assert form.problem
    sentence = f"The option “{RATE}” must be a number, not 'fast'."
    assert any(sentence in text for text in shown(form, QLabel))
    assert sentence in rate.accessibleDescription()
    form.show_texts({"learning_rate": "0.1"}, {})
    assert rate.text() == "fast"  # type: ignore[attr-defined]
    type_in(rate, "0.1")
    assert not form.problem
    assert told == ["learning_rate"]


def test_one_button_leads_back_to_the_default(form: Form) -> None:
    form.show_texts({"learning_rate": "0.5"}, {"learning_rate": "0.001"})
    (back,) = (b for b in form.findChildren(QToolButton) if b.isVisible() and b.text() == "↺")
    assert back.toolTip() == "Back to 0.001"
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert form.text("learning_rate") == "0.001"
    assert not back.isVisible()


def test_the_arrows_of_a_number_count_once_they_rest(form: Form) -> None:
    told: list[str] = []
    form.edited.connect(told.append)
    batch = editor(form, "Batch size")
    assert isinstance(batch, QSpinBox)
    batch.setFocus()
    press(batch, Qt.Key.Key_Up, Qt.Key.Key_Up)
    wait_for(lambda: told, "the number to rest")
    assert (told, form.text("train_batch_size")) == (["train_batch_size"], "3")


def test_a_box_is_ticked_and_a_word_is_chosen_by_key(form: Form) -> None:
    press(editor(form, "Mirror pictures"), Qt.Key.Key_Space)
    assert form.text("flip_aug") == "yes"
    press(editor(form, "Schedule"), Qt.Key.Key_Down)
    assert form.text("lr_scheduler") == "constant_with_warmup"


def test_the_rest_is_made_when_it_is_unfolded_and_its_changes_are_counted(form: Form) -> None:
    form.show_texts({"network_dim": "8"}, {})
    assert shown(form, QToolButton) == ["More (1 changed)"]
    form.explain("The network_dim is odd.")
    assert {"More (1 changed)", "Network (1 changed)", "↺"} <= set(shown(form, QToolButton))
    assert "The “Network dim” is odd." in shown(form, QLabel)
    form.explain("")
    assert "The “Network dim” is odd." not in shown(form, QLabel)


def test_finishing_takes_what_is_being_typed(form: Form) -> None:
    rate = editor(form, RATE)
    rate.setFocus()
    QTest.keyClick(rate, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(rate, "0.5")
    form.show_texts({"learning_rate": "0.25"}, {})
    assert rate.text() == "0.5"  # type: ignore[attr-defined]
    form.finish()
    assert form.text("learning_rate") == "0.5"


def test_several_lines_are_typed_and_taken_when_they_are_left(qapp: QApplication) -> None:
    fields = setting_fields(declared_in(ProjectSettings, ("trigger", "sample_prompt")))
    form = Form(fields)
    form.show()
    form.activateWindow()
    wait_for(form.isActiveWindow, "the form to be active")
    told: list[str] = []
    form.edited.connect(told.append)
    prompts = editor(form, "Sample prompts")
    prompts.setFocus()
    press(prompts, *" a cat --w 64", Qt.Key.Key_Return, Qt.Key.Key_Return, *"a dog")
    assert told == []
    press(prompts, Qt.Key.Key_Tab)
    wait_for(lambda: told == ["sample_prompt"], "them to be taken")
    assert form.text("sample_prompt") == "a cat --w 64\na dog"
    form.close()


def test_every_setting_and_liking_makes_a_field(qapp: QApplication) -> None:
    for kind in (ProjectSettings, Liking):
        fields = setting_fields(declared_in(kind))
        texts = as_texts(kind())
        assert {field.name for field in fields} == set(texts)
        assert all(field.tidy(field.default) == texts[field.name] for field in fields)


def test_every_option_is_in_a_form_or_filled_by_the_project(qapp: QApplication) -> None:
    shown_names = {field.name for field in first_fields()}
    shown_names |= {field.name for _title, fields in grouped_fields() for field in fields}
    missing = set(OPTIONS) - FILLED - shown_names - {"sample_prompts"}
    assert missing == set()
    assert set(option_names()) <= set(OPTIONS)


def test_the_trainers_names_are_called_as_the_form_calls_them() -> None:
    assert in_labels('"network_dim" and max_train_steps') == "“Network dim” and “Steps”"
