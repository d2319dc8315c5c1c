"""Several pictures' tags: added to all, taken from all, replaced and moved, each as one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.edits import IMAGE, Edit
from curator.core.readable import count
from curator.core.records import Image
from curator.core.selection_edits import (
    Triggers,
    add_tags,
    move_tags,
    remove_tags,
    replace_tag,
    triggers_by_set,
)
from curator.ui.context import Context
from curator.ui.refresher import Refresher
from curator.ui.selected_tags import SelectedTagsTable
from curator.ui.selected_tags_model import TagCounts, read_counts
from curator.ui.tag_completer import AddLine
from curator.ui.tag_words import TagWords
from curator.ui.theme import MUTED, STEP_PX, embolden

WHY = "Sentences belong to one picture each: select one to write them."
ADD = "Add tags to all; a comma or Enter ends one"
Found = tuple[frozenset[int], TagCounts]


class SelectionEditor(QWidget):
    """Shows the tags of the selected pictures, and changes all of them."""

    left = Signal()  # the person wants back to the pictures

    def __init__(self, context: Context, words: TagWords) -> None:
        super().__init__()
        self._context = context
        self._meant: Sequence[int] = ()  # the pictures that what is typed is for
        self._ids: frozenset[int] = frozenset()
        self._waiting: Found | None = None
        self.title = QLabel()
        embolden(self.title)
        self.seek = QLineEdit(placeholderText="Show tags with …", clearButtonEnabled=True)
        self.seek.setAccessibleName("Show tags with")
        self.table = SelectedTagsTable(context.theme, words)
        self.line = AddLine(context.theme, words, ADD, "Add tags to all")
        self.where = QComboBox()
        self.where.addItem("at the end", False)
        self.where.addItem("in front", True)
        self.where.setAccessibleName("Where tags are added")
        self.buttons = {
            "all": QPushButton("Add to all"),
            "none": QPushButton("Remove from all"),
            "replace": QPushButton("Replace…"),
            "front": QPushButton("To the front"),
            "end": QPushButton("To the end"),
        }
        self._lay_out()
        self._connect()
        self._refresher = Refresher(self, context, self._work, self._show, _is_of_captions)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        why = QLabel(WHY, wordWrap=True)
        why.setForegroundRole(MUTED)
        rows = [QHBoxLayout(), QHBoxLayout(), QHBoxLayout()]
        rows[0].addWidget(self.line, 1)
        rows[0].addWidget(self.where)
        for number, (name, button) in enumerate(self.buttons.items()):
            button.setObjectName(name)
            rows[1 + number // 3].addWidget(button)
        for widget in (self.title, why, self.seek):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        for row in rows:
            row.setSpacing(STEP_PX)
            column.addLayout(row)

    def _connect(self) -> None:
        table, model, buttons = self.table, self.table.tags, self.buttons
        self.seek.textChanged.connect(model.seek)
        self.line.given.connect(self.add)
        self.line.left_empty.connect(self._leave_line)
        table.pasted.connect(self.add)
        table.removed.connect(self.remove)
        table.moved.connect(self.move_chosen)
        model.given.connect(lambda tag: self.add([tag]))
        model.taken.connect(lambda tag: self.remove([tag]))
        model.replaced.connect(self._replace)
        table.itemDelegate().closeEditor.connect(self._show_later)
        buttons["all"].clicked.connect(lambda: self.add(table.chosen()))
        buttons["none"].clicked.connect(lambda: self.remove(table.chosen()))
        buttons["replace"].clicked.connect(
            lambda: table.edit(table.currentIndex().siblingAtColumn(0))
        )
        buttons["front"].clicked.connect(lambda: self.move_chosen(to_front=True))
        buttons["end"].clicked.connect(lambda: self.move_chosen(to_front=False))
        table.selectionModel().selectionChanged.connect(self._allow)
        model.modelReset.connect(self._allow)

    # -- what is shown

    def look(self) -> None:
        """Read the tags of the selected pictures, once what was typed about others is kept."""
        meant = self._context.selection.meant()
        if meant != self._meant:
            self.keep()
            self._meant = meant
        self._refresher.soon()

    def keep(self) -> None:
        """Do what was typed."""
        self.table.finish_editing()
        self.line.finish()

    def begin(self) -> None:
        """Put the keyboard where one types."""
        self.line.setFocus()

    def _work(self) -> Callable[[], Found]:
        project, ids = self._context.project, self._meant
        return lambda: (frozenset(ids), read_counts(project, ids))

    def _show(self, found: Found) -> None:
        if self.table.is_editing:
            self._waiting = found
            return
        ids, counts = found
        is_same, self._ids = ids == self._ids, ids
        self.title.setText(f"{count(counts.pictures, 'picture')} selected")
        self.table.show_counts(counts, is_same=is_same)

    def _show_later(self) -> None:
        """Show what waited for the end of typing."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            QTimer.singleShot(0, self, lambda: self._show(waiting))

    def _allow(self) -> None:
        number = len(self.table.chosen())
        for name, button in self.buttons.items():
            button.setEnabled(number == 1 if name == "replace" else number > 0)

    # -- what is done

    def _change(self, build: Callable[[Sequence[Image], Triggers], Edit]) -> None:
        project = self._context.project

        def work(images: Sequence[Image]) -> Edit:
            return build(images, triggers_by_set(project.settings, project.sets()))

        self._context.change(self._meant, work)

    def add(self, tags: Sequence[str]) -> None:
        """Give tags to all that lack them."""
        in_front = bool(self.where.currentData())
        if tags:
            self._change(
                lambda images, triggers: add_tags(images, tags, triggers, at_front=in_front)
            )

    def remove(self, tags: Sequence[str]) -> None:
        """Take tags from all."""
        if tags:
            self._change(lambda images, _triggers: remove_tags(images, tags))

    def _replace(self, tag: str, text: str) -> None:
        self._change(lambda images, _triggers: replace_tag(images, tag, text))

    def move_chosen(self, to_front: bool) -> None:
        """Move the chosen tags within each caption."""
        tags = self.table.chosen()
        if tags:
            self._change(
                lambda images, triggers: move_tags(images, tags, triggers, to_front=to_front)
            )

    def _leave_line(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif self.table.tags.rows:
            self.table.setFocus()


def _is_of_captions(edit: Edit) -> bool:
    return (IMAGE, "caption") in edit.touched
