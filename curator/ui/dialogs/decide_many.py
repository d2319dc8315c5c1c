"""Many groups of duplicates decided by a rule for each kind: shown before, one step to undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from curator.core.decisions import decide_all
from curator.core.duplicate_cases import Case, groups_in_words
from curator.core.duplicates import WORDS, Kind
from curator.core.edits import Edit
from curator.core.keepers import Way
from curator.core.readable import count
from curator.core.records import Image
from curator.ui.context import Context
from curator.ui.theme import MUTED, STEP_PX

TITLE = "Decide many duplicates"
HOW = (
    "One of each group is kept; the others are rejected as duplicates, never deleted. Untick the"
    " groups that you want to look at yourself."
)
NOTHING = "Nothing is decided yet: choose above which pictures of a kind are kept."
NONE = "No group of duplicates is open."
WAYS: Mapping[Way | None, str] = {
    Way.BEST: "Keep the best",
    Way.OLDEST: "Keep the oldest",
    Way.LARGEST: "Keep the largest",
    None: "Leave alone",
}
# Where the pixels are the same the oldest is as good as any; edits want to be looked at.
USUAL: Mapping[Kind, Way | None] = {
    Kind.BYTES: Way.OLDEST,
    Kind.PIXELS: Way.BEST,
    Kind.REENCODED: Way.BEST,
}
SIZE_PX = (780, 520)
Decision = tuple[Case, int]  # a group and the id of its keeper


class DecideManyDialog(QDialog):
    """A choice for each kind above, a line for each group below."""

    def __init__(self, context: Context, cases: Sequence[Case], parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._cases = context, cases
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE_PX)
        self.choices: dict[Kind, QComboBox] = {}
        self.tree = QTreeWidget(columnCount=4)
        self.tree.setAccessibleName("Groups")
        self.tree.setHeaderLabels(["Keep", "Why", "Reject", "How many"])
        self.tree.setRootIsDecorated(False)
        self.total = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.apply = self.buttons.addButton("Apply", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._apply)
        self.buttons.rejected.connect(self.reject)
        how = QLabel(HOW if cases else NONE, wordWrap=True)
        how.setForegroundRole(MUTED)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(how)
        column.addLayout(self._rules())
        column.addWidget(self.tree, 1)
        column.addWidget(self.total)
        column.addWidget(self.buttons)
        self.tree.itemChanged.connect(lambda _item, _column: self._count())
        self._fill()

    def _rules(self) -> QFormLayout:
        form = QFormLayout()
        for kind in Kind:
            number = sum(case.group.kind is kind for case in self._cases)
            if not number:
                continue
            box = QComboBox()
            for way, words in WAYS.items():
                box.addItem(words, way)
            box.setCurrentIndex(list(WAYS).index(USUAL.get(kind)))
            box.currentIndexChanged.connect(self._fill)
            self.choices[kind] = box
            form.addRow(f"{WORDS[kind].capitalize()} ({count(number, 'group')})", box)
        return form

    def _fill(self) -> None:
        """Show what the rules would do; what was unticked is ticked again."""
        self.tree.blockSignals(True)
        self.tree.clear()
        for case in self._cases:
            way = list(WAYS)[self.choices[case.group.kind].currentIndex()]
            if way is not None:
                self.tree.addTopLevelItem(_line(case, way))
        for at in range(self.tree.columnCount()):
            self.tree.resizeColumnToContents(at)
            self.tree.setColumnWidth(at, min(self.tree.columnWidth(at), SIZE_PX[0] // 3))
        self.tree.blockSignals(False)
        self._count()

    def decisions(self) -> list[Decision]:
        """The groups that are ticked, with their keepers."""
        items = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        return [
            item.data(0, Qt.ItemDataRole.UserRole)
            for item in items
            if item is not None and item.checkState(0) == Qt.CheckState.Checked
        ]

    def _count(self) -> None:
        decisions = self.decisions()
        gone = sum(len(case.ids) - 1 for case, _keeper in decisions)
        left = len(self._cases) - len(decisions)
        words = f"{groups_in_words(len(decisions))}: {count(gone, 'picture')} rejected."
        rest = f" {count(left, 'group')} left to look at." if left else ""
        self.total.setText(words + rest if decisions else NOTHING)
        self.apply.setText(f"Decide {count(len(decisions), 'group')}")
        self.apply.setEnabled(bool(decisions))

    def _apply(self) -> None:
        decisions = self.decisions()
        ids = [image_id for case, _keeper in decisions for image_id in case.ids]
        self._context.change(ids, _builder(decisions))
        self.accept()


def _line(case: Case, way: Way) -> QTreeWidgetItem:
    found = case.proposed(way)
    others = [image.name for image in case.images if image.id != found.keeper]
    texts = [case.image(found.keeper).name, ", ".join(found.reasons), ", ".join(others)]
    item = QTreeWidgetItem([*texts, str(len(others))])
    item.setData(0, Qt.ItemDataRole.UserRole, (case, found.keeper))
    item.setCheckState(0, Qt.CheckState.Checked)
    for at in range(4):
        item.setToolTip(at, item.text(at))
    return item


def _builder(decisions: Sequence[Decision]) -> Callable[[Sequence[Image]], Edit]:
    def build(images: Sequence[Image]) -> Edit:
        """One edit of the records as they are then, without groups whose keeper is gone."""
        now = {image.id: image for image in images}
        return decide_all(
            [
                ([now[i] for i in case.ids if i in now], keeper)
                for case, keeper in decisions
                if keeper in now
            ]
        )

    return build
