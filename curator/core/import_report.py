"""What became of every file that an import met: each is in exactly one list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from curator.core.errors import UserError
from curator.core.files import write_atomic
from curator.core.ratings import Mapped, explain


@dataclass(frozen=True, slots=True)
class Accepted:
    """A new picture; of a file that was taken apart, one frame of it.

    `rating`: the number that was found in its file or sidecar, None where there is none.
    """

    id: int
    source: str
    path: str
    width: int
    height: int
    format: str
    frames: int
    warnings: tuple[str, ...] = ()
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A file whose content the project has already; `restored` if it had been removed or lost."""

    id: int
    source: str
    restored: bool = False


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A sidecar of picture `id` that was taken over."""

    source: str
    id: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is no picture, or brings nothing: no loss."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that should have been a picture and could not be taken."""

    source: str
    reason: str
    hint: str = ""


@dataclass(slots=True)
class ImportReport:
    """`ratings`: how often each number was found in accepted files; `mapping`: how it was read.

    `saved_as`: where the whole report was written as text; else `not_saved` says why not.
    """

    accepted: list[Accepted] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    captions: list[TakenOver] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    ratings: dict[int, int] = field(default_factory=dict)
    mapping: str = Mapped.NONE
    cancelled: bool = False
    saved_as: Path | None = None
    not_saved: str = ""

    def refuse(self, source: str, error: UserError) -> None:
        """List a file that could not be taken, with the reason."""
        self.rejected.append(Rejected(source, error.message, error.hint))

    def to_json(self) -> dict[str, Any]:
        """The report as the command line prints it; the last two keys only where they tell."""
        lists = {
            "accepted": [_row(a) | {"warnings": list(a.warnings)} for a in self.accepted],
            "known": [_known_row(known) for known in self.known],
            "captions": [_row(taken) for taken in self.captions],
            "skipped": [_row(skipped) for skipped in self.skipped],
            "rejected": [_row(rejected) for rejected in self.rejected],
        }
        found = {str(number): n for number, n in sorted(self.ratings.items())}
        ratings = {"ratings": {"found": found, "mapping": self.mapping}} if found else {}
        return lists | ratings | ({"cancelled": True} if self.cancelled else {})

    def summary(self) -> list[str]:
        """The counts, each in a sentence, and what became of the ratings that were found."""
        lines = ["The import was cancelled; what is listed as new stays."] * self.cancelled
        warned = sum(bool(accepted.warnings) for accepted in self.accepted)
        warnings = f" ({warned:,} with a warning)" if warned else ""
        lines.append(
            f"{len(self.accepted):,} new{warnings}, {len(self.known):,} known already, "
            f"{len(self.captions):,} sidecars taken over, {len(self.skipped):,} skipped, "
            f"{len(self.rejected):,} rejected."
        )
        if self.ratings:
            lines.append(f"Ratings found in files, read as {self.mapping}:")
            lines += [f"  {line}" for line in explain(self.mapping, self.ratings)]
        return lines

    @property
    def has_reasons(self) -> bool:
        """Whether there is anything in the whole report that the summary only counts."""
        return bool(self.rejected or self.skipped or any(a.warnings for a in self.accepted))

    def refusals(self) -> list[str]:
        """What was rejected, a sentence each."""
        return [_sentence(r.source, r.reason, r.hint) for r in self.rejected]

    def to_text(self) -> str:
        """The whole report for people."""
        return "\n".join([*self.summary(), *self._details()]) + "\n"

    def _details(self) -> Iterator[str]:
        warned = (f"{a.source}: {w}" for a in self.accepted for w in a.warnings)
        yield from _section("Rejected", self.refusals())
        yield from _section("Taken, with a warning", warned)
        yield from _section("Skipped", (_sentence(s.source, s.reason) for s in self.skipped))
        yield from _section("Sidecars taken over", (t.source for t in self.captions))
        yield from _section("Known already", (f"{k.source} is image {k.id}" for k in self.known))
        yield from _section("New", (f"{a.source} is image {a.id}" for a in self.accepted))

    def save(self, folder: Path) -> None:
        """Write the report into `folder` as text and, beside it, as JSON.

        A disk that refuses takes nothing back of the import, so that is only noted.
        """
        stem = datetime.now(UTC).strftime("import-%Y%m%d-%H%M%S-%f")
        path = folder / f"{stem}.txt"
        try:
            write_atomic(folder / f"{stem}.json", json.dumps(self.to_json()).encode())
            write_atomic(path, self.to_text().encode(errors="backslashreplace"))
        except UserError as error:
            self.not_saved = f"The report of the import could not be saved: {error}"
        else:
            self.saved_as = path


def _row(entry: Accepted | TakenOver | Skipped | Rejected | Known) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in type(entry).__slots__}


def _known_row(known: Known) -> Mapping[str, Any]:
    row = _row(known)
    if not known.restored:
        del row["restored"]
    return row


def _sentence(source: str, reason: str, hint: str = "") -> str:
    """A reason that begins with the file's name is told with its whole path instead."""
    name = source.replace("\\", "/").rpartition("/")[2]
    for known in (source, name):
        if reason.startswith(f"{known} "):
            return f"{source}{reason[len(known) :]} {hint}".rstrip()
    return f"{source}: {reason} {hint}".rstrip()


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"\n{title} ({len(found):,})"
        yield from (f"  {line}" for line in found)
