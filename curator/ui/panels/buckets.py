"""The bucket panel: at which sizes pictures train, what is cropped, and what might be better."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.bucket_overview import (
    BucketOverview,
    Trial,
    change_in_words,
    in_words,
    read_overview,
    with_buckets,
)
from curator.core.errors import UserError
from curator.core.few_buckets import MOST
from curator.core.geometry import Size
from curator.core.query_tree import QueryError
from curator.core.readable import count, percent
from curator.core.training_rule import with_limits, with_resolution
from curator.ui.bucket_limits import BucketLimits
from curator.ui.bucket_tree import BucketTree, bucket_lines
from curator.ui.context import Context
from curator.ui.finder import Finder
from curator.ui.refresher import Refresher
from curator.ui.theme import STEP_PX, WARNING
from trainer.buckets import BucketRule

ALL, OWN = 0, MOST + 1  # places in the box of what is tried
OWN_TITLE = "My own choice"
ONLY_TRIED = "These buckets are only tried; the filter goes by those of the project."
TO_HAVE_IT = " Pictures that are cropped to these shapes train in these buckets alone."


class BucketsPanel(QWidget):
    """Counts what the filter finds, its buckets left open; a press filters by a bucket."""

    def __init__(self, context: Context, finder: Finder, eye: QAction) -> None:
        """`eye`: the toggle that shows upon pictures how they train."""
        super().__init__()
        self._context, self._finder = context, finder
        self._found: BucketOverview | None = None
        self._tried: BucketRule | None = None
        self._few: tuple[Size, ...] = ()
        self.limits = BucketLimits()
        self.use = QPushButton("Use these limits")
        self.back = QPushButton("Back")
        self.counted, self.change = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.change.setForegroundRole(WARNING)
        self.only = QComboBox()
        self.only.setAccessibleName("Which buckets are tried")
        self.tree = BucketTree(context.theme)
        self.eye = QToolButton()
        self.eye.setDefaultAction(eye)
        self.eye.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._lay_out()
        self._connect()
        self._refresher = Refresher(self, context, self._work, self._show)
        finder.asked.connect(self._refresher.now)

    def _lay_out(self) -> None:
        self._trying = QWidget()
        buttons = QHBoxLayout(self._trying)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self.use, 1)
        buttons.addWidget(self.back)
        self._trying.hide()
        self.change.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.setSpacing(2 * STEP_PX)
        for widget in (self.limits, self._trying, self.counted, self.only, self.change):
            column.addWidget(widget)
        column.addWidget(self.tree, 1)
        column.addWidget(self.eye, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        self.limits.resolution_chosen.connect(self._choose_resolution)
        self.limits.tried.connect(self._try_rule)
        self.use.clicked.connect(self._use)
        self.back.clicked.connect(self._go_back)
        self.only.activated.connect(self._try_few)
        self.tree.asked.connect(self._ask)
        self.tree.chosen.connect(self._choose)

    # -- what there is

    def _work(self) -> Callable[[], BucketOverview | None]:
        project, query = self._context.project, self._finder.query
        trial = Trial(self._tried or self._context.eye.rule, self._few)

        def work() -> BucketOverview | None:
            try:
                return read_overview(project, query, trial)
            except QueryError:
                return None  # the filter bar says what is wrong with it

        return work

    def _show(self, found: BucketOverview | None) -> None:
        if found is None:
            return
        before, self._found = self._found, found
        if before is None or before.rule != found.rule:
            self._begin_anew(found.rule)
        self._trying.setVisible(self._tried is not None)
        self.use.setEnabled(not found.trouble)
        self.counted.setText(in_words(found.now))
        words = found.trouble or change_in_words(found)
        self.change.setText(words + TO_HAVE_IT * bool(words and self._few))
        self.change.setVisible(bool(words))
        self._fill_only(found)
        self.tree.fill(bucket_lines(found.table.rows, found.listed, found.asked, self._few))

    def _begin_anew(self, rule: BucketRule) -> None:
        """The project has another rule; what was tried in place of the last one is over."""
        self.limits.show_rule(rule)
        if self._tried is not None or self._few:
            self._tried, self._few = None, ()
            self._refresher.now()

    def _fill_only(self, found: BucketOverview) -> None:
        """What may be tried: all buckets, the best few, or a choice."""
        titles = ["All buckets"]
        for few in found.few:
            which = f"The best {len(few.buckets)}" if len(few.buckets) > 1 else "The best one"
            titles.append(f"{which}: {percent(few.loss)} cropped away")
        here = self._place(found)
        if here > len(found.few):
            chosen = count(len(self._few), "bucket")
            titles.append(f"{OWN_TITLE}: {chosen}, {percent(found.table.loss)} cropped away")
        else:
            titles.append(OWN_TITLE)
        self.only.clear()
        self.only.addItems(titles)
        self.only.setCurrentIndex(min(here, len(titles) - 1))

    def _place(self, found: BucketOverview) -> int:
        if not self._few:
            return ALL
        best = [set(few.buckets) for few in found.few]
        return best.index(set(self._few)) + 1 if set(self._few) in best else OWN

    # -- what is tried

    def _try_rule(self, rule: BucketRule) -> None:
        is_other = self._found is not None and rule != self._found.rule
        self._tried = rule if is_other else None
        self._few = ()
        self._refresher.now()

    def _try_few(self, place: int) -> None:
        found = self._found
        if found is None:
            return
        if place == ALL:
            self._few = ()
        elif place <= len(found.few):
            self._few = found.few[place - 1].buckets
        elif not self._few and found.few:
            self._few = found.few[-1].buckets
        self._refresher.now()

    def _choose(self, bucket: Size, is_chosen: bool) -> None:
        rest: Sequence[Size] = [one for one in self._few if one != bucket]
        self._few = tuple(sorted([*rest, bucket] if is_chosen else rest)) or (bucket,)
        self._refresher.now()

    def _go_back(self) -> None:
        if self._found is not None:
            self.limits.show_rule(self._found.rule)
        self._tried, self._few = None, ()
        self._refresher.now()

    # -- what holds

    def _use(self) -> None:
        if self._tried is not None:
            self._change(with_limits, self._tried)

    def _choose_resolution(self, side: int) -> None:
        self._tried, self._few = None, ()
        self._change(with_resolution, side)

    def _change(self, change: Callable[..., dict[str, str]], value: BucketRule | int) -> None:
        try:
            self._context.change_settings(change(self._context.project.settings, value))
        except UserError as error:  # the options of the training can't be read
            self._context.tell_error(error)

    def _ask(self, bucket: Size, with_ctrl: bool) -> None:
        found = self._found
        if found is None:
            return
        if self._tried is not None or bucket not in {row.bucket for row in found.now.rows}:
            self._context.said.emit(ONLY_TRIED)
            return
        asked = set(found.asked)
        wanted = asked ^ {bucket} if with_ctrl else {bucket} - (asked if len(asked) == 1 else set())
        known = [*{row.bucket for row in found.now.rows} | asked]
        try:
            self._finder.ask(with_buckets(self._finder.query, known, sorted(wanted)))
        except QueryError as error:
            self._context.tell_error(error)
