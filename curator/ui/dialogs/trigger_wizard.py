"""The trigger wizard: a word, a way to teach with it, and what that does with every caption."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from curator.core.caption_diffs import CaptionDiff
from curator.core.edits import Edit
from curator.core.readable import count
from curator.core.records import Image
from curator.core.traits import GroupOf
from curator.core.trigger_advice import Known
from curator.core.trigger_ground import (
    Ground,
    advice,
    diffs,
    read_ground,
    why_not,
    with_pruned,
)
from curator.core.trigger_plan import edit_of
from curator.core.trigger_routes import Route, Wish
from curator.ui.context import Context
from curator.ui.dialogs.preview_layout import lay_out
from curator.ui.diff_list import DiffView
from curator.ui.refresher import Refresher
from curator.ui.theme import MUTED
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.tick_list import Advices, TickList
from curator.ui.trigger_form import TriggerForm

TITLE = "Trigger word"
SIZE_PX = (1080, 680)
FORM_PX = 360
REST_MS = 150
READING = "Reading the captions …"
WORKING = "Looking what would change …"
UNRATED = "Nothing is rated primary yet, so the shares are of all pictures."
NOTHING = "No caption would change."
WITH_TICKS = frozenset(
    {Route.PROPER, Route.CUSTOM, Route.STYLE_CONTENT, Route.CONCEPT, Route.OUTFIT}
)
Diffs = tuple[Sequence[Image], Sequence[CaptionDiff]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the lists of tags know: the group of a tag, and whether a word is one."""

    group_of: GroupOf
    is_listed: Callable[[str], bool]


class TriggerWizard(QDialog):
    """Stays open beside the window; nothing changes before it is applied."""

    def __init__(
        self,
        context: Context,
        thumbnails: ThumbnailProvider,
        knowledge: Callable[[], Knowledge],
        parent: QWidget,
    ) -> None:
        """`knowledge` is asked in a thread, for it may have to be read."""
        super().__init__(parent)
        self._context, self._load = context, knowledge
        self._ground: Ground | None = None
        self._knowledge: Knowledge | None = None
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE_PX)
        self.form = TriggerForm(context, self._known)
        self.ticks = TickList(context.theme)
        self.about = QLabel(wordWrap=True)
        self.about.setForegroundRole(MUTED)
        self.diffs = DiffView(context, thumbnails)
        self.total = QLabel(READING, wordWrap=True)
        self.apply = QPushButton("Apply", autoDefault=False)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.apply.click)
        self.apply.setToolTip("Apply (Ctrl+Return)")
        self.close_button = QPushButton("Close", autoDefault=False)
        self.apply.setEnabled(False)
        self._missing = ""
        self._shown: Wish | None = None  # of which the diffs are
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._work_out)
        self._lay_out()
        self._refresher = Refresher(self, context, self._reading, self._take)
        self._connect()

    def _lay_out(self) -> None:
        self.upper = QWidget()
        upper = QVBoxLayout(self.upper)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.addWidget(self.about)
        upper.addWidget(self.ticks, 1)
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.addWidget(self.upper)
        right.addWidget(self.diffs)
        right.setSizes([SIZE_PX[1] // 2, SIZE_PX[1] // 2])
        foot = self.total, self.close_button, self.apply
        lay_out(self, self.form, right, FORM_PX, foot)

    def _connect(self) -> None:
        self.form.route_changed.connect(self.ticks.forget)
        self.form.changed.connect(self._soon)
        self.ticks.ticked.connect(self._soon)
        self.diffs.diffs.left_out_changed.connect(self._count)
        self.apply.clicked.connect(self._apply)
        self.close_button.clicked.connect(self.close)

    def bring_up(self) -> None:
        """Show it, in front of the others."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.form.word.line.setFocus()

    # -- reading

    def _reading(self) -> Callable[[], tuple[Ground, Knowledge]]:
        project, recent = self._context.project, self._context.preferences.recent_projects
        known, load = self._knowledge, self._load
        return lambda: (read_ground(project, recent), known or load())

    def _take(self, found: tuple[Ground, Knowledge]) -> None:
        self._ground, self._knowledge = found
        self.form.show_ground(self._ground)
        self._work_out()

    def _known(self, word: str) -> Known | None:
        if self._ground is None or self._knowledge is None:
            return None
        return self._ground.known(self._knowledge.is_listed, word)

    # -- what would come of it

    def wish(self) -> Wish:
        """What is asked for."""
        return with_pruned(self.form.wish(), self.ticks.pruned())

    def _soon(self) -> None:
        """Work it out once nothing was typed for a moment; until then nothing can be applied."""
        self._rest.start()
        self.apply.setEnabled(False)
        self.total.setText(WORKING)

    def _work_out(self) -> None:
        ground, knowledge = self._ground, self._knowledge
        if ground is None or knowledge is None:
            return
        route, words = self.form.route, self.form.concept.text()
        self.upper.setVisible(route in WITH_TICKS)
        self._context.read(
            lambda: advice(ground, route, words, knowledge.group_of),
            partial(self._advise, ground),
            key="trigger-advice",
        )

    def _advise(self, ground: Ground, found: Advices) -> None:
        self.ticks.show_advice(found, {one.id: one.name for one in ground.sets.values()})
        words = "Ticked tags go out of the captions, so that the trigger carries them."
        if self.form.route in (Route.PROPER, Route.CUSTOM) and not ground.is_rated:
            words = f"{words} {UNRATED}"
        self.about.setText(words)
        wish = self.wish()
        missing = why_not(ground, wish)
        if missing:
            self._show_diffs(wish, missing, ((), ()))
            return
        self._context.read(
            lambda: diffs(ground, wish),
            partial(self._show_diffs, wish, ""),
            key="trigger-diff",
        )

    def _show_diffs(self, wish: Wish, missing: str, made: Diffs) -> None:
        self._shown, self._missing = wish, missing
        self.diffs.fill(*made)
        self._count()

    def _count(self) -> None:
        if self._shown != self.wish():
            return  # another one is being worked out
        number = len(self.diffs.diffs.wanted())
        words = f"{count(number, 'caption')} would change." if number else NOTHING
        self.total.setText(self._missing or words)
        self.apply.setText(f"Apply to {count(number, 'caption')}" if number else "Apply")
        self.apply.setEnabled(not self._missing)

    def _apply(self) -> None:
        ground, project, wish = self._ground, self._context.project, self.wish()
        if ground is None:
            return
        left_out = frozenset(self.diffs.diffs.left_out)

        def build(images: Sequence[Image]) -> Edit:
            sets = {one.id: one for one in project.sets()}
            return edit_of(wish, images, sets, project.stored_settings(), left_out)

        self._context.change([image.id for image in ground.images], build)
        self.close()
