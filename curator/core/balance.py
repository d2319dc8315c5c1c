"""Ratings and sets into repeats: how often an epoch shows a picture, and what share each group has.

A group is the pictures of one set (or of none) with one rating. A set's own `repeats` replaces the
project's number for its primaries; its supporting pictures keep the project's proportion to them,
rounded, at least once: with 5 and 2, a set of 10 shows its supporting pictures 4 times.

Balance "double" keeps repeats as small as they can be: supporting pictures are shown once,
primaries the smallest number of times that gives them at least twice the steps of the supporting
pictures. A set's own number stays what it is. 58 primaries and 164 supporting: 6 x 58 = 348 against
164. Without supporting pictures there is nothing to balance, and the project's numbers hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from curator.core.dataset_layout import is_reg, takes_part
from curator.core.records import Image, ImageSet, Rating
from curator.core.settings import ProjectSettings

MAX_REPEATS = 1000


@dataclass(frozen=True, slots=True)
class Group:
    """`images` pictures of one set (None: of no set) and rating; `set_repeats` is the set's own."""

    set_id: int | None
    rating: Rating
    images: int
    set_repeats: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A group in an epoch: `steps` pictures are shown (steps at batch size 1), a `share` of all."""

    group: Group
    repeats: int
    steps: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Plan:
    """The repeats of every group, the pictures shown in an epoch, and what the user should know."""

    rows: tuple[Row, ...]
    total: int
    warnings: tuple[str, ...]

    def repeats_of(self, image: Image, in_set: ImageSet | None) -> int:
        """The repeats of a picture that was counted in this plan; `in_set` is the set it is in."""
        group = (in_set.id if in_set else None, image.rating)
        return next(r.repeats for r in self.rows if (r.group.set_id, r.group.rating) == group)


def count_groups(images: Iterable[Image], sets: Mapping[int, ImageSet]) -> list[Group]:
    """The groups of the pictures that are trained on; regularization pictures are in none."""
    counts: Counter[tuple[int | None, int]] = Counter()
    for image in images:
        in_set = sets.get(image.set_id) if image.set_id is not None else None
        if takes_part(image, in_set) and not is_reg(in_set):
            counts[in_set.id if in_set else None, image.rating] += 1
    return [
        Group(set_id, Rating(rating), count, sets[set_id].repeats if set_id is not None else None)
        for (set_id, rating), count in sorted(counts.items(), key=lambda row: (row[0][0] or 0, row))
    ]


def plan_repeats(groups: Sequence[Group], settings: ProjectSettings) -> Plan:
    """The repeats of each group after the project's numbers and its balance."""
    primary, supporting = settings.primary_repeats, settings.supporting_repeats
    if settings.balance == "double" and _images(groups, Rating.SUPPORTING):
        primary, supporting = _doubling(groups), 1
    repeats = [_repeats(group, primary, supporting) for group in groups]
    total = sum(g.images * n for g, n in zip(groups, repeats, strict=True))
    rows = tuple(
        Row(group, n, group.images * n, Fraction(group.images * n, total or 1))
        for group, n in zip(groups, repeats, strict=True)
    )
    return Plan(rows, total, tuple(_warnings(rows, settings)))


def _repeats(group: Group, primary: int, supporting: int) -> int:
    own = group.set_repeats
    if group.rating == Rating.PRIMARY:
        return primary if own is None else own
    if own is None:
        return supporting
    return max(1, int(Fraction(own * supporting, primary) + Fraction(1, 2)))


def _doubling(groups: Sequence[Group]) -> int:
    """The smallest repeats of primaries that give them twice the steps; the largest where none do.

    More repeats never make it worse: primaries gain, and supporting pictures of sets with a number
    of their own keep their proportion, so that they lose.
    """
    for primary in range(1, MAX_REPEATS):
        steps = {Rating.PRIMARY: 0, Rating.SUPPORTING: 0}
        for group in groups:
            steps[group.rating] += group.images * _repeats(group, primary, 1)
        if steps[Rating.PRIMARY] >= 2 * steps[Rating.SUPPORTING]:
            return primary
    return MAX_REPEATS


def _images(groups: Iterable[Group], rating: Rating) -> int:
    return sum(group.images for group in groups if group.rating == rating)


def _warnings(rows: Sequence[Row], settings: ProjectSettings) -> Iterable[str]:
    primaries = sum(row.steps for row in rows if row.group.rating == Rating.PRIMARY)
    supporting = sum(row.steps for row in rows if row.group.rating == Rating.SUPPORTING)
    if supporting and not primaries:
        yield "No picture is rated primary, so supporting pictures are all that is trained on."
    elif settings.balance == "double" and primaries < 2 * supporting:
        yield (
            f"The primaries can't weigh double: they make {primaries:,} steps an epoch, supporting "
            f"pictures {supporting:,}. Rate more pictures primary, or raise the repeats of the "
            "sets that have their own."
        )
    elif supporting > primaries:
        yield (
            f"The supporting pictures make more steps an epoch than the primaries, {supporting:,} "
            f"against {primaries:,}. Set balance=double to let the primaries weigh double."
        )
