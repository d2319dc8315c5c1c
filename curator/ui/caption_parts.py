"""What a project's window has for captions: the panels, and what the actions do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject

from curator.core.culling import next_undecided
from curator.ui.context import Context
from curator.ui.describing import Describing
from curator.ui.epoch import UNCAPTIONED
from curator.ui.finder import Finder
from curator.ui.main_window import CAPTION, RIGHT, MainWindow, PanelRow
from curator.ui.panels.caption import CaptionPanel
from curator.ui.panels.tagger import TaggerPanel
from curator.ui.pictures import PicturesArea
from curator.ui.tag_drops import TagDrops
from curator.ui.tag_parts import TagParts
from curator.ui.tag_words import TagWords
from curator.ui.tagging import Tagging
from curator.ui.thumbnail_provider import ThumbnailProvider

ALL_CAPTIONED = "Every picture that is shown has a caption."
CAPTION_PX = 380


class CaptionParts(QObject):
    """Made by the session; `rows` are its docks, `works` what its actions do."""

    def __init__(
        self,
        context: Context,
        window: MainWindow,
        pictures: PicturesArea,
        finder: Finder,
        thumbnails: ThumbnailProvider,
        show_models: Callable[[str, str], None],
    ) -> None:
        """`show_models` shows the page of models, at a kind, with a sentence why."""
        super().__init__()
        self._context, self._window = context, window
        self.words = TagWords(context)
        self.panel = CaptionPanel(context, self.words)
        self.panel.left.connect(pictures.take_keyboard)
        self.tags = TagParts(context, window, finder, thumbnails, self.words)
        drops = TagDrops(context, pictures.grid)
        drops.dropped.connect(self.tags.panel.menu.works.give)
        self.tagger = TaggerPanel(context)
        self.tagging = Tagging(context, window, self.tagger, show_models)
        place = (RIGHT, (CAPTION,), CAPTION_PX)
        self.rows = (
            *self.tags.rows,
            PanelRow("caption", "Caption", self.panel, *place),
            PanelRow("tagger", "Tagger", self.tagger, *place, behind="caption"),
        )
        self.works: Mapping[str, Callable[[], object]] = {
            "edit_caption": self._begin,
            "next_uncaptioned": self.next_uncaptioned,
            "caption_next": partial(pictures.step, 1),
            "caption_previous": partial(pictures.step, -1),
            **self.tags.works,
            **self.tagging.works(),
            **Describing(context, window, show_models).works(),
        }
        window.actions_table.give_caption_keys(self.panel)

    def leave(self) -> None:
        """Leave the window."""
        self.tags.leave()

    def _begin(self) -> None:
        """Put the keyboard where a caption is written."""
        self._window.go_to_workspace(CAPTION)
        self._window.show_panel("caption")
        self.panel.begin()

    def next_uncaptioned(self) -> None:
        """Go to the next picture on show that has no caption."""
        context = self._context
        project, ids, row = context.project, context.model.ids, context.current_row

        def work() -> int | None:
            found = next_undecided(ids, frozenset(project.select(UNCAPTIONED)), row)
            return None if found is None else ids[found]

        context.read(work, self._go_to, key="next uncaptioned")

    def _go_to(self, image_id: int | None) -> None:
        if image_id is None:
            self._context.said.emit(ALL_CAPTIONED)
        elif self._context.model.row_of(image_id) >= 0:
            self._context.selection.go_to(image_id)
