"""Pictures that come in while the person goes on, and the ratings that were found in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from curator.core.edits import judge_images, rate_as_found
from curator.core.errors import UserError
from curator.core.import_options import ImportOptions
from curator.core.import_report import ImportReport
from curator.core.ratings import GUESS, Judgement, choose, explain, meaning_of
from curator.core.readable import count
from curator.tasks.import_images import import_images
from curator.tasks.read_ratings import RatingsRead, read_ratings
from curator.ui.context import Context
from curator.ui.dialogs.found_ratings import FoundRatingsDialog
from curator.ui.dialogs.import_dialog import ImportDialog
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.known_elsewhere import KnownElsewhere
from curator.ui.notices import Notice

MOST_REFUSALS = 40  # in the report that unfolds; all of them stand in the file that it names
NOTHING = "Nothing was found there that could be imported."


class Imports(QObject):
    """Starts imports and tells what came of them; nothing of it needs an answer."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__()
        self._context, self._window = context, window
        self.known_elsewhere = KnownElsewhere(context, window, self.start)

    def start(self, paths: Sequence[Path], options: ImportOptions | None = None) -> Ticket:
        """Import files, folders and archives."""
        title = f"Import {paths[0].name}" + (f" and {len(paths) - 1:,} more" * (len(paths) > 1))
        ticket = self._context.jobs.start(
            title, import_images, self._context.project, paths, options, on_end=self._ended
        )
        # A cancelled import hands over what it has done so far.
        ticket.handed_over_part.connect(lambda part: self._tell(ticket, part))
        return ticket

    def _ended(self, ticket: Ticket) -> None:
        if ticket.state is JobState.DONE:
            self._tell(ticket, ticket.result)
        elif ticket.error is not None:
            self._context.tell_error(ticket.error, ticket.title)

    def _tell(self, ticket: Ticket, report: object) -> None:
        if not isinstance(report, ImportReport):
            return
        refusals = report.refusals()
        lines = [*report.summary(), *refusals[:MOST_REFUSALS]]
        if report.saved_as and report.has_reasons:
            lines.append(f"The whole report, file by file: {report.saved_as}")
        ticket.report = "\n".join(lines)
        words = in_short(report)
        details = ticket.report if report.has_reasons else ""
        self._context.tell(Notice(words, report.not_saved, details))
        found = {one.id: one.rating for one in report.accepted if one.rating}
        if found:
            self._tell_ratings(found, report.mapping)

    def _tell_ratings(self, found: dict[int, int], mapping: str) -> None:
        counts = _counted(found)
        number = count(len(found), "picture")
        meaning = "; ".join(explain(mapping, counts))
        self._context.tell(
            Notice(
                f"Ratings were found in {number} and read as {mapping}: {meaning}.",
                buttons=(
                    ("That is right", lambda: None),
                    ("Change…", lambda: self._ask(found, mapping)),
                ),
            )
        )

    def _ask(self, found: dict[int, int], mapping: str) -> None:
        dialog = FoundRatingsDialog(self._window, _counted(found), mapping)
        before = meaning_of(mapping, found.values())
        dialog.chosen.connect(lambda meaning: self._read_anew(found, meaning, before))
        dialog.show()

    def _read_anew(
        self,
        found: Mapping[int, int],
        meaning: Mapping[int, Judgement],
        before: Mapping[int, Judgement],
    ) -> None:
        """Judge the pictures by another meaning of their numbers, but for those judged since."""
        self._context.change(found, lambda images: rate_as_found(images, found, meaning, before))

    def start_into(self, paths: Sequence[Path], set_id: int) -> Ticket:
        """Import what is new into a set."""
        return self.start(paths, ImportOptions(into_set=set_id))

    # -- by the menu

    def ask_files(self) -> None:
        """Choose files to import."""
        found, _filter = QFileDialog.getOpenFileNames(self._window, "Import photos and archives")
        if found:
            self.start([Path(one) for one in found])

    def ask_folder(self) -> None:
        """Choose a folder to import."""
        found = QFileDialog.getExistingDirectory(self._window, "Import a folder")
        if found:
            self.start([Path(found)])

    def ask_options(self) -> None:
        """Choose what to import and how."""
        dialog = ImportDialog(self._window)
        dialog.wanted.connect(self.start)
        dialog.show()

    # -- on demand

    def read_ratings(self) -> None:
        """Read again what the files of the selected pictures say about their ratings."""
        project = self._context.project
        images = project.images(self._context.selection.meant())
        if images:
            title = f"Read ratings of {count(len(images), 'picture')}"
            self._context.jobs.start(title, read_ratings, project, images, on_end=self._read)

    def _read(self, ticket: Ticket) -> None:
        if ticket.error is not None:
            self._context.tell_error(ticket.error, ticket.title)
        if not isinstance(ticket.result, RatingsRead):
            return
        read = ticket.result
        ticket.report = "\n".join(f"{one.source}: {one.reason}" for one in read.problems)
        if not read.found and not read.mirrored:
            self._context.tell(Notice("No ratings were found in the files.", "", ticket.report))
            return
        mapping = self._mapping(read)
        dialog = FoundRatingsDialog(self._window, dict(read.counts), mapping, len(read.mirrored))
        dialog.chosen.connect(lambda meaning: self._judge(read, meaning))
        dialog.show()

    def _mapping(self, read: RatingsRead) -> str:
        try:
            return choose(self._context.project.settings.ratings, read.counts.elements())
        except UserError:  # written by another version
            return choose(GUESS, read.counts.elements())

    def _judge(self, read: RatingsRead, meaning: Mapping[int, Judgement]) -> None:
        judgements = read.judgements(meaning)
        label = "Rate as the files say"
        self._context.change(judgements, lambda images: judge_images(images, judgements, label))


def in_short(report: ImportReport) -> str:
    """What came of it, in the numbers that are not zero."""
    counts = {
        "new": len(report.accepted),
        "known already": len(report.known),
        "sidecars taken over": len(report.captions),
        "skipped": len(report.skipped),
        "rejected": len(report.rejected),
    }
    told = [f"{number:,} {words}" for words, number in counts.items() if number]
    cancelled = "Cancelled; " if report.cancelled else ""
    return f"{cancelled}{', '.join(told)}." if told else NOTHING


def _counted(found: Mapping[int, int]) -> dict[int, int]:
    numbers = list(found.values())
    return {number: numbers.count(number) for number in sorted(set(numbers))}
