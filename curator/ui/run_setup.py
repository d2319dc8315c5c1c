"""Sets a training up: what it begins with, what it will be, and the button that starts it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core.errors import UserError
from curator.core.run_draft import RunDraft, draft
from curator.core.run_options import option_text, read_options, write_options
from curator.core.run_plan import TrainRequest
from curator.ui.base_choice import BaseChoice
from curator.ui.context import Context
from curator.ui.form_fields import as_texts, in_labels
from curator.ui.forms import Form, scrolled
from curator.ui.run_fields import PRESET, first_fields, grouped_fields, option_names
from curator.ui.run_summary import RunSummaryView
from curator.ui.theme import STEP_PX, WARNING
from curator.ui.training import Training

SETTLE_MS = 250  # after a change, before the run is planned anew


class RunSetup(QWidget):
    """Keeps what is chosen with the project; plans the run anew while it is looked at."""

    def __init__(self, context: Context, training: Training, menu: QMenu | None = None) -> None:
        super().__init__()
        self._context = context
        self._training = training
        self._start_from: Path | None = None
        self._draft: RunDraft | None = None
        self._is_stale = True
        self._options = option_names()
        self.base = BaseChoice(context)
        self.form = Form(first_fields(), grouped_fields(), menu)
        self.summary = RunSummaryView(context)
        self.start_button = QPushButton("Start training")
        self.obstacle = QLabel(wordWrap=True)
        self._start_words = QLabel(wordWrap=True)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._lay_out()
        self._connect()
        self._show_kept()
        self.begin_with(None)

    def _lay_out(self) -> None:
        heading = QLabel("Base model")
        heading.setBuddy(self.base.combo)
        self.start_button.setMinimumHeight(9 * STEP_PX)
        self.obstacle.setForegroundRole(WARNING)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(3 * STEP_PX, 3 * STEP_PX, 3 * STEP_PX, 3 * STEP_PX)
        column.setSpacing(STEP_PX)
        column.addWidget(heading)
        column.addWidget(self.base)
        column.addWidget(self.form)
        column.addStretch()
        scroll = scrolled(inside)
        below = QVBoxLayout()
        below.setContentsMargins(3 * STEP_PX, STEP_PX, 3 * STEP_PX, 3 * STEP_PX)
        below.setSpacing(2 * STEP_PX)
        self._from = self._make_from()
        for widget in (self._from, self.start_button, self.obstacle, self.summary):
            below.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll, 1)
        outer.addLayout(below)

    def _make_from(self) -> QWidget:
        page = QWidget()
        forget = QToolButton(autoRaise=True)
        forget.setText("✕")
        forget.setAccessibleName("Begin from nothing instead")
        forget.setToolTip("Begin from nothing instead")
        forget.clicked.connect(lambda: self.begin_with(None))
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._start_words, 1)
        row.addWidget(forget, 0, Qt.AlignmentFlag.AlignTop)
        return page

    def _connect(self) -> None:
        context, training = self._context, self._training
        self._settle.timeout.connect(self._plan)
        self.base.chosen.connect(self._choose_base)
        self.form.edited.connect(self._keep)
        self.form.edited.connect(self._show_state)
        self.form.refused.connect(self._show_state)
        self.start_button.clicked.connect(self.start)
        context.edited.connect(lambda _edit: self._outdate())
        training.changed.connect(self._show_state)
        training.ended.connect(self._outdate)
        training.proposed.connect(self.begin_with)

    # -- what is kept with the project

    def _show_kept(self) -> None:
        settings = self._context.project.settings
        bare = self._draft.bare if self._draft else None
        defaults = {it: option_text(getattr(bare, it)) for it in self._options} if bare else {}
        own = as_texts(settings)
        own[PRESET] = own.pop("preset")
        texts = own | defaults | self._kept_options()
        self.form.show_texts(texts, defaults)
        self.base.offer(settings.base)

    def _kept_options(self) -> dict[str, str]:
        try:
            return read_options(self._context.project.settings.options)
        except UserError:  # of the command line's doing; planning tells of it
            return {}

    def _keep(self, *names: str) -> None:
        """Keep fields as the form has them, as one step."""
        texts = {name: self.form.text(name) for name in names}
        own = {name: text for name, text in texts.items() if name not in self._options}
        rest = texts.keys() - own
        if PRESET in own:
            own["preset"] = own.pop(PRESET)
        if rest:
            kept = self._kept_options() | {name: texts[name] for name in rest}
            usual = {name for name in rest if not self.form.is_changed(name)}
            own["options"] = write_options({it: kept[it] for it in kept if it not in usual})
        self._context.change_settings(own)

    def put_all_back(self) -> None:
        """Put all further options back to what they would be by themselves, as one step."""
        if names := self.form.changed_further:
            self.form.put_back(names)
            self._keep(*names)

    def _choose_base(self, path: str) -> None:
        self._context.preferences.remember_base(path)
        self._context.change_settings({"base": path})
        self._outdate()

    # -- what it will be

    def _outdate(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._settle.start()

    def _plan(self) -> None:
        self._is_stale = False
        self._show_kept()
        project, request = self._context.project, self.request()
        self._context.read(lambda: draft(project, request), self._show_draft, key="run draft")

    def _show_draft(self, found: RunDraft) -> None:
        self._draft = found
        self._show_kept()
        self.base.describe(found)
        self.summary.show_preview(found.preview)
        self.form.explain(found.conflict, found.mends)
        self._show_state()

    def _show_state(self) -> None:
        is_running, why = self._training.status.is_running, ""
        if self._draft is not None and not is_running:
            why = in_labels(self._draft.obstacle) or self.form.problem
        self.obstacle.setText(why)
        self.obstacle.setVisible(bool(why))
        self.start_button.setEnabled(self.may_start)

    @property
    def may_start(self) -> bool:
        """Whether a press of the button would start something."""
        is_ready = self._draft is not None and not self._draft.obstacle
        return is_ready and not self.form.problem and not self._training.status.is_running

    # -- starting

    def begin_with(self, path: Path | None) -> None:
        """Let the next run continue from a checkpoint, None: from nothing."""
        self._start_from = path
        name = f"{path.parent.name}, {path.stem}" if path else ""
        self._start_words.setText(f"Continues from {name}")
        self._from.setVisible(path is not None)
        self._outdate()

    def request(self) -> TrainRequest:
        """What would be asked of a run now."""
        return TrainRequest(base=self.base.value(), start_from=self._start_from)

    def start(self) -> None:
        """Start the training as it stands there."""
        self.form.finish()
        if self.may_start:
            request = self.request()
            if self._context.project.settings.base != request.base:
                self._choose_base(request.base)
            self._training.start(request)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._plan()
