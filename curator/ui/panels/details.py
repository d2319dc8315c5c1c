"""The details panel: all that is known of the picture, or of those that are selected."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from curator.core.balance import plan_of
from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.fit_words import fit_facts, fit_facts_of_many
from curator.core.image_facts import (
    Facts,
    crop_facts,
    date_facts,
    facts_of_many,
    file_facts,
    source_facts,
    training_facts,
)
from curator.core.quality_facts import guess_facts, quality_facts
from curator.core.readable import count, when
from curator.core.records import Image
from curator.core.shares import standing
from curator.core.timeline import ImageEvent, restored, words
from curator.core.training_rule import rule_of
from curator.core.view import ProjectView
from curator.ui.context import Context
from curator.ui.noted_list import NotedLine, NotedList
from curator.ui.refresher import Refresher
from curator.ui.theme import STEP_PX, embolden

EMPTY = "What is known of a picture stands here once one is chosen."
LABEL_PX = 76


@dataclass(frozen=True, slots=True)
class Details:
    """`blocks`: facts under headings. `events`: the picture's own history, the newest first."""

    title: str
    blocks: Sequence[tuple[str, Facts]]
    events: Sequence[NotedLine] = ()
    image_id: int | None = None


class DetailsPanel(QWidget):
    """Facts above, the picture's history below with a way back to each point of it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: Details | None = None
        self.facts = QTextBrowser(openLinks=False)
        self.facts.setAccessibleName("Details")
        self.facts.setFrameShape(QFrame.Shape.NoFrame)
        self.facts.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.facts.anchorClicked.connect(_open_page)
        self.history = NotedList(context.theme, "History of the picture")
        self.restore_button = QPushButton("Restore to this point")
        self.restore_button.setEnabled(False)
        self._lay_out()
        self._connect()
        self._refresher = Refresher(self, context, self._work, self._show, of_files=True)
        context.measured.connect(self._refresher.soon)
        context.preferences.changed.connect(self._refresher.soon)
        context.selection.changed.connect(self._refresher.soon)
        context.theme.changed.connect(self._paint)

    def _lay_out(self) -> None:
        self._below = QWidget()
        lower = QVBoxLayout(self._below)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(STEP_PX)
        heading = QLabel("History of the picture")
        embolden(heading)
        for widget in (heading, self.history, self.restore_button):
            lower.addWidget(widget)
        splitter = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        splitter.addWidget(self.facts)
        splitter.addWidget(self._below)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.addWidget(splitter)
        self._below.hide()

    def _connect(self) -> None:
        self.history.line_activated.connect(self._restore)
        self.history.current_changed.connect(self._allow)
        self.restore_button.clicked.connect(self._restore)

    # -- what there is

    def _work(self) -> Callable[[], Details | None]:
        project, ids = self._context.project, self._context.selection.meant()
        guesses = self._context.preferences.liking.guess_rejects == "yes"
        return lambda: read_details(project, ids, guesses=guesses)

    def _show(self, details: Details | None) -> None:
        is_same = bool(details and self._shown and details.image_id == self._shown.image_id)
        self._shown = details
        self._paint()
        lines = details.events if details else ()
        self.history.fill(lines, self.history.currentIndex().row() if is_same else -1)
        self._below.setVisible(bool(lines))

    def _paint(self) -> None:
        place = self.facts.verticalScrollBar().value()
        self.facts.setHtml(_html(self._shown, self._context.theme.colours.muted))
        self.facts.verticalScrollBar().setValue(place)

    # -- back to a point

    def _event(self) -> ImageEvent | None:
        line = self.history.current()
        return line.value if line and not line.is_quiet else None

    def _allow(self) -> None:
        self.restore_button.setEnabled(self._event() is not None)

    def _restore(self) -> None:
        event, shown = self._event(), self._shown
        if event is None or shown is None or shown.image_id is None:
            return
        project, image_id = self._context.project, shown.image_id

        def build(images: Sequence[object]) -> Edit:
            names = {one.id: one.name for one in project.sets()}
            events = project.image_history(image_id)
            return restored(project.image(image_id), events, event.entry_id, names)

        self._context.change([image_id], build)


def read_details(
    project: ProjectView, ids: Sequence[int], *, guesses: bool = True
) -> Details | None:
    """What there is to say about these pictures; reads files, so not for the window's thread.

    `guesses`: also whether they would be rejected.
    """
    from curator.imaging.exif_facts import exif_facts  # Pillow, which start-up does without

    sets = {one.id: one for one in project.sets()}
    plan, settings = plan_of(project), project.settings
    if len(ids) > 1:
        summed = project.summary(ids)
        blocks = []
        if summed:
            blocks.append(("", facts_of_many(summed, sets, plan, settings)))
            blocks.append(("Trainer's eye", fit_facts_of_many(summed.shown, rule_of(settings))))
        return Details(count(len(ids), "picture"), blocks)
    images = project.images(ids)
    if not images:
        return None
    (image,) = images
    in_set = sets.get(image.set_id or 0)
    stands = standing(image, in_set, plan, settings)
    note = next((one for one in project.imports() if one.id == image.import_id), None)
    try:
        camera = exif_facts(project.root / image.path, settings.max_pixels)
    except UserError as error:
        camera = [("File", error.message)]
    blocks = [
        ("", [*file_facts(image), *_crop_facts(project, image)]),
        ("Training", training_facts(image, in_set, stands)),
        ("Trainer's eye", fit_facts(image, rule_of(settings))),
        ("Quality", quality_facts(project, image, settings.resolution)),
        ("Likely reject", guess_facts(project, image) if guesses else []),
        ("Dates", date_facts(image)),
        ("Camera", camera),
        ("Source", source_facts(image, note)),
    ]
    names, now_s = {one.id: one.name for one in sets.values()}, time.time()
    events = [_line(event, names, now_s) for event in project.image_history(image.id)]
    return Details(image.name, blocks, events, image.id)


def _crop_facts(project: ProjectView, image: Image) -> Facts:
    source = project.images([image.parent_id]) if image.parent_id is not None else []
    return crop_facts(image, source[0].name if source else "", len(project.crops_of([image.id])))


def _html(details: Details | None, muted: str) -> str:
    if details is None:
        return f'<p style="color: {muted}">{EMPTY}</p>'
    parts = [f"<p><b>{_escaped(details.title)}</b></p>"]
    for heading, facts in details.blocks:
        if heading and (facts or len(details.blocks) == 1):
            parts.append(f'<p style="margin-bottom: 2px"><b>{_escaped(heading)}</b></p>')
        rows = "".join(
            f'<tr><td width="{LABEL_PX}" style="color: {muted}">{_escaped(label)}</td>'
            f"<td>{_value(value)}</td></tr>"
            for label, value in facts
        )
        parts.append(f'<table cellspacing="0" cellpadding="1">{rows}</table>' if rows else "")
    return "".join(parts)


def _value(value: str) -> str:
    text = _escaped(value)
    is_page = value.startswith(("http://", "https://"))
    return f'<a href="{text}">{text}</a>' if is_page else text.replace("\n", "<br>")


def _escaped(text: str) -> str:
    """Text of unknown origin; bytes of a name that are no text as numbers."""
    return escape(text.encode(errors="surrogateescape").decode(errors="backslashreplace"))


def _open_page(url: QUrl) -> None:
    if url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)


def _line(event: ImageEvent, sets: Mapping[int, str], now_s: float) -> NotedLine:
    text, time_ago = words(event, sets), when(event.created, now_s)
    spoken = f"{text}, {time_ago}{', undone' if event.undone else ''}"
    return NotedLine(text, time_ago, event, spoken, f"{event.label}\n{text}", event.undone)
