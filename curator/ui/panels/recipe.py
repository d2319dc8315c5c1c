"""The recipe panel: the steps of the current picture, in order, and the parameters of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from curator.core.edits import SETTING, Edit
from curator.core.errors import UserError
from curator.core.recipe import Recipe
from curator.core.recipe_edits import change_shown
from curator.core.records import Image
from curator.core.step_fields import fields_of, text_of, with_text
from curator.core.step_words import size_words, step_words
from curator.core.steps import Step
from curator.core.training_fit import fit_of
from curator.core.training_rule import rule_of
from curator.ui.actions import ActionTable
from curator.ui.context import Context
from curator.ui.form_fields import FormField
from curator.ui.forms import Form, scrolled
from curator.ui.preset_menu import PresetMenu
from curator.ui.step_form import ASKING, MODEL_OF, MODELS, at_top, form_fields, step_form
from curator.ui.step_list import StepList
from curator.ui.theme import MUTED, STEP_PX
from curator.ui.tools.workbench import TOOLS

EMPTY = "The picture is as it was imported. Add a step, or press {} to crop."
NONE = "No picture is chosen."
AT_ONCE = (
    "cut_out_subject",
    "enlarge",
    "filter_picture",
    "turn_left",
    "turn_right",
    "mirror_picture",
)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as it is shown: of which picture, in which recipe, and its place there."""

    image_id: int
    recipe: str
    place: int


