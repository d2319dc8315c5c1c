"""What duplicates do to a training, told from what a search for them found before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from curator.core.dataset_layout import Placed
from curator.core.duplicates import COPIES, Group, Kind, different, groups_of
from curator.core.findings import About, Finding
from curator.core.invocation import typed
from curator.core.readable import count
from curator.core.view import ProjectView

MOST_SHARE = Fraction(1, 20)  # of an epoch that one shot may take
MOST_PRIMARIES = 3  # times what a single primary takes


def duplicate_findings(
    project: ProjectView, placed: Sequence[Placed], primary: int
) -> Iterator[Finding]:
    """Copies in several sets, and shots that take too much of an epoch; looks at no picture.

    `primary`: how often an epoch shows a primary.
    """
    yield from _across_sets(project.duplicate_groups(), placed)
    pairs = project.all_pairs((*COPIES, Kind.SHOT))
    yield from _too_heavy(groups_of(pairs, different(project.verdicts())), placed, primary)


def _across_sets(groups: Iterable[Group], placed: Sequence[Placed]) -> Iterator[Finding]:
    sets = {one.image.id: one.image.set_id for one in placed}
    found: list[int] = []
    for group in groups:
        ids = [id_ for id_ in group.ids if id_ in sets]
        if len({sets[id_] for id_ in ids}) > 1:
            found += ids
    if found:
        yield _finding(
            About.COPIES_ACROSS,
            f"{count(len(found), 'picture')} are copies of one another in different sets, so that"
            " each set teaches what the other one does.",
            found,
        )


def _too_heavy(
    groups: Iterable[Group], placed: Sequence[Placed], primary: int
) -> Iterator[Finding]:
    steps = {one.image.id: one.folder.repeats for one in placed if not one.folder.is_reg}
    total = sum(steps.values())
    heavy: list[tuple[int, list[int]]] = []
    for group in groups:
        ids = [id_ for id_ in group.ids if id_ in steps]
        taken = sum(steps[id_] for id_ in ids)
        if len(ids) > 1 and taken > MOST_SHARE * total and taken > MOST_PRIMARIES * primary:
            heavy.append((taken, ids))
    if heavy:
        taken, ids = max(heavy)
        yield _finding(
            About.TOO_HEAVY,
            f"{_shots(len(heavy))} much of an epoch: {count(len(ids), 'picture')} of one shot make"
            f" {taken / total:.0%} of its steps.",
            [id_ for _taken, each in heavy for id_ in each],
        )


def _shots(number: int) -> str:
    return "One shot takes" if number == 1 else f"{number:,} shots take"


def _finding(about: About, text: str, ids: Iterable[int]) -> Finding:
    ordered = sorted(ids)
    query = ids_query(ordered)
    return Finding(about, text, f"See them: {typed(f'list DIR {query}')}", tuple(ordered), query)


def ids_query(ids: Sequence[int]) -> str:
    """The query that finds just these ids, given in ascending order."""
    runs = [
        [id_ for _n, id_ in run]
        for _key, run in groupby(enumerate(ids), key=lambda at: at[1] - at[0])
    ]
    parts = (f"{run[0]}..{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"id:{','.join(parts)}"
