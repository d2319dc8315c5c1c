"""Steps for many pictures at once: chosen by a name, tried on six of them, then done as a job."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.readable import count
from curator.core.recipe import Recipe
from curator.core.recipe_plans import Plan
from curator.core.recipe_presets import BUILT_IN, own_presets
from curator.core.records import Image
from curator.core.step_words import size_words
from curator.core.steps import is_heavy
from curator.imaging.render import NotMade, render_small
from curator.tasks.prepare_images import Preparation, PrepareReport, preparation, prepare_images
from curator.ui.context import Context
from curator.ui.job_bridge import Ticket
from curator.ui.notices import Notice
from curator.ui.qt_picture import to_qt
from curator.ui.theme import MUTED, STEP_PX

TITLE = "Prepare many pictures"
HOW = "Files stay as they are, and one step of undo takes all of it back."
SIX, COLUMNS = 6, 2
SIDE_PX = 150  # of each picture of the preview
MOST_FAILED = 40
LATER = "Computed once it is prepared."


@dataclass(frozen=True, slots=True)
class Tried:
    """A picture before and after, and what is said below; `trouble` where it can't be made."""

    name: str
    words: str
    before: QImage | None
    after: QImage | None
    trouble: str = ""


class PrepareManyDialog(QDialog):
    """`ids`: the pictures that are meant, whatever is selected afterwards.

    `want` has made what heavy steps of pictures lack, once they have them.
    """

    def __init__(
        self,
        parent: QWidget,
        context: Context,
        ids: Sequence[int],
        want: Callable[[Sequence[Image]], None],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._ids, self._want = context, list(ids), want
        self._seed = 0
        self._plans = _plans(context)
        self.what = QComboBox()
        self.what.addItems([name[:1].upper() + name[1:] for name in self._plans])
        self.what.setAccessibleName("Steps to add")
        self.anew = QCheckBox("In place of the steps they have")
        self.cells = [_Cell() for _number in range(min(SIX, len(ids)))]
        self.others = QPushButton("Other six", autoDefault=False)
        self.others.setVisible(len(ids) > SIX)
        self._lay_out()
        self.what.currentIndexChanged.connect(self._try)
        self.anew.toggled.connect(self._try)
        self.others.clicked.connect(self._draw_again)
        self._try()

    def _lay_out(self) -> None:
        how = QLabel(f"{count(len(self._ids), 'picture')}. {HOW}", wordWrap=True)
        how.setForegroundRole(MUTED)
        row = QHBoxLayout()
        row.addWidget(self.what, 1)
        row.addWidget(self.anew)
        row.addWidget(self.others)
        grid = QGridLayout()
        grid.setSpacing(2 * STEP_PX)
        for number, cell in enumerate(self.cells):
            grid.addWidget(cell, number // COLUMNS, number % COLUMNS)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        words = f"Prepare {count(len(self._ids), 'picture')}"
        self.apply_button = buttons.addButton(words, QDialogButtonBox.ButtonRole.AcceptRole)
        self.apply_button.setDefault(True)
        self.apply_button.clicked.connect(self._apply)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(how)
        column.addLayout(row)
        column.addLayout(grid, 1)
        column.addWidget(buttons)
        self.what.setFocus()

    def _how(self) -> Preparation:
        plan = list(self._plans.values())[self.what.currentIndex()]
        return preparation(self._context.project, plan, anew=self.anew.isChecked())

    def _draw_again(self) -> None:
        self._seed += 1
        self._try()

    def _try(self) -> None:
        chosen = random.Random(self._seed).sample(self._ids, len(self.cells))
        project, how = self._context.project, self._how()
        side = round(SIDE_PX * self.devicePixelRatioF())
        for cell in self.cells:
            cell.setEnabled(False)  # what it shows is of another choice
        self._context.read(
            lambda: [try_on(project, image, how, side) for image in project.images(chosen)],
            self._show,
            key="prepare many",
            of_files=True,
        )

    def _show(self, tried: Sequence[Tried]) -> None:
        for cell, one in zip(self.cells, tried, strict=False):
            cell.setEnabled(True)
            cell.show_tried(one, self.devicePixelRatioF())

    def _apply(self) -> None:
        context, ids, want = self._context, self._ids, self._want  # the dialog is gone by then

        def end(ticket: Ticket) -> None:
            _tell(context, ticket)
            if isinstance(ticket.result, PrepareReport):
                context.read(lambda: list(filter(has_heavy, context.project.images(ids))), want)

        context.jobs.start(TITLE, prepare_images, context.project, ids, self._how(), on_end=end)
        self.close()


class _Cell(QFrame):
    """One picture before and after."""

    def __init__(self) -> None:
        super().__init__()
        self._sides = QLabel(), QLabel()
        self.words = QLabel(wordWrap=True)
        self.words.setForegroundRole(MUTED)
        row = QHBoxLayout()
        for label in self._sides:
            label.setFixedSize(SIDE_PX, SIDE_PX)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            row.addWidget(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addLayout(row)
        column.addWidget(self.words)

    def show_tried(self, tried: Tried, ratio: float) -> None:
        """Show another picture, or the same by other steps."""
        for label, picture in zip(self._sides, (tried.before, tried.after), strict=True):
            if picture is None:
                label.setText(tried.trouble)
                continue
            pixmap = QPixmap.fromImage(picture)
            pixmap.setDevicePixelRatio(ratio)
            label.setPixmap(pixmap)
        self.words.setText(f"{tried.name}\n{tried.words}")
        self.setAccessibleName(f"{tried.name}: {tried.words} {tried.trouble}".strip())


def try_on(project: Project, image: Image, how: Preparation, side: int) -> Tried:
    """What the steps make of one picture, no side longer than `side` pixels."""
    size = image.width, image.height
    before = after = None
    words = trouble = ""
    try:
        was, recipe = Recipe.from_json(image.recipe), how.recipe(image)
        words = _sizes(size_words(was.size_after(size)), size_words(recipe.size_after(size)))
        before = _small(project, image, side)
        after = _small(project, replace(image, recipe=recipe.to_json()), side)
    except NotMade:
        trouble = LATER
    except UserError as error:
        trouble = str(error)
    return Tried(image.name, words, before, after, trouble)


def has_heavy(image: Image) -> bool:
    """Whether a step of a picture takes a model, or seconds."""
    return bool(image.recipe) and any(map(is_heavy, Recipe.from_json(image.recipe).active))


def _small(project: Project, image: Image, side: int) -> QImage:
    return to_qt(render_small(image, project.root, side, project.settings.max_pixels))


def _sizes(before: str, after: str) -> str:
    return f"{before}, as it is" if before == after else f"{before} becomes {after}"


def _plans(context: Context) -> dict[str, Plan]:
    """What can be chosen: own presets, the steps of the current picture, those that ship."""
    found: dict[str, Plan] = {}
    try:
        found |= own_presets(context.project.settings)
        current = context.current
        steps = Recipe.from_json(current.recipe).active if current is not None else ()
        if current is not None and steps:
            found[f"the steps of {current.name}"] = steps
    except UserError as error:
        context.tell_error(error)
    return {**found, **BUILT_IN}


def _tell(context: Context, ticket: Ticket) -> None:
    if ticket.error is not None:
        context.tell_error(ticket.error, TITLE)
    report = ticket.result
    if not isinstance(report, PrepareReport):
        return
    were = "was" if report.same == 1 else "were"
    same = f", {report.same:,} {were} so already" if report.same else ""
    words = f"{count(report.changed, 'picture')} prepared{same}."
    lines = [f"{name}: {why}" for _id, name, why in report.failed[:MOST_FAILED]]
    ticket.report = "\n".join([words, *lines])
    hint = f"{count(len(report.failed), 'picture')} could not be." if lines else ""
    context.tell(Notice(words, hint, "\n".join(lines)))