class RecipePanel(QWidget):
    """Each change is an edit of its own."""

    tool_wanted = Signal(str, int)  # a tool's name, and the place of its step
    models_wanted = Signal(str)  # a kind of models
    picture_wanted = Signal()  # behind the subject of the current step

    def __init__(self, context: Context, presets: PresetMenu) -> None:
        super().__init__()
        self._context = context
        self._crop_key = ""
        self._shown: tuple[int, str] | None = None  # the picture, and its recipe
        self._recipe = Recipe()
        self._fields: list[FormField] = []  # of the step whose form is shown
        self.form: Form | None = None
        self.state = QLabel(wordWrap=True)
        self.state.setForegroundRole(MUTED)
        self.empty = QLabel(wordWrap=True)
        self.steps = StepList()
        self.add, self.copy, self.paste = (
            QPushButton(text, autoDefault=False) for text in ("Add", "Copy", "Paste")
        )
        self.up, self.down, self.edit, self.remove = (
            QPushButton(text, autoDefault=False) for text in ("Up", "Down", "Edit", "Remove")
        )
        self._tools = QMenu(self.add)
        self.add.setMenu(self._tools)
        self._below = QWidget()  # takes the room that is left
        self._place = QVBoxLayout(self._below)
        self._buttons = QWidget()
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._show)
        self._lay_out(presets)
        self._connect()

    def _lay_out(self, presets: PresetMenu) -> None:
        self.add.setToolTip("Draw a step with a tool")
        self.copy.setToolTip("Keep these steps, to give them to other pictures")
        self.paste.setToolTip("Give what is selected the steps that were copied")
        self.edit.setToolTip("Change the step with its tool")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.setSpacing(STEP_PX)
        column.addLayout(_row(self.add, self.copy, self.paste))
        column.addWidget(presets)
        column.addWidget(self.state)
        column.addWidget(self.empty)
        column.addWidget(self.steps, 1)
        self._buttons.setLayout(_row(self.up, self.down, self.edit, self.remove))
        self._place.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._buttons)
        column.addWidget(self._below, 2)

    def _connect(self) -> None:
        context, steps = self._context, self.steps
        context.selection.current_changed.connect(self._settle.start)
        context.model.dataChanged.connect(lambda _top, _bottom: self._settle.start())
        context.model.modelReset.connect(self._settle.start)
        context.edited.connect(self._hear)
        context.models_changed.connect(self._show_form)
        steps.switched.connect(lambda at: self._change("Switch a step", lambda r: r.switched(at)))
        steps.step_moved.connect(self._move)
        steps.removed.connect(self._remove)
        steps.edit_asked.connect(self._edit)
        steps.currentRowChanged.connect(self._show_form)
        self.up.clicked.connect(lambda: steps.ask_move(-1))
        self.down.clicked.connect(lambda: steps.ask_move(1))
        self.edit.clicked.connect(lambda: self._edit(steps.currentRow()))
        self.remove.clicked.connect(lambda: self._remove(steps.currentRow()))

    def take_actions(self, table: ActionTable) -> None:
        """Offer the tools, and what else makes a step."""
        self._tools.addActions([table[name] for name in TOOLS])
        self._tools.addSeparator()
        self._tools.addActions([table[name] for name in AT_ONCE])
        self.copy.clicked.connect(table["copy_steps"].trigger)
        self.paste.clicked.connect(table["paste_steps"].trigger)
        self._crop_key = table.keys_text("crop")
        self._show()

    def _hear(self, edit: Edit) -> None:
        if any(change.record == SETTING for change in edit.changes):
            self._shown = None  # buckets may be others
            self._settle.start()

    # -- what is shown

    @property
    def current(self) -> Step | None:
        """The step that the keyboard is at."""
        row = self.steps.currentRow()
        return self._recipe.steps[row] if 0 <= row < len(self._recipe.steps) else None

    @property
    def shown_step(self) -> ShownStep | None:
        """The current step, if there is one."""
        if self._shown is None or self.current is None:
            return None
        return ShownStep(*self._shown, self.steps.currentRow())

    def _show(self) -> None:
        image = self._context.current
        now = None if image is None else (image.id, image.recipe)
        if now is not None and now == self._shown:
            return
        is_same = now is not None and self._shown is not None and now[0] == self._shown[0]
        before, row = len(self._recipe.steps), self.steps.currentRow()
        self._shown, self._recipe = now, Recipe()
        words = NONE
        if image is not None:
            try:
                self._recipe = Recipe.from_json(image.recipe)
                words = self._words(image)
            except UserError as error:
                words = str(error)
        size = (image.width, image.height) if image is not None else (1, 1)
        steps = self._recipe.steps
        sizes = [self._recipe.size_before(at, size) for at in range(len(steps))]
        lines = [
            (step_words(step, at), not step.off) for step, at in zip(steps, sizes, strict=True)
        ]
        self.state.setText(words)
        self.empty.setText(EMPTY.format(self._crop_key or "R"))
        self.empty.setVisible(image is not None and not steps)
        is_grown = not is_same or len(steps) > before
        self.steps.fill(lines, len(steps) - 1 if is_grown else row)
        self.steps.setVisible(bool(steps))
        self._buttons.setVisible(bool(steps))
        self._show_form()

    def _words(self, image: Image) -> str:
        source = image.width, image.height
        after = self._recipe.size_after(source)
        fit = fit_of(after, rule_of(self._context.project.settings))
        told = [size_words(source) if after == source else f"{size_words(source)} to "]
        if after != source:
            told[0] += size_words(after)
        told.append(f"bucket {size_words(fit.bucket)}")
        if fit.loss >= 0.005:
            told.append(f"{fit.loss * 100:.0f} % cut off")
        if fit.scale > 1.005:
            told.append(f"enlarged {fit.scale:.1f}x")
        return ", ".join(told)

    def _show_form(self) -> None:
        step, number = self.current, len(self._recipe.steps)
        row = self.steps.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < number - 1)
        self.remove.setEnabled(step is not None)
        self.edit.setEnabled(step is not None and tool_for(step) is not None)
        self._make_form(step)
        if step is not None and self.form is not None:
            texts = {field.name: text_of(step, field) for field in fields_of(step)}
            self.form.show_texts(texts, texts)

    def _make_form(self, step: Step | None) -> None:
        """Make another form where this one has other fields, or other things to choose from."""
        fields = self._fields_for(step)
        if _shape(fields) == _shape(self._fields):
            return
        self._fields = fields
        at = self.form.focused() if self.form is not None else ""
        item = self._place.takeAt(0)
        if item is not None and (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
        self.form = None
        if fields:
            self.form = step_form(fields)
            self.form.edited.connect(self._take)
            page = scrolled(at_top(self.form))
            self._place.addWidget(page)
            page.show()  # only then can it take the keyboard
            if at in [field.name for field in fields]:
                self.form.focus(at)

    def _fields_for(self, step: Step | None) -> list[FormField]:
        try:
            return form_fields(step, self._context.project) if step is not None else []
        except UserError as error:
            self._context.tell_error(error)
            return []

    # -- changes

    def _change(self, label: str, change: Callable[[Recipe], Recipe]) -> None:
        if self._shown is None:
            return
        id_, shown = self._shown
        self._context.change([id_], lambda images: change_shown(label, images, shown, change))

    def _move(self, at: int, to: int) -> None:
        self.steps.setCurrentRow(to)
        self._change("Move a step", lambda recipe: recipe.moved(at, to))

    def _remove(self, at: int) -> None:
        if 0 <= at < len(self._recipe.steps):
            self._change("Remove a step", lambda recipe: recipe.with_step(at, None))

    def _edit(self, at: int) -> None:
        name = tool_for(self._recipe.steps[at]) if 0 <= at < len(self._recipe.steps) else None
        if name is not None:
            self.tool_wanted.emit(name, at)

    def _take(self, name: str) -> None:
        """Take what was typed, if the step can be so."""
        step, form, at = self.current, self.form, self.steps.currentRow()
        if step is None or form is None:
            return
        if (text := form.text(name)) in ASKING:
            kept = {field.name: text_of(step, field) for field in fields_of(step)}
            form.show_texts(kept, kept)
            if text == MODELS:
                self.models_wanted.emit(MODEL_OF[step.kind])
            else:
                self.picture_wanted.emit()
            return
        field = next(one for one in fields_of(step) if one.name == name)
        try:
            made = with_text(step, field, text)
        except UserError as error:
            form.refuse(name, str(error))
            return
        if made != step:
            self._change("Change a step", lambda recipe: recipe.with_step(at, made))


def _shape(fields: list[FormField]) -> list[tuple[str, tuple[str, ...]]]:
    return [(field.name, field.choices) for field in fields]


def tool_for(step: Step) -> str | None:
    """The tool that changes a step, by its name."""
    return next((name for name, tool in TOOLS.items() if tool.takes(step)), None)


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(STEP_PX)
    for button in buttons:
        row.addWidget(button)
    return row
