"""Repeats by rule: primaries that weigh k times the supporting pictures, n steps for each set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from curator.core.balance import (
    DOUBLE,
    MAX_REPEATS,
    Group,
    fewest,
    images_of,
    outweighs,
    repeats_of,
    weighing,
)
from curator.core.edits import Edit, change_set, change_settings
from curator.core.records import ImageSet, Rating
from curator.core.settings import ProjectSettings, to_stored


@dataclass(frozen=True, slots=True)
class Repeats:
    """Numbers for the project, and for those sets whose own number changes, by id (None: none)."""

    primary: int
    supporting: int
    sets: Mapping[int, int | None] = field(default_factory=dict)
    balance: str = "plain"


def weigh(groups: Sequence[Group], settings: ProjectSettings, k: Fraction | float) -> Repeats:
    """The fewest repeats that give primaries at least `k` times the steps of supporting pictures.

    Supporting pictures are shown once. Sets keep their own numbers, as with the balance "double";
    only where that can't suffice all of them are raised by one whole factor. Without supporting or
    without primary pictures nothing is to be balanced, and the project's numbers stay.
    """
    if not all(images_of(groups, rating) for rating in (Rating.PRIMARY, Rating.SUPPORTING)):
        return Repeats(settings.primary_repeats, settings.supporting_repeats)
    share = Fraction(k).limit_denominator(1000)

    def suffices(factor: int) -> bool:
        return outweighs(_raised(groups, factor), MAX_REPEATS, share)

    factor = fewest(suffices)
    raised = _raised(groups, factor)
    own = {g.set_id: g.set_repeats for g in raised if g.set_id is not None and g.set_repeats}
    return Repeats(weighing(raised, share), 1, own if factor > 1 else {})


def steps_per_set(groups: Sequence[Group], settings: ProjectSettings, n: int) -> Repeats:
    """The fewest repeats that give each set, and the pictures in no set, `n` steps an epoch.

    For a set without supporting pictures that is ceil(n / images); with them its supporting
    pictures count by the project's proportion of the two repeats. Never over 1,000 repeats.
    """
    primary, supporting = given = settings.primary_repeats, settings.supporting_repeats
    by_set: dict[int | None, list[Group]] = {}
    for group in groups:
        by_set.setdefault(group.set_id, []).append(group)
    if rest := by_set.pop(None, []):
        # Before the sets, because they follow the proportion that is left after rounding.
        primary = _fewest(rest, n, primary, supporting)
        supporting = min(MAX_REPEATS, repeats_of(Rating.SUPPORTING, primary, *given))
    sets = {
        set_id: _fewest(members, n, primary, supporting)
        for set_id, members in by_set.items()
        if set_id is not None
    }
    return Repeats(primary, supporting, sets)


def apply_repeats(
    stored: Mapping[str, str], sets: Iterable[ImageSet], repeats: Repeats, label: str = ""
) -> Edit:
    """One edit that keeps these numbers; `stored` is `ProjectView.stored_settings`.

    Raises UserError for a number out of range.
    """
    wanted = {
        "primary_repeats": str(repeats.primary),
        "supporting_repeats": str(repeats.supporting),
        "balance": repeats.balance,
    }
    changes = change_settings(stored, {name: to_stored(name, it) for name, it in wanted.items()})
    of_sets = [
        change
        for one in sets
        if one.id in repeats.sets
        for change in change_set(one, replace(one, repeats=repeats.sets[one.id])).changes
    ]
    words = f"Repeat primaries {repeats.primary}x, supporting {repeats.supporting}x"
    if of_sets:
        words += f", {len(of_sets)} set{'' if len(of_sets) == 1 else 's'} by numbers of their own"
    return Edit(label or words, (*changes.changes, *of_sets))


def fix_outweighed(
    stored: Mapping[str, str],
    sets: Iterable[ImageSet],
    groups: Sequence[Group],
    settings: ProjectSettings,
) -> Edit:
    """Let the primaries weigh double, and go on doing so while more is rated.

    The balance becomes "double"; sets with numbers of their own are raised where they hold it back.
    """
    raised = weigh(groups, settings, DOUBLE).sets
    kept = Repeats(settings.primary_repeats, settings.supporting_repeats, raised, "double")
    return apply_repeats(stored, sets, kept, "Let primaries weigh double")


def _raised(groups: Iterable[Group], factor: int) -> list[Group]:
    """The groups with the own numbers of their sets multiplied."""
    return [
        replace(it, set_repeats=min(MAX_REPEATS, it.set_repeats * factor)) if it.set_repeats else it
        for it in groups
    ]


def _fewest(members: Sequence[Group], n: int, primary: int, supporting: int) -> int:
    """The smallest number with which the pictures of one set make `n` steps."""

    def suffices(own: int) -> bool:
        shown = (it.images * repeats_of(it.rating, own, primary, supporting) for it in members)
        return sum(shown) >= n

    return fewest(suffices)
