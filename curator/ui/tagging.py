"""Tagging in the window: pictures are scored by a job, thresholds chosen, and tags given in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from curator.core.edits import IMAGE, SET, SETTING, Edit
from curator.core.model_tags import tag_edit
from curator.core.readable import count
from curator.core.records import Image
from curator.core.selection_edits import triggers_by_set
from curator.core.tag_preview import Outlook, TagPreview
from curator.core.tag_scores import Found
from curator.core.tagger_choices import KIND, TaggerChoice, tagger_choices
from curator.core.tagger_records import Tagger
from curator.core.undesired import undesired_text
from curator.ui.context import Context
from curator.ui.job_bridge import Ticket
from curator.ui.main_window import CAPTION, MainWindow
from curator.ui.model_reports import tell_of_model
from curator.ui.panels.tagger import TaggerPanel
from curator.ui.refresher import Refresher
from curator.ui.thread_priority import give_way

if TYPE_CHECKING:
    from curator.tasks.tag_images import TagReport

TITLE = "Look for tags"
PANEL = "tagger"
NO_MODEL = "Tagging needs a tagger: download one, or use a file of your own."
NO_TAGGER = "No tagger is there yet. Press Models to download one, or to use a file of your own."
NOTHING = "No picture is shown."
ONLY_SCORES = "Only the scores of this model are left; its file is no longer there."
_SETTINGS = {(SETTING, name) for name in ("undesired", "trigger", "extra_triggers")}
FIELDS = {"caption", "tag_sources", "recipe", "removed", "set_id"}


@dataclass(frozen=True, slots=True)
class _State:
    """What was read: `scope` is how many pictures are meant, `unscored` of them not scored yet."""

    choices: Sequence[TaggerChoice]
    tagger: Tagger | None
    preview: TagPreview | None
    scope: int
    unscored: int
    undesired: str


class Tagging(QObject):
    """Puts what is read into the panel, and does what its buttons ask for."""

    def __init__(
        self,
        context: Context,
        window: MainWindow,
        panel: TaggerPanel,
        show_models: Callable[[str, str], None],
    ) -> None:
        super().__init__(window)
        self._context, self._window, self._panel = context, window, panel
        self._show_models = show_models
        self._state: _State | None = None
        self._ticket: Ticket | None = None
        self._wished = False  # to be scored once it is known by which model
        self._refresher = Refresher(
            panel, context, self._work, self._take, _concerns, of_files=True
        )
        panel.moved.connect(self._read_outlook)
        panel.model_chosen.connect(self._refresher.now)
        panel.place.activated.connect(self._refresher.now)  # what goes depends on it
        panel.undesired_typed.connect(self._keep_undesired)
        panel.models_button.clicked.connect(lambda: show_models(KIND, ""))
        panel.look_button.clicked.connect(self.score)
        panel.apply_button.clicked.connect(self.apply)
        context.selection.changed.connect(self._selected)
        context.model.modelReset.connect(self._refresher.soon)
        context.models_changed.connect(self._refresher.now)
        self._meant: list[int] | None = None

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the actions do."""
        return {"tag": self.tag, "apply_tags": self.apply}

    def tag(self) -> None:
        """Show the panel, and have what is meant scored by the tagger that is chosen."""
        self._window.go_to_workspace(CAPTION)
        self._window.show_panel(PANEL)
        self._wished = True
        self._refresher.now()

    # -- reading

    def _selected(self) -> None:
        ids = self._context.selection.ids if len(self._context.selection) > 1 else None
        meant = sorted(ids) if ids else None
        if meant != self._meant:
            self._meant = meant
            self._refresher.soon()
        else:
            self._read_outlook()

    def _work(self) -> Callable[[], _State]:
        project, ids, chosen = (
            self._context.project,
            self._context.several_or_shown(),
            self._panel.choice(),
        )
        placement = self._panel.proposing().placement

        def work() -> _State:
            before = project.taggers()
            choices = tagger_choices(before)
            keys = {one.key: one for one in choices}
            choice = keys.get(chosen.key) if chosen else None
            choice = choice or next(iter(choices), None)
            by_sha = {one.sha256: one for one in before}
            tagger = by_sha.get(choice.sha256) if choice else None
            undesired = project.settings.undesired
            if tagger is None:
                return _State(choices, None, None, len(ids), len(ids), undesired)
            scores = project.scores(tagger)
            scored = [id_ for id_ in ids if id_ in scores.place]
            triggers = triggers_by_set(project.settings, project.sets())
            preview = TagPreview(scores, project.images(scored), placement, triggers)
            return _State(choices, tagger, preview, len(ids), len(ids) - preview.scored, undesired)

        return work

    def _take(self, state: _State) -> None:
        self._state = state
        panel = self._panel
        panel.show_choices(state.choices)
        if not panel.undesired.hasFocus():
            panel.undesired.setText(state.undesired)
        choice = panel.choice()
        panel.state.setText(self._told(state, choice))
        panel.look_button.setEnabled(bool(choice and choice.path and self._ticket is None))
        panel.look_button.setText(f"&Look at {count(state.unscored, 'picture')}")
        panel.look_button.setVisible(bool(state.unscored and choice))
        self._read_outlook()
        if self._wished:
            self._wished = False
            self.score()

    def _told(self, state: _State, choice: TaggerChoice | None) -> str:
        if choice is None:
            return NO_TAGGER
        kind = "selected" if self._meant else "shown"
        known = f"{state.scope:,} {kind}, {state.scope - state.unscored:,} looked at."
        return known if choice.path else f"{known} {ONLY_SCORES}"

    def _read_outlook(self) -> None:
        """What the thresholds make, of all and of the picture; while a slider moves, the newest."""
        state, how = self._state, self._panel.proposing()
        current = self._context.selection.current or 0
        if state is None or not self._panel.isVisible():
            return
        preview = state.preview

        def work() -> tuple[Outlook, list[Found], set[str]]:
            if preview is None:
                return Outlook(), [], set()
            scores = preview.scores
            among = scores.proposed(how.thresholds, how.undesired)
            proposed = {each.tag for each in scores.of(current, among)}
            return preview.outlook(among), scores.of(current), proposed

        self._context.read(work, self._show_outlook, key="tagger outlook")

    def _show_outlook(self, read: tuple[Outlook, list[Found], set[str]]) -> None:
        outlook, found, proposed = read
        panel = self._panel
        panel.shifts.show_shifts(outlook.shifts, panel.own_thresholds())
        panel.scores.show_found(found, proposed)
        panel.picture.setText(
            f"In this picture, {len(proposed):,} of {count(len(found), 'score')} are high enough"
            if found
            else "This picture was not looked at yet"
        )
        panel.total.setText(f"Its tags: {outlook.before:,} now, {outlook.after:,} after")
        panel.apply_button.setText(f"&Apply to {count(outlook.changed, 'picture')}")
        panel.apply_button.setEnabled(bool(outlook.changed))

    # -- scoring

    def score(self) -> None:
        """Have what is meant scored; without a model the page of models is shown."""
        choice, ids = self._panel.choice(), self._context.several_or_shown()
        if choice is None:
            self._show_models(KIND, NO_MODEL)
            return
        if choice.path is None or self._ticket is not None:
            return
        if not ids:
            self._context.said.emit(NOTHING)
            return
        from curator.tasks.tag_images import Tagging as How  # OpenCV, NumPy
        from curator.tasks.tag_images import tag_images

        self._panel.look_button.setEnabled(False)
        self._ticket = self._context.jobs.start(
            TITLE,
            tag_images,
            self._context.project,
            ids,
            How(choice.path, begin=give_way),
            self._context.make,
            on_part=lambda _ids: self._refresher.soon(),
            on_end=self._scored,
        )

    def _scored(self, ticket: Ticket) -> None:
        self._ticket = None
        self._refresher.now()
        report: TagReport | None = tell_of_model(self._context, ticket, TITLE, "read")
        if report and report.scored:
            words = f"{count(len(report.scored), 'picture')} looked at by {report.tagger.name}."
            self._context.said.emit(words)

    # -- giving tags

    def apply(self) -> None:
        """Give the pictures that are meant the tags that are proposed, in one step."""
        state, how, project = self._state, self._panel.proposing(), self._context.project
        if state is None or state.tagger is None:
            self.tag()
            return
        tagger = state.tagger

        def build(images: Sequence[Image]) -> Edit:
            scores = project.scores(tagger, [image.id for image in images])
            return tag_edit(images, scores, how, project.settings, project.sets())

        self._context.change(self._context.several_or_shown(), build, is_slow=True)
        if self._panel.apply_button.hasFocus():
            self._panel.begin()  # the button has nothing to do until one slides again

    def _keep_undesired(self, text: str) -> None:
        kept = undesired_text([text])
        if self._state is not None and kept != self._state.undesired:
            self._context.change_settings({"undesired": kept})
        self._read_outlook()


def _concerns(edit: Edit) -> bool:
    return any(
        record == SET or (record == IMAGE and field in FIELDS) or (record, field) in _SETTINGS
        for record, field in edit.touched
    )
