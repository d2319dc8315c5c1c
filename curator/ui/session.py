"""One open project in the window: makes its parts, ties them to the actions, and ends them."""

from __future__ import annotations

from functools import partial
from itertools import chain

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from curator.core.jobs import Job
from curator.core.project import Project
from curator.tasks.mirror_captions import mirror_captions
from curator.tasks.trim_thumbnails import trim_thumbnails
from curator.ui.action_rows import Scope
from curator.ui.caption_overviews import CaptionOverviews
from curator.ui.caption_parts import CaptionParts
from curator.ui.cells_view import LARGEST_PX, SMALLEST_PX
from curator.ui.context import Context
from curator.ui.cropping import Cropping
from curator.ui.culling import Culling
from curator.ui.dialogs.models import ModelsDialog
from curator.ui.dialogs.outside_changes import OutsideChangesDialog
from curator.ui.dialogs.project_settings import ProjectSettingsDialog
from curator.ui.empty_state import EmptyState
from curator.ui.filter_bar import FilterBar
from curator.ui.finder import Finder
from curator.ui.imports import Imports
from curator.ui.job_bridge import Ticket
from curator.ui.main_window import MainWindow
from curator.ui.making import Making
from curator.ui.mirroring import Mirroring
from curator.ui.notice_bar import NoticeBar
from curator.ui.picture_menus import JUDGING, open_picture_menu
from curator.ui.picture_provider import PictureProvider
from curator.ui.pictures import PicturesArea
from curator.ui.preferences import Preferences
from curator.ui.prepare_parts import PrepareParts
from curator.ui.rating_marks import JUDGEMENTS
from curator.ui.session_actions import works_of
from curator.ui.session_panels import Surroundings
from curator.ui.theme import STEP_PX, Theme
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.training_parts import TrainingParts
from curator.ui.trash import TrashEmptying
from curator.ui.videos import Videos

TRIM_MS = 20_000  # after opening, when what the person looks at first is there


