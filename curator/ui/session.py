"""One open project in the window: makes its parts, ties them to the actions, and ends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QVBoxLayout, QWidget

from curator.core.project import Project
from curator.core.recipe import Turn
from curator.core.records import Rating
from curator.ui.cells_view import LARGEST_PX, SMALLEST_PX
from curator.ui.context import Context
from curator.ui.culling import REASON_KEYS, Culling
from curator.ui.dialogs.outside_changes import OutsideChangesDialog
from curator.ui.filter_bar import FilterBar
from curator.ui.finder import Finder
from curator.ui.imports import Imports
from curator.ui.main_window import CULL, TRAIN, MainWindow
from curator.ui.mirroring import Mirroring
from curator.ui.notice_bar import NoticeBar
from curator.ui.pictures import PicturesArea
from curator.ui.preferences import Preferences
from curator.ui.quiet_line import QuietLine
from curator.ui.session_panels import SidePanels
from curator.ui.theme import STEP_PX, Theme
from curator.ui.thumbnail_provider import ThumbnailProvider


class Session(QObject):
    """The composition of everything that belongs to one project."""

    def __init__(
        self, window: MainWindow, project: Project, preferences: Preferences, theme: Theme
    ) -> None:
        super().__init__(window)
        self.window = window
        self.context = Context(project, preferences, theme)
        self.thumbnails = ThumbnailProvider(project)
        self.finder = Finder(self.context)
        self.culling = Culling(self.context)
        self.pictures = PicturesArea(self.context, self.thumbnails)
        self.filter_bar = FilterBar(self.finder)
        self.imports = Imports(self.context, window)
        self.mirroring = Mirroring(self.context, self.look_at_outside_changes)
        self.notices = NoticeBar()
        self.quiet = QuietLine()
        self.shown = QLabel()
        self._size = QSlider(Qt.Orientation.Horizontal)
        self.panels = SidePanels(window, self.context, self.finder, self.culling, self.pictures)
        window.show_project(project.root, self._page(), self.panels.rows())
        window.hide_panel("jobs")  # nothing runs yet
        window.statusBar().addWidget(self.shown)
        window.statusBar().addWidget(self.quiet)
        window.statusBar().addPermanentWidget(self.panels.jobs_button)
        self._connect()
        self._works = {**self._actions(), **self.panels.works()}
        window.actions_table.do_with(self._works)
        window.actions_table.give_pictures_keys(self.pictures)
        self.finder.ask("")
        self.pictures.show_grid()

    def _page(self) -> QWidget:
        page = QWidget()
        self._size.setRange(SMALLEST_PX, LARGEST_PX)
        self._size.setValue(self.pictures.grid.cell_px)
        self._size.setFixedWidth(120)
        self._size.setAccessibleName("Size of pictures")
        top = QHBoxLayout()
        top.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, STEP_PX)
        top.addWidget(self.filter_bar, 1)
        top.addWidget(self._size)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.notices)
        column.addWidget(self.pictures, 1)
        return page

    def _connect(self) -> None:
        context, grid = self.context, self.pictures.grid
        context.told.connect(self.notices.tell)
        context.done.connect(partial(self.quiet.say, may_undo=True))
        context.undone.connect(partial(self.quiet.say, may_undo=False))
        self.quiet.undo_asked.connect(context.undo)
        self.window.files_dropped.connect(self.imports.start)
        self.finder.found.connect(self._count)
        context.selection.changed.connect(self._count)
        grid.rated.connect(self.culling.judge_one)
        grid.menu_asked.connect(self._menu)
        self._size.valueChanged.connect(grid.set_cell_px)
        grid.cell_changed.connect(self._size.setValue)

    def _actions(self) -> Mapping[str, Callable[[], object]]:
        culling, context = self.culling, self.context
        return {
            "undo": context.undo,
            "undo_last": context.undo,
            "redo": context.redo,
            "rate_primary": partial(culling.rate, Rating.PRIMARY),
            "rate_supporting": partial(culling.rate, Rating.SUPPORTING),
            "rate_unrated": partial(culling.rate, Rating.UNRATED),
            "reject": culling.reject,
            "reject_because": self._ask_reason,
            "unreject": culling.unreject,
            "remove": culling.remove,
            "restore": culling.restore,
            "turn_left": partial(culling.turn, Turn(3)),
            "turn_right": partial(culling.turn, Turn(1)),
            "mirror_picture": partial(culling.turn, Turn(0, mirrored=True)),
            "select_all": culling.select_all,
            "select_none": culling.select_none,
            "select_inverse": culling.select_inverse,
            "next_picture": partial(culling.step, 1),
            "previous_picture": partial(culling.step, -1),
            "grid": self.pictures.show_grid,
            "refresh": self.finder.ask,
            "clear_filter": partial(self.finder.ask, ""),
            "find": self._find,
            "import_files": self.imports.ask_files,
            "import_folder": self.imports.ask_folder,
            "import_options": self.imports.ask_options,
            "read_ratings": self.imports.read_ratings,
            "outside_changes": self.look_at_outside_changes,
            "workspace_cull": partial(self.window.go_to_workspace, CULL),
            "workspace_train": partial(self.window.go_to_workspace, TRAIN),
        }

    def look_at_outside_changes(self) -> None:
        """Show what other programs wrote beside the pictures."""
        OutsideChangesDialog(self.window, self.mirroring).show()

    def _find(self) -> None:
        self.filter_bar.edit.setFocus()
        self.filter_bar.edit.selectAll()

    def _count(self) -> None:
        ids, chosen = self.context.model.ids, len(self.context.selection)
        chosen_words = f", {chosen:,} selected" if chosen > 1 else ""
        self.shown.setText(f"{len(ids):,} of {self.finder.total:,} shown{chosen_words}")

    def _reasons(self, parent: QWidget) -> QMenu:
        menu = QMenu("Reject because", parent)
        for key, reason in REASON_KEYS.items():
            at = reason.value.upper().find(key)
            words = reason.value.capitalize()
            action = menu.addAction(f"{words[:at]}&{words[at:]}")
            action.triggered.connect(partial(self.culling.reject, reason))
        return menu

    def _ask_reason(self) -> None:
        if self.context.selection.meant():
            menu = self._reasons(self.pictures)
            area = self.pictures
            menu.popup(area.mapToGlobal(area.rect().center()))

    def _menu(self, place: QPoint) -> None:
        table = self.window.actions_table
        menu = QMenu(self.pictures)
        for name in ("rate_primary", "rate_supporting", "rate_unrated", "reject"):
            menu.addAction(table[name])
        menu.addMenu(self._reasons(menu))
        menu.addSeparator()
        for name in ("turn_left", "turn_right", "put_into_set", "show_in_folder", "remove"):
            menu.addAction(table[name])
        menu.popup(place)

    def close(self) -> None:
        """End the parts, save what is open. Raises UserError, see `Project.close`."""
        self.window.actions_table.forget(self._works)
        self.window.files_dropped.disconnect(self.imports.start)
        self.window.remember_places()
        for widget in (self.shown, self.quiet, self.panels.jobs_button):
            self.window.statusBar().removeWidget(widget)
            widget.deleteLater()
        self.thumbnails.close()
        self.window.show_start()
        try:
            self.context.close()
        finally:
            self.deleteLater()
