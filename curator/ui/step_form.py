"""The form of one step; what it offers depends on the models and the pictures that are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from curator.core.installed_models import installed_of
from curator.core.step_fields import StepField, fields_of, text_of, tidy
from curator.core.steps import HAND, LANCZOS, PICTURE, CutOut, Step, Upscale
from curator.core.view import ProjectView
from curator.ui.form_fields import FormField, Kind
from curator.ui.forms import Form

# What can be chosen to be asked for something else; a step never holds it.
OTHER_PICTURE, MODELS = "another picture…", "models…"
ASKING = (OTHER_PICTURE, MODELS)
MODEL_OF = {CutOut.kind: "cutout", Upscale.kind: "upscaler"}
GONE = "a picture that is gone"
Choice = tuple[str, str]  # a value, and what is shown for it


def form_fields(step: Step, project: ProjectView) -> list[FormField]:
    """The fields of a step with what can be chosen now. Raises UserError."""
    return [_form_field(step, field, project) for field in fields_of(step)]


def step_form(fields: Sequence[FormField]) -> Form:
    """The form of these fields.

    Up and Down open a list of choices: each that is only passed would be a change. What is dropped
    on a field is left to what stands around it.
    """
    form = Form(fields)
    opener = _Opener(form)
    for box in form.findChildren(QComboBox):
        box.installEventFilter(opener)
    for line in form.findChildren(QLineEdit):
        line.setAcceptDrops(False)
    return form


def at_top(form: Form) -> QWidget:
    """The form with the room that is left below it."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(form)
    column.addStretch(1)
    return page


def _form_field(step: Step, field: StepField, project: ProjectView) -> FormField:
    choices = list(_choices(step, field, project))
    kind = Kind.TEXT
    if field.is_truth:
        kind = Kind.TRUTH
    elif field.name == "model":
        kind = Kind.CHOICE
    elif choices:
        kind = Kind.SUGGESTED
    elif field.is_whole:
        kind = Kind.WHOLE
    return FormField(
        field.name,
        field.label,
        field.help,
        kind,
        text_of(step, field),
        lambda text: text if text in ASKING else tidy(field, text),
        tuple(value for value, _title in choices),
        field.low,
        field.high,
        tuple(title for _value, title in choices),
    )


def _choices(step: Step, field: StepField, project: ProjectView) -> Iterator[Choice]:
    yield from ((one, one) for one in field.choices)
    if isinstance(step, CutOut | Upscale) and field.name == "model":
        yield from _models(step).items()
    if isinstance(step, CutOut) and field.name == "fill":
        if step.fill.startswith(PICTURE):
            known = project.known(step.fill.removeprefix(PICTURE)).values()
            yield step.fill, next((image.name for image in known), GONE)
        yield OTHER_PICTURE, OTHER_PICTURE.capitalize()


def _models(step: CutOut | Upscale) -> dict[str, str]:
    """By what names it in a step, each model that is there and the one that the step has."""
    found = {}
    if isinstance(step, Upscale):
        found[LANCZOS] = "Lanczos"
    elif step.model == HAND or step.kept or step.dropped:
        found[HAND] = "By hand"
    kinds = [MODEL_OF[step.kind]]
    if isinstance(step, Upscale) and step.factor == 1:
        kinds.append("filter")
    for kind in kinds:
        there = (one for one in installed_of(kind) if one.is_there)
        found |= {one.key or str(one.path): one.title for one in there}
    found.setdefault(step.model, PurePath(step.model).name)
    return {**found, MODELS: MODELS.capitalize()}


class _Opener(QObject):
    """Has Up and Down open the list of a box."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_way = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            if is_way and isinstance(watched, QComboBox):
                watched.showPopup()
                return True
        return super().eventFilter(watched, event)
