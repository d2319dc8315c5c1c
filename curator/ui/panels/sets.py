"""The sets panel: concepts, outfits and the like, made, changed and filled with pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core import edits
from curator.core.edits import IMAGE, SET, SETTING, Edit
from curator.core.errors import UserError
from curator.core.query_terms import written
from curator.core.records import ImageSet, SetKind
from curator.core.settings import ProjectSettings
from curator.ui.context import Context
from curator.ui.finder import Finder
from curator.ui.refresher import Refresher
from curator.ui.set_form import NAME_HINT, SetForm
from curator.ui.set_list import SetList, SetRow
from curator.ui.theme import MUTED, STEP_PX

EMPTY = (
    "A set holds pictures that belong together, such as an outfit, with a trigger word and repeats"
    " of its own. Drag pictures onto a set, or select some and press {key}."
)
_FIELDS = {(IMAGE, "set_id"), (IMAGE, "removed"), (IMAGE, "rejected")}


@dataclass(frozen=True, slots=True)
class _Found:
    rows: Sequence[SetRow]
    settings: ProjectSettings


class SetsPanel(QWidget):
    """The list of sets, and below it the fields of the one that is chosen."""

    files_dropped = Signal(list, int)  # paths from other programs, and the set's id

    def __init__(self, context: Context, finder: Finder, put_key: str) -> None:
        """`put_key`: the key that puts pictures into a set, as it is shown to people."""
        super().__init__()
        self._context, self._finder = context, finder
        self._settings = ProjectSettings()
        self._wanted: int | None = None  # the set to choose once it is there
        self.list = SetList(context.theme)
        self.form = SetForm()
        self._fields = _Fields(self.form)
        self.new_name = QLineEdit(placeholderText=NAME_HINT)
        self.new_name.setAccessibleName("Name of the new set")
        self.new_button = QPushButton("New set")
        self.delete_button = QPushButton("Delete")
        self._empty = QLabel(EMPTY.format(key=put_key), wordWrap=True)
        self._empty.setForegroundRole(MUTED)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self._add_actions()
        self._connect()
        self._refresher = Refresher(self, context, self._work, self._show, _concerns)
        self._choose()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.new_button)
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.setSpacing(STEP_PX)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addWidget(self.new_name)
        column.addLayout(buttons)
        column.addWidget(self._fields)
        self.new_name.hide()

    def _add_actions(self) -> None:
        self._menu = QMenu(self)
        for words, key, work in (
            ("Show its pictures", "Return", self._show_pictures),
            ("Rename", "F2", self._rename),
            ("Delete", "Delete", self._delete),
        ):
            action = QAction(words, self.list, shortcut=QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(work)
            self.list.addAction(action)
            self._menu.addAction(action)

    def _connect(self) -> None:
        self.list.itemSelectionChanged.connect(self._choose)
        self.list.itemDoubleClicked.connect(self._show_pictures)
        self.list.menu_asked.connect(self._open_menu)
        self.list.ids_dropped.connect(self._put)
        self.list.files_dropped.connect(self.files_dropped)
        self.form.changed.connect(self._change)
        self.new_button.clicked.connect(self.ask_name)
        self.new_name.returnPressed.connect(self._create)
        self.new_name.editingFinished.connect(self.new_name.hide)
        self.delete_button.clicked.connect(self._delete)

    # -- what there is

    def _work(self) -> Callable[[], _Found]:
        project = self._context.project

        def work() -> _Found:
            counts: Counter[int | None] = Counter()
            for set_id, _rating, _rejected, number in project.group_counts():
                counts[set_id] += number
            rows = [SetRow(one, counts[one.id]) for one in project.sets()]
            return _Found(rows, project.settings)

        return work

    def _show(self, found: _Found) -> None:
        self._settings = found.settings
        chosen = self._chosen()
        wanted = self._wanted or (chosen.id if chosen else None)
        self.list.fill(found.rows, wanted)
        if any(row.set.id == self._wanted for row in found.rows):
            self._wanted = None
        self._empty.setVisible(not found.rows)
        self.list.setVisible(bool(found.rows))
        self._choose()

    def _chosen(self) -> ImageSet | None:
        row = self.list.chosen()
        return row.set if row else None

    def _choose(self) -> None:
        chosen = self._chosen()
        self.delete_button.setEnabled(chosen is not None)
        self._fields.setVisible(chosen is not None)
        self.form.show_set(chosen, self._settings)
        self._fields.updateGeometry()

    # -- what the person does

    def ask_name(self) -> None:
        """Let the person type the name of a new set."""
        self.new_name.clear()
        self.new_name.show()
        self.new_name.setFocus()

    def _create(self) -> None:
        name = self.new_name.text().strip()
        self.list.show()
        self.list.setFocus()
        self.new_name.hide()
        if name:
            new = ImageSet(self._context.project.new_set_id(), name, SetKind.CONCEPT)
            self._wanted = new.id
            self._submit(lambda: edits.create_set(new))

    def _change(self, old: ImageSet, new: ImageSet) -> None:
        self.list.replace(new)
        self._submit(lambda: edits.change_set(old, new))
        self.form.show_set(new, self._settings)
        self._fields.updateGeometry()

    def _submit(self, build: Callable[[], Edit]) -> None:
        try:
            edit = build()
        except UserError as error:
            self._context.tell_error(error)
            edit = Edit("", ())
        self._context.submit(edit)
        self._refresher.soon()  # also where the project refuses it

    def _delete(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._submit(lambda: edits.change_set(chosen, replace(chosen, removed=True)))

    def _rename(self) -> None:
        self.form.name.setFocus()
        self.form.name.selectAll()

    def _show_pictures(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._finder.ask(f"set:{written(chosen.name)}")

    def _put(self, ids: list[int], set_id: int) -> None:
        into = self.list.set_of(set_id)
        if into is not None:
            self._context.change(ids, lambda images: edits.assign_to_set(images, into))

    def _open_menu(self, place: QPoint) -> None:
        self._menu.popup(place)


class _Fields(QScrollArea):
    """As high as the form with its sentence, and scrolled where there is less room."""

    def __init__(self, form: QWidget) -> None:
        super().__init__()
        self._form = form
        self.setWidget(form)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._form.heightForWidth(self.width()))


def _concerns(edit: Edit) -> bool:
    return any(
        record in (SET, SETTING) or (record, field) in _FIELDS for record, field in edit.touched
    )
