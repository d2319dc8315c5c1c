"""What the parts of the window share: the project, what is on show and selected, jobs, likings."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from curator.core.edits import Edit, change_settings
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.readable import count
from curator.core.records import Image, Recordable
from curator.core.settings import ProjectSettings, from_stored, to_stored
from curator.core.view import ProjectView
from curator.tasks.make_steps import HeavyModels, make_missing
from curator.ui.image_model import ImageModel
from curator.ui.job_bridge import JobBridge
from curator.ui.notices import Notice, error_notice
from curator.ui.preferences import Preferences
from curator.ui.selection import Selection
from curator.ui.theme import Theme
from curator.ui.trainers_eye import TrainersEye

Result = TypeVar("Result")
Build = Callable[[Sequence[Image]], Edit]


class Context(QObject):
    """One open project and the state of the window about it.

    Panels get this and listen; they change the project through `change`, `submit`, `undo`.
    """

    edited = Signal(object)  # an Edit, once it is on the disk
    told = Signal(object)  # a Notice
    done = Signal(str)  # what was done just now, in the words of the edit
    undone = Signal(str)
    measured = Signal()  # pictures have been measured, or ordered anew by what was measured
    wanted = Signal(str)  # a query whose pictures the person asked to see
    rules_wanted = Signal(object, object)  # rules to look at as a bulk edit; ids, None for all
    sweep_wanted = Signal(str)  # a tag that is to be asked about, picture by picture
    models_changed = Signal()  # which there are, or which one is used
    said = Signal(str)  # worth a quiet line, and nothing to take back
    _heard = Signal(object)

    def __init__(self, project: Project, preferences: Preferences, theme: Theme) -> None:
        super().__init__()
        self.project = project
        self.preferences = preferences
        self.theme = theme
        self.jobs = JobBridge()
        self.selection = Selection()
        self.eye = TrainersEye(project, preferences)
        self.heavy = HeavyModels()  # of all jobs but those before a training, which close theirs
        self.model = ImageModel(project, self.eye)
        # Every listener sees the records as they are after the edit: the model hears it first.
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._going_back = 0  # undos that are under way
        self._unsubscribe = project.subscribe(self._pass_on)

    def make(self, job: Job, project: ProjectView, images: Sequence[Image]) -> Mapping[int, str]:
        """`make_missing` with the models that stay open, for jobs."""
        return make_missing(job, project, images, self.heavy)

    def _pass_on(self, edit: Edit) -> None:
        """In the writing thread, where a large edit is looked through for all who ask."""
        _kept = edit.touched, edit.image_ids
        self._heard.emit(edit)

    def _hear(self, edit: Edit) -> None:
        ids = edit.image_ids
        if ids:
            self.model.look_again(ids)
        self.eye.hear(edit)
        self.edited.emit(edit)
        if self._going_back and len(ids) == 1 and self.model.row_of(min(ids)) >= 0:
            self.selection.go_to(min(ids))  # to be judged once more

    def take_measures(self, ids: Iterable[int]) -> None:
        """Have everybody look at what was measured of these pictures."""
        self.model.look_again(list(ids))
        self.measured.emit()

    # -- changing the project

    def change(
        self,
        ids: Iterable[int],
        build: Build,
        refused: Callable[[], None] | None = None,
        *,
        is_slow: bool = False,
    ) -> None:
        """Have an edit built of these pictures as they then are, and applied; returns at once.

        What is on the screen shows it already, unless building it is slow, and what was before
        should the edit fail; the person is told, and `refused` hears of it.
        """
        wanted = list(ids)
        future = self._guarded(lambda: self.project.submit_change(wanted, build))

        def applied(edit: Edit) -> None:
            if edit:
                self._say_done(edit.label)
            else:
                self.model.look_again(wanted)

        def failed(error: BaseException) -> None:
            self.model.look_again(wanted)
            self.tell_error(error)
            if refused is not None:
                refused()

        self._after(future, applied, failed)
        if not is_slow and (seen := self.model.seen_last(wanted)):
            with suppress(UserError):  # it is told once the edit itself meets it
                self.model.foresee(build(seen))

    def submit(self, edit: Edit, facts: Sequence[Recordable] = ()) -> None:
        """Apply an edit, and record facts with it; returns at once."""
        if edit:
            future = self._guarded(lambda: self.project.submit(edit, facts))
            self._after(future, lambda _none: self._say_done(edit.label))

    def change_settings(
        self,
        values: Mapping[str, str],
        refused: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Change settings of the project, from text; returns at once.

        `refused` hears why they don't fit; without it the person is told.
        """
        future = self._guarded(lambda: self.project.submit_settings(values))
        self._after(future, lambda edit: self._say_done(edit.label) if edit else None, refused)

    def change_setting(self, name: str, change: Callable[[ProjectSettings], str]) -> None:
        """Have a setting's text made of the settings as they then are; returns at once."""
        project = self.project

        def build(_images: Sequence[Image]) -> Edit:
            old = project.stored_settings()
            return change_settings(old, {name: to_stored(name, change(from_stored(old)))})

        self.change([], build)

    def undo(self, only: str = "") -> None:
        """Take back the last step; the cursor goes to the picture that it was about.

        `only`: unless it is called otherwise.
        """
        self._going_back += 1
        future = self._guarded(lambda: self.project.submit_undo(only))
        self._after(future, partial(self._gone_back, only), self._not_gone_back)

    def _gone_back(self, only: str, label: str | None) -> None:
        self._going_back -= 1
        if only and label is None:
            self.said.emit(f"Something else was done since: {only} stays.")
        else:
            self.undone.emit(_said(label, "Undone", "undo"))

    def _not_gone_back(self, error: BaseException) -> None:
        self._going_back -= 1
        self.tell_error(error)

    def redo(self) -> None:
        """Make the last step again that was taken back."""
        future = self._guarded(self.project.submit_redo)
        self._after(future, lambda label: self.undone.emit(_said(label, "Done again", "redo")))

    def go_to_entry(self, entry_id: int) -> None:
        """Go to the state right after a step of the history; 0 is before everything."""
        future = self._guarded(lambda: self.project.submit_go_to(entry_id))
        self._after(future, lambda steps: self.said.emit(_gone(steps)))

    def _say_done(self, label: str) -> None:
        self.done.emit(label)

    def _guarded(self, submit: Callable[[], Future[Result]]) -> Future[Result]:
        try:
            return submit()
        except UserError as error:  # the project was closed, or is open for reading only
            failed: Future[Result] = Future()
            failed.set_exception(error)
            return failed

    def _after(
        self,
        future: Future[Result],
        then: Callable[[Result], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        def settle() -> None:
            error = future.exception()
            if error is None:
                then(future.result())
            else:
                (failed or self.tell_error)(error)

        future.add_done_callback(lambda _future: self.jobs.post(settle))

    # -- reading and telling

    def read(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        key: str = "",
        *,
        of_files: bool = False,
    ) -> None:
        """Read or compute off the window's thread; see `JobBridge.read`."""
        self.jobs.read(work, then, self.tell_error, key, of_files=of_files)

    def tell(self, notice: Notice) -> None:
        """Tell the person something."""
        self.told.emit(notice)

    def tell_error(self, error: BaseException, doing: str = "") -> None:
        """Tell the person of an error."""
        self.told.emit(error_notice(error, doing))

    # -- which pictures are meant

    def several_or_shown(self) -> list[int]:
        """The selected pictures where there are several, else all that are shown, in order."""
        if len(self.selection) > 1:
            return [id_ for id_ in self.model.ids if id_ in self.selection]
        return list(self.model.ids)

    @property
    def current(self) -> Image | None:
        """The record of the current picture."""
        current = self.selection.current
        return self.model.image(current) if current is not None else None

    @property
    def current_row(self) -> int:
        """The row of the current picture, -1 if there is none."""
        return self.model.row_of(self.selection.current)

    def go_to_row(self, row: int) -> None:
        """Make the picture in a row the current one; rows beyond the ends mean the ends."""
        if self.model.ids:
            row = min(max(row, 0), len(self.model.ids) - 1)
            self.selection.go_to(self.model.ids[row])

    def fall_silent(self) -> None:
        """Tell nothing any more, and let nobody look: whoever listened is about to go."""
        self.blockSignals(True)
        self.jobs.fall_silent()
        self.eye.close()
        self.selection.blockSignals(True)
        self.selection.go_to(None)
        self.model.show(array("q"))

    def close(self) -> None:
        """End the jobs and let go of the project. Raises UserError, see `Project.close`."""
        self._unsubscribe()
        self.jobs.close()
        self.project.close()


def _said(label: str | None, verb: str, word: str) -> str:
    return f"{verb}: {label}" if label else f"There is nothing to {word}."


def _gone(steps: int) -> str:
    return f"Went {count(steps, 'step')} through the history." if steps else "That is where it is."
