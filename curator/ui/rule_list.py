"""The rules of a bulk edit in their order: added, moved, switched off, each with its fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core.caption_rules import RULES
from curator.core.readable import count
from curator.core.rule_context import CaptionRule
from curator.core.settings import parse_field
from curator.ui.form_fields import declared_in, setting_fields
from curator.ui.forms import Form
from curator.ui.literal_text import literal
from curator.ui.theme import MUTED, STEP_PX

RULE = Qt.ItemDataRole.UserRole
EMPTY = "Add a rule. What it would do to each caption is shown beside it before anything changes."
REST_MS = 300  # of rest in typing before what is typed counts
BECOMES = ("new", "into", "replacement")  # fields that say what comes of the others
LINES = 6  # of rules that are seen without scrolling


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule, and whether it is switched on."""

    rule: CaptionRule
    is_on: bool = True


def in_words(rule: CaptionRule) -> str:
    """What a rule is and works with: "Replace: cat, dog"."""
    values = {
        one.name: str(value)
        for one in declared_in(type(rule))
        if (value := getattr(rule, one.name)) != one.default and str(value).strip()
    }
    becomes = next((values.pop(name) for name in BECOMES if name in values), "")
    texts = ", ".join(values.values()) + (f" → {becomes}" if becomes else "")
    return f"{rule.title}: {texts}" if texts else rule.title


