"""The journal as the steps that people took: one for each undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curator.core.records import HistoryEntry

BEGINNING = 0  # the entry that stands for before everything


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """`entry_id`: where to go for the state right after it. `created`: seconds since 1970, UTC.

    `final`: it can't be taken back. `is_now`: what the project holds is as it was after it.
    """

    entry_id: int
    label: str
    created: float
    undone: bool
    changes: int
    final: bool = False
    is_now: bool = False


def steps_of(entries: Sequence[HistoryEntry], *, whole: bool) -> list[HistoryStep]:
    """Entries, the newest first, as steps; the beginning last where the history is `whole`."""
    steps: list[HistoryStep] = []
    group = ""
    is_now_due = True
    for entry in entries:
        last = steps[-1] if steps else None
        if last and entry.group and (entry.group, entry.undone) == (group, last.undone):
            steps[-1] = _joined(last, entry)
            continue
        group, is_now = entry.group, is_now_due and not entry.undone
        is_now_due = is_now_due and not is_now
        steps.append(
            HistoryStep(
                entry.id,
                entry.label,
                entry.created,
                entry.undone,
                entry.changes,
                entry.final,
                is_now,
            )
        )
    if whole:
        steps.append(HistoryStep(BEGINNING, "The beginning", 0, False, 0, is_now=is_now_due))
    return steps


def _joined(step: HistoryStep, entry: HistoryEntry) -> HistoryStep:
    changes, final = step.changes + entry.changes, step.final and entry.final
    return HistoryStep(
        step.entry_id, step.label, step.created, step.undone, changes, final, step.is_now
    )
