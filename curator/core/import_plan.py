"""What an import is about to do: which files are pictures, and whose sidecars the others are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.errors import UserError
from curator.core.import_report import ImportReport, Rejected, Skipped, TakenOver
from curator.core.sidecars import Kind, is_picture, is_sidecar_name, pair
from curator.core.sources import Found, Sources

ORPHAN = "There is no picture that it belongs to."
NOT_TAKEN = "Its picture was not taken."
KNOWN = "Its picture is in the project already and keeps what it has."
CANCELLED = "The import was cancelled before it was reached."
_HEAD_BYTES = 16


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that is looked at as a picture, and the sidecars to ask about it, in this order."""

    found: Found
    sidecars: tuple[tuple[Found, Kind], ...] = ()


class Sidecars:
    """What became of each sidecar; one that any of its pictures took over counts as taken."""

    def __init__(self) -> None:
        self._taken: dict[str, list[int]] = {}
        self._refused: dict[str, Skipped | Rejected] = {}

    def expect(self, source: str, reason: str) -> None:
        """Why it will not have been taken, unless something else is said later."""
        self._refused[source] = Skipped(source, reason)

    def take(self, source: str, image_ids: Iterable[int]) -> None:
        """It was taken over for these pictures."""
        self._taken.setdefault(source, []).extend(image_ids)

    def refuse(self, source: str, error: UserError) -> None:
        """It could not be understood."""
        self._refused[source] = Rejected(source, error.message, error.hint)

    def report(self, report: ImportReport) -> None:
        """List each in the one list that it belongs to."""
        for source, refused in self._refused.items():
            if source in self._taken:
                report.captions += [TakenOver(source, id_) for id_ in self._taken[source]]
            elif isinstance(refused, Rejected):
                report.rejected.append(refused)
            else:
                report.skipped.append(refused)


@dataclass(slots=True)
class Plan:
    """`reached`: how many of the pictures have been decided about."""

    pictures: list[Picture] = field(default_factory=list)
    sidecars: Sidecars = field(default_factory=Sidecars)
    reached: int = 0

    def close(self, report: ImportReport) -> None:
        """List the sidecars, and after a cancel what was not reached."""
        for picture in self.pictures[self.reached :]:
            report.skipped.append(Skipped(picture.found.source, CANCELLED))
            for found, _kind in picture.sidecars:
                self.sidecars.expect(found.source, CANCELLED)
        self.sidecars.report(report)


def import_label(sources: Sequence[Path]) -> str:
    """What undo calls an import; bytes in a name that are no text are shown as numbers."""
    names = [(source.name or str(source)).encode(errors="surrogateescape") for source in sources]
    more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
    return f"Import {names[0].decode(errors='backslashreplace')}{more}" if names else "Import"


def plan_import(sources: Sources, report: ImportReport) -> Plan:
    """Tell pictures from sidecars, and report what can't even be looked into."""
    for unusable in sources.unusable:
        if unusable.rejected:
            report.rejected.append(Rejected(unusable.source, unusable.reason, unusable.hint))
        else:
            report.skipped.append(Skipped(unusable.source, unusable.reason))
    plan = Plan()
    # A dictionary, because the report lists them in this order.
    sidecars = dict.fromkeys(found.source for found in sources.files if _is_sidecar(found))
    for source in sidecars:
        plan.sidecars.expect(source, ORPHAN)
    beside = _beside(sources.files, sidecars)
    for found in sources.files:
        if found.source not in sidecars:
            own = beside.get(found.source, ())
            plan.pictures.append(Picture(found, tuple(own)))
            for sidecar, _kind in own:
                plan.sidecars.expect(sidecar.source, NOT_TAKEN)
    return plan


def _is_sidecar(found: Found) -> bool:
    """By its name, unless its content is a picture's: what a file is decides."""
    if not is_sidecar_name(found.name):
        return False
    try:
        with found.open() as file:
            return not is_picture(file.read(_HEAD_BYTES))
    except (OSError, UserError):
        return True  # whoever asks it for a caption says what is wrong with it


def _beside(
    files: Iterable[Found], sidecars: Collection[str]
) -> dict[str, list[tuple[Found, Kind]]]:
    """By a picture's source, its sidecars."""
    folders: dict[str, dict[str, Found]] = defaultdict(dict)
    for found in files:
        if found.source in sidecars or not is_sidecar_name(found.name):
            folders[found.folder][found.name] = found
    return {
        folder[name].source: [(folder[sidecar], kind) for sidecar, kind in own]
        for folder in folders.values()
        for name, own in pair(folder).items()
    }