class RuleList(QWidget):
    """The list, the buttons below it, and the fields of the rule that is chosen."""

    changed = Signal()  # a rule, its order, or whether it is on

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setAccessibleName("Rules")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(LINES * (self.fontMetrics().height() + 2 * STEP_PX))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.installEventFilter(self)
        self.form: Form | None = None
        self._empty = QLabel(EMPTY, wordWrap=True)
        self._empty.setForegroundRole(MUTED)
        self._about = QLabel(wordWrap=True)
        self._about.setForegroundRole(MUTED)
        self._place = QVBoxLayout()
        self.add_button = QPushButton("Add a rule", autoDefault=False)
        self.add_menu = QMenu(self)
        for kind in RULES.values():
            self.add_menu.addAction(f"{kind.title}", partial(self._add_kind, kind))
        self.add_button.setMenu(self.add_menu)
        self.remove_button = self._button("Remove", "Delete", self._remove)
        self.up_button = self._button("↑", "Alt+Up", partial(self._move, -1))
        self.down_button = self._button("↓", "Alt+Down", partial(self._move, 1))
        self.up_button.setAccessibleName("Move the rule up")
        self.down_button.setAccessibleName("Move the rule down")
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._take_typed)
        self._lay_out()
        self.list.currentRowChanged.connect(lambda _row: self._show_form())
        self.list.itemChanged.connect(lambda _item: self.changed.emit())
        self.list.model().rowsMoved.connect(lambda *_about: self.changed.emit())
        self._show_form()

    def _button(self, text: str, key: str, work: object) -> QPushButton:
        button = QPushButton(text, autoDefault=False)
        button.setToolTip(f"{text} ({key})" if text.isalpha() else key)
        button.clicked.connect(work)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(STEP_PX)
        row.addWidget(self.add_button, 1)
        row.addWidget(self.remove_button)
        for button in (self.up_button, self.down_button):
            button.setFixedWidth(8 * STEP_PX)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        column.addWidget(self._empty)
        column.addWidget(self._about)
        column.addLayout(self._place)

    # -- what stands in it

    def lines(self) -> list[RuleLine]:
        """All rules in their order."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [RuleLine(item.data(RULE), _is_on(item)) for item in items]

    def rules(self) -> list[CaptionRule]:
        """Those that are switched on."""
        return [line.rule for line in self.lines() if line.is_on]

    def show_lines(self, lines: Sequence[RuleLine]) -> None:
        """Show these rules instead; the first one is chosen."""
        self.list.blockSignals(True)
        self.list.clear()
        for line in lines:
            self.list.addItem(self._item(line))
        self.list.setCurrentRow(0 if lines else -1)
        self.list.blockSignals(False)
        self._show_form()
        self.changed.emit()

    def add(self, rule: CaptionRule) -> None:
        """Add a rule at the end and choose it."""
        self.list.addItem(self._item(RuleLine(rule)))
        self.list.setCurrentRow(self.list.count() - 1)
        self.changed.emit()

    def show_counts(self, numbers: Sequence[int]) -> None:
        """Say how many captions each rule that is on changes."""
        if self.form is not None:
            self.form.explain("")
        rest = list(numbers)
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            item = self.list.item(row)
            number = rest.pop(0) if _is_on(item) and rest else None
            _write(item, item.data(RULE), number)
        self.list.blockSignals(False)

    def explain(self, at: int, sentence: str) -> None:
        """Say at a field of the rule in this place, of those that are on, why it can't be used."""
        rows = [row for row, line in enumerate(self.lines()) if line.is_on]
        self.list.setCurrentRow(rows[at])
        name = field_at_fault(self.lines()[rows[at]].rule, sentence)
        if self.form is not None and name:
            self.form.warn(name, sentence)

    def begin(self) -> None:
        """Put the keyboard into the first field that is still empty, else the list."""
        empty = self._first_empty()
        if empty is None or self.form is None:
            self.list.setFocus()
        else:
            self.form.focus(empty)

    def _first_empty(self) -> str | None:
        item = self.list.currentItem()
        if item is None:
            return None
        rule = item.data(RULE)
        return next((f.name for f in declared_in(type(rule)) if getattr(rule, f.name) == ""), None)

    def _item(self, line: RuleLine) -> QListWidgetItem:
        item = QListWidgetItem()
        item.setData(RULE, line.rule)
        movable = item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled
        item.setFlags(movable | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if line.is_on else Qt.CheckState.Unchecked)
        item.setSizeHint(QSize(0, self.fontMetrics().height() + 2 * STEP_PX))
        _write(item, line.rule, None)
        return item

    # -- what the person does

    def _add_kind(self, kind: type[CaptionRule]) -> None:
        self.add(kind())
        self.begin()

    def _remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.list.takeItem(row)
            self.changed.emit()

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + by < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + by, item)
            self.list.setCurrentRow(row + by)
            self.changed.emit()

    def _show_form(self) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        item = self.list.currentItem()
        self._empty.setVisible(item is None)
        self._about.setVisible(item is not None)
        for button in (self.remove_button, self.up_button, self.down_button):
            button.setEnabled(item is not None)
        if item is None:
            return
        rule = item.data(RULE)
        self._about.setText(f"{type(rule).__doc__}".partition("\n")[0])
        self.form = Form(setting_fields(declared_in(type(rule))))
        self.form.show_texts({name: str(value) for name, value in asdict(rule).items()}, {})
        self.form.edited.connect(self._take)
        for line in self.form.findChildren(QLineEdit):
            line.textEdited.connect(lambda _text: self._rest.start())
        self._place.addWidget(self.form)

    def _take_typed(self) -> None:
        """Work with what is typed so far; a blank that would go says that more will come."""
        if self.form is not None:
            kind = type(self.list.currentItem().data(RULE))
            kept = {f.metadata["label"] for f in declared_in(kind) if f.metadata["check"]}
            lines = [
                one for one in self.form.findChildren(QLineEdit) if one.accessibleName() not in kept
            ]
            if all(line.text() == line.text().strip() for line in lines):
                self.form.finish()

    def finish(self) -> bool:
        """Work with what is typed, to the last letter; tells whether that changed the rules."""
        before = self.rules()
        if self.form is not None:
            self.form.finish()
        return self.rules() != before

    def _take(self, name: str) -> None:
        item = self.list.currentItem()
        if item is None or self.form is None:
            return
        rule = item.data(RULE)
        declared = next(one for one in declared_in(type(rule)) if one.name == name)
        value = parse_field(declared, self.form.text(name))
        self.list.blockSignals(True)
        item.setData(RULE, replace(rule, **{name: value}))
        _write(item, item.data(RULE), None)
        self.list.blockSignals(False)
        self.changed.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            with_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
            if event.key() == Qt.Key.Key_Delete:
                self._remove()
                return True
            if with_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._move(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
        return super().eventFilter(watched, event)


def field_at_fault(rule: CaptionRule, sentence: str) -> str:
    """The field that a refusal is about, "" for none: those that it names, else the first text."""
    names = [one.name for one in declared_in(type(rule))]
    named = [name for name in names if f"The {name} " in sentence]
    return next(iter([*named, *(n for n in names if n == "pairs"), *names]), "")


def _is_on(item: QListWidgetItem) -> bool:
    return item.checkState() == Qt.CheckState.Checked


def _write(item: QListWidgetItem, rule: CaptionRule, number: int | None) -> None:
    """`number`: how many captions it changes, None while that is not known."""
    words = in_words(rule)
    told = "" if number is None else f"  ({number:,})"
    item.setText(f"{words}{told}")
    changes = "" if number is None else f"\nChanges {count(number, 'caption')}."
    item.setToolTip(literal(f"{words}{changes}"))