class Session(QObject):
    """The composition of everything that belongs to one project."""

    _settings: ProjectSettingsDialog | None = None
    _models: ModelsDialog | None = None

    def __init__(
        self, window: MainWindow, project: Project, preferences: Preferences, theme: Theme
    ) -> None:
        super().__init__(window)
        self.window = window
        self.context = Context(project, preferences, theme)
        self.thumbnails = ThumbnailProvider(project)
        self.finder = Finder(self.context)
        self.culling = Culling(self.context)
        self.large = PictureProvider(project, preferences.liking.picture_memory_mb << 20)
        self.pictures = PicturesArea(self.context, self.thumbnails, self.large)
        self._make_jobs()
        self._make_parts()
        self.around.settle_in()
        self._connect()
        self._works = {**works_of(self), **self.around.works()}
        window.actions_table.do_with(self._works)
        self._give_keys(None)
        self._begin()

    def _make_jobs(self) -> None:
        """What does long work, or asks before it does."""
        context, window = self.context, self.window
        self.making = Making(context, self.thumbnails, self.large, self.show_models)
        self.imports = Imports(context, window)
        self.videos = Videos(context, window, self.imports)
        self.mirroring = Mirroring(context, self.look_at_outside_changes)
        self.cropping = Cropping(context, self.finder, window, self.making.want)
        self.trash = TrashEmptying(context, window)

    def _make_parts(self) -> None:
        """What is seen of the project, put into the window."""
        context, window = self.context, self.window
        self.filter_bar = FilterBar(context, self.finder)
        self.empty = EmptyState(self.finder, self.pictures.grid)
        self.notices = NoticeBar()
        self._size = QSlider(Qt.Orientation.Horizontal)
        self.training_parts = TrainingParts(context, window)
        self.around = Surroundings(window, context, self.finder, self.culling, self.pictures)
        self.caption_parts = CaptionParts(
            context, window, self.pictures, self.finder, self.thumbnails, self.show_models
        )
        self.prepare = PrepareParts(context, window, self.pictures, self.show_models)
        self.overviews = CaptionOverviews(context, window, self.thumbnails)
        captions = (*self.caption_parts.rows, *self.overviews.rows)
        rows = (self.around.rows(), self.prepare.rows, captions, self.training_parts.rows)
        window.show_project(context.project.root, self._top(), self._page(), [*chain(*rows)])

    def _begin(self) -> None:
        self.finder.ask("")
        self.pictures.show_grid()
        self.training_parts.begin()
        self.mirroring.look_since_closing()
        QTimer.singleShot(TRIM_MS, self, self._trim)

    def _trim(self) -> None:
        """Keep the thumbnails on the disk within the bounds that the person set."""
        context = self.context
        if not context.jobs.is_closed:
            most = context.preferences.liking.thumbnail_cache_mb << 20
            work = (trim_thumbnails, context.project.cache_dir, most)
            context.jobs.start("Trim the thumbnails", *work, on_end=self._trimmed, is_quiet=True)

    def _trimmed(self, ticket: Ticket) -> None:
        if ticket.error is not None:
            self.context.tell_error(ticket.error, ticket.title)

    def _top(self) -> QWidget:
        self._size.setRange(SMALLEST_PX, LARGEST_PX)
        self._size.setValue(self.pictures.grid.cell_px)
        self._size.setFixedWidth(120)
        self._size.setAccessibleName("Size of pictures")
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(STEP_PX, 0, STEP_PX, 0)
        row.setSpacing(2 * STEP_PX)
        row.addWidget(self.around.switch)
        row.addWidget(self.filter_bar, 1)
        row.addWidget(self._size)
        return top

    def _page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.pictures, 1)
        return page

    def _connect(self) -> None:
        context, grid = self.context, self.pictures.grid
        context.told.connect(self.notices.tell)
        self.notices.left.connect(self.pictures.take_keyboard)
        context.wanted.connect(self.finder.ask)
        self.training_parts.training.started.connect(self.making.put_off)
        self.training_parts.training.ended.connect(self.making.go_on)
        self.around.sets.files_dropped.connect(self.imports.start_into)
        self.window.files_dropped.connect(self.imports.start)
        self.empty.import_asked.connect(self.imports.ask_folder)
        self.empty.all_asked.connect(partial(self.finder.ask, ""))
        grid.rated.connect(self.culling.judge_one)
        self.window.keyboard_lost.connect(self.pictures.take_keyboard)
        self._size.valueChanged.connect(grid.set_cell_px)
        grid.cell_changed.connect(self._size.setValue)
        self._connect_large()
        parts, around = self.caption_parts, self.overviews
        parts.tags.panel.menu.left.connect(self.pictures.take_keyboard)
        for place in (parts.tagger, parts.tags.panel.typed, around.coverage, around.lint):
            back = QShortcut(QKeySequence("Escape"), place, self.pictures.take_keyboard)
            back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _connect_large(self) -> None:
        pictures, culling, table = self.pictures, self.culling, self.window.actions_table
        culling.judged.connect(pictures.judged)
        culling.may_advance = lambda: (
            not (pictures.is_comparing or pictures.is_sweeping or pictures.is_tooling)
        )
        self.context.undone.connect(pictures.flash.show_words)
        pictures.judged_by_button.connect(culling.judge)
        pictures.menu_asked.connect(partial(open_picture_menu, table, culling, pictures))
        pictures.duplicates.take_actions(table)
        pictures.sweep.take_actions(table)
        pictures.tools.take_actions(table)
        self.context.sweep_wanted.connect(pictures.show_sweep)
        pictures.keys_changed.connect(self._give_keys)
        table["show_masks"].setChecked(pictures.view_state.shows_masks)
        table["filmstrip"].setChecked(pictures.has_filmstrip)
        for word, name in zip(JUDGEMENTS, JUDGING, strict=True):
            pictures.loupe.bar.buttons[word].setToolTip(table[name].toolTip())

    def _give_keys(self, instead: Scope | None) -> None:
        self.window.actions_table.give_pictures_keys(self.pictures, instead)

    def look_at_outside_changes(self) -> None:
        """Show what other programs wrote beside the pictures."""
        OutsideChangesDialog(self.window, self.mirroring).show()

    def show_settings(self) -> None:
        """Show the settings of the project."""
        if self._settings is None:
            self._settings = ProjectSettingsDialog(self.context, self.window)
        self._settings.bring_up()

    def show_models(self, kind: str = "", why: str = "") -> None:
        """Show the page of models, at a kind, with a sentence why it is asked for."""
        if self._models is None:
            self._models = ModelsDialog(self.context, self.window)
        self._models.bring_up(kind, why)

    def start_filtering(self) -> None:
        """Have the filter typed."""
        self.filter_bar.edit.setFocus()
        self.filter_bar.edit.selectAll()

    def take_apart(self) -> None:
        """Take everything off the window; `end` then lets go of the project."""
        self.caption_parts.panel.keep()
        self.context.fall_silent()
        self.window.actions_table.forget(self._works)
        self.window.files_dropped.disconnect(self.imports.start)
        self.window.keyboard_lost.disconnect(self.pictures.take_keyboard)
        self.window.remember_places()
        self.around.leave()
        self.caption_parts.leave()
        self.overviews.leave()
        for dialog in (self._settings, self._models):
            if dialog is not None:
                dialog.close()
                dialog.deleteLater()
        self.thumbnails.close()
        self.large.close()
        self.window.show_start()
        self.deleteLater()

    def end(self) -> None:
        """Write what is due beside the pictures, and close the project; callable in any thread.

        Raises UserError, see `Project.close`; what could not be written is due the next time.
        """
        context = self.context
        context.jobs.close()
        try:
            if not context.project.read_only:
                mirror_captions(Job(), context.project)
        finally:
            context.close()
