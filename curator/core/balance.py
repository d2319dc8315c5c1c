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

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from curator.core.dataset_layout import is_reg
from curator.core.findings import About, Finding
from curator.core.records import Image, ImageSet, Rating
from curator.core.settings import ProjectSettings
from curator.core.view import ProjectView

MAX_REPEATS = 1000
DOUBLE = Fraction(2)
NO_SET = 0  # sorts before the ids of sets, which begin at 1
GroupCount = tuple[int | None, int, int, int]  # set id, rating, rejected, how many


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
    """The repeats of every group, the pictures shown in an epoch, and what the user should know.

    `primary` and `supporting` are the repeats of pictures whose set has no number of its own.
    """

    rows: tuple[Row, ...]
    total: int
    findings: tuple[Finding, ...]
    primary: int
    supporting: int

    def repeats_of(self, image: Image, in_set: ImageSet | None) -> int:
        """The repeats of a primary or supporting picture; `in_set` is the set it is in."""
        own = in_set.repeats if in_set else None
        return repeats_of(Rating(image.rating), own, self.primary, self.supporting)


def plan_of(project: ProjectView) -> Plan:
    """The plan of a project as it is now, without reading a record of a picture."""
    sets = {one.id: one for one in project.sets()}
    return plan_repeats(groups_of(project.group_counts(), sets), project.settings)


def count_groups(images: Iterable[Image], sets: Mapping[int, ImageSet]) -> list[Group]:
    """The groups of the pictures that are trained on; regularization pictures are in none."""
    counts = Counter((it.set_id, it.rating, it.rejected) for it in images if not it.removed)
    return groups_of(((*key, number) for key, number in counts.items()), sets)


def groups_of(counts: Iterable[GroupCount], sets: Mapping[int, ImageSet]) -> list[Group]:
    """The same from `ProjectView.group_counts`."""
    found: Counter[tuple[int, Rating]] = Counter()
    for set_id, rating, rejected, number in counts:
        in_set = sets.get(set_id) if set_id is not None else None
        if not rejected and rating != Rating.UNRATED and not is_reg(in_set):
            found[in_set.id if in_set else NO_SET, Rating(rating)] += number
    return [
        Group(set_id or None, rating, number, sets[set_id].repeats if set_id else None)
        for (set_id, rating), number in sorted(found.items())
    ]


def plan_repeats(groups: Sequence[Group], settings: ProjectSettings) -> Plan:
    """The repeats of each group after the project's numbers and its balance."""
    primary, supporting = settings.primary_repeats, settings.supporting_repeats
    if settings.balance == "double" and images_of(groups, Rating.SUPPORTING):
        primary, supporting = weighing(groups, DOUBLE), 1
    repeats = [repeats_of(it.rating, it.set_repeats, primary, supporting) for it in groups]
    total = sum(group.images * n for group, n in zip(groups, repeats, strict=True))
    rows = tuple(
        Row(group, n, group.images * n, Fraction(group.images * n, total or 1))
        for group, n in zip(groups, repeats, strict=True)
    )
    return Plan(rows, total, tuple(_findings(rows, settings)), primary, supporting)


def repeats_of(rating: Rating, own: int | None, primary: int, supporting: int) -> int:
    """The repeats of pictures of a rating in a set with its `own` number (None: with none)."""
    if rating == Rating.PRIMARY:
        return primary if own is None else own
    if own is None:
        return supporting
    return max(1, int(Fraction(own * supporting, primary) + Fraction(1, 2)))


def weighing(groups: Sequence[Group], k: Fraction) -> int:
    """The fewest repeats of primaries that give them `k` times the steps of supporting pictures.

    Those are shown once, and sets keep a number of their own. More repeats never make it worse:
    primaries gain, and supporting pictures of sets with a number keep their proportion, so that
    they lose. The largest number where none suffices.
    """

    def suffices(primary: int) -> bool:
        return outweighs(groups, primary, k)

    return fewest(suffices)


def fewest(suffices: Callable[[int], bool]) -> int:
    """The smallest number of repeats that suffices, the largest of all where none does."""
    return 1 + bisect_left(range(1, MAX_REPEATS), True, key=suffices)


def outweighs(groups: Iterable[Group], primary: int, k: Fraction) -> bool:
    """Whether primaries make `k` times the steps of supporting pictures that are shown once."""
    steps = {Rating.PRIMARY: 0, Rating.SUPPORTING: 0}
    for group in groups:
        repeats = repeats_of(group.rating, group.set_repeats, primary, 1)
        steps[group.rating] += group.images * repeats
    return steps[Rating.PRIMARY] >= k * steps[Rating.SUPPORTING]


def images_of(groups: Iterable[Group], rating: Rating) -> int:
    """How many pictures of these groups have a rating."""
    return sum(group.images for group in groups if group.rating == rating)


def _findings(rows: Sequence[Row], settings: ProjectSettings) -> Iterable[Finding]:
    groups = [row.group for row in rows]
    primaries = sum(row.steps for row in rows if row.group.rating == Rating.PRIMARY)
    supporting = sum(row.steps for row in rows if row.group.rating == Rating.SUPPORTING)
    most = MAX_REPEATS * images_of(groups, Rating.PRIMARY)
    fixable = most >= DOUBLE * images_of(groups, Rating.SUPPORTING)
    if supporting and not primaries:
        yield Finding(
            About.NO_PRIMARY,
            "No picture is rated primary, so supporting pictures are all that is trained on.",
        )
    elif settings.balance == "double" and primaries < DOUBLE * supporting:
        yield Finding(
            About.NOT_DOUBLE,
            f"The primaries can't weigh double: they make {primaries:,} steps an epoch, supporting "
            f"pictures {supporting:,}. Rate more pictures primary, or raise the repeats of the "
            "sets that have their own.",
            fixable=fixable,
        )
    elif supporting > primaries:
        yield Finding(
            About.OUTWEIGHED,
            f"The supporting pictures make more steps an epoch than the primaries, {supporting:,} "
            f"against {primaries:,}.",
            "Set balance=double to let the primaries weigh double.",
            fixable=fixable,
        )
