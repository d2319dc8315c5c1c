"""What the pictures of a project cover: framing, angle, outfit, expression, background and light.

Counted of the pictures that are trained on, by their tags; what has no tag of an axis is told too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from curator.core.balance import Plan, plan_of, repeats_of
from curator.core.coverage_axes import AxisRule, ValueRule, axis_rules
from curator.core.dataset_layout import is_reg
from curator.core.query_terms import written
from curator.core.readable import count, percent
from curator.core.records import ImageSet, Rating, SetKind
from curator.core.traits import GroupOf
from curator.core.view import ProjectView

OUTFIT, OUTFIT_TITLE = "outfit", "Outfit"
RATED = "rating:>=1 -is:rejected"
NOT_REJECTED = "-is:rejected"
MUCH = 0.6  # of the pictures with a tag of an axis, from which on one value is too frequent
FEW = 0.05  # below which a wanted value is too rare
LEAST = 10  # pictures with a tag of an axis, below which nothing is said about shares


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an axis: the pictures that have it, and the query that finds them."""

    name: str
    ids: frozenset[int]
    query: str


@dataclass(frozen=True, slots=True)
class Axis:
    """One way in which pictures differ; `untagged`: those about which no tag says anything."""

    key: str
    title: str
    values: tuple[Value, ...]
    untagged: Value
    wanted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """A gap or a surplus in words; `query` finds what it is about, "" where there is nothing."""

    words: str
    query: str
    is_gap: bool


@dataclass(frozen=True)
class Coverage:
    """Every axis; `repeats`: how often an epoch shows each picture that is counted.

    `is_rated`: False while nothing is rated, so that all pictures are counted.
    """

    axes: tuple[Axis, ...]
    repeats: Mapping[int, int]
    primaries: frozenset[int]
    is_rated: bool

    def number(self, ids: Iterable[int], is_weighted: bool = False) -> int:
        """How many pictures these are, or how often an epoch shows them."""
        ids = list(ids)
        return sum(self.repeats[id_] for id_ in ids) if is_weighted else len(ids)

    @cached_property
    def all_ids(self) -> frozenset[int]:
        """The pictures that are counted."""
        return frozenset(self.repeats)

    def share(self, axis: Axis, value: Value, is_weighted: bool = False) -> float:
        """The value's share of the pictures that have a tag of the axis."""
        tagged = self.number(self.all_ids - axis.untagged.ids, is_weighted)
        return self.number(value.ids, is_weighted) / tagged if tagged else 0.0

    def axis(self, key: str) -> Axis:
        """The axis of this key."""
        return next(axis for axis in self.axes if axis.key == key)

    def matrix(self, rows: Axis, columns: Axis, is_weighted: bool = False) -> list[list[int]]:
        """How many pictures have each value of one axis and each of another."""
        return [
            [self.number(row.ids & column.ids, is_weighted) for column in columns.values]
            for row in rows.values
        ]

    def findings(self, is_weighted: bool = False) -> list[Found]:
        """Gaps and surplus, axis by axis."""
        return [found for axis in self.axes for found in self._findings(axis, is_weighted)]

    def _findings(self, axis: Axis, is_weighted: bool) -> Iterable[Found]:
        tagged = self.all_ids - axis.untagged.ids
        if not tagged:
            return
        title = axis.title
        for value in axis.values:
            share = self.share(axis, value, is_weighted)
            if value.name in axis.wanted and not value.ids:
                yield Found(f"{title}: 0 {value.name}", "", is_gap=True)
            elif len(tagged) < LEAST or 2 * len(tagged) < len(self.all_ids):
                continue  # too little is known for shares
            elif value.name in axis.wanted and share < FEW:
                words = f"{title}: only {len(value.ids):,} {value.name}"
                yield Found(words, value.query, is_gap=True)
            elif share > MUCH:
                words = f"{title}: {percent(share)} {value.name}"
                yield Found(words, value.query, is_gap=False)


def read_coverage(project: ProjectView, group_of: GroupOf) -> Coverage:
    """What a project covers now; takes a while in a large one."""
    sets = {one.id: one for one in project.sets()}
    repeats, primaries, is_rated = _counted(project, sets)
    scope = _scope(is_rated, sets)
    ids = frozenset(repeats)
    tags = [tag for tag, _n in project.tag_counts()]
    axes = []
    for rule in axis_rules():
        values = rule.values_for(tags, group_of)
        bearers = project.tag_bearers([tag for value in values for tag in value.tags])
        axes.append(_axis(rule, values, bearers, ids, scope))
    axes.insert(2, _outfits(sets, project, ids, scope))
    return Coverage(tuple(axes), repeats, primaries, is_rated)


def _counted(
    project: ProjectView, sets: Mapping[int, ImageSet]
) -> tuple[dict[int, int], frozenset[int], bool]:
    """(repeats by picture, the primaries, whether any is rated) of what is trained on."""
    plan = plan_of(project)
    is_rated = bool(plan.rows)
    repeats: dict[int, int] = {}
    primaries = set()
    for id_, rating, set_id in project.ratings(RATED if is_rated else NOT_REJECTED):
        in_set = sets.get(set_id) if set_id is not None else None
        if is_reg(in_set):
            continue
        repeats[id_] = _repeats(plan, rating, in_set) if is_rated else 1
        if rating == Rating.PRIMARY:
            primaries.add(id_)
    return repeats, frozenset(primaries), is_rated


def _repeats(plan: Plan, rating: int, in_set: ImageSet | None) -> int:
    own = in_set.repeats if in_set else None
    return repeats_of(Rating(rating), own, plan.primary, plan.supporting)


def _scope(is_rated: bool, sets: Mapping[int, ImageSet]) -> str:
    left_out = (f"-set:{written(one.name)}" for one in sets.values() if is_reg(one))
    return " ".join([RATED if is_rated else NOT_REJECTED, *left_out])


def _axis(
    rule: AxisRule,
    values: Sequence[ValueRule],
    bearers: Mapping[str, Set[int]],
    ids: frozenset[int],
    scope: str,
) -> Axis:
    found, tagged, there = [], set[int](), []
    for value in values:
        used = [tag for tag in value.tags if not ids.isdisjoint(bearers.get(tag, frozenset()))]
        its = ids & set[int]().union(*(bearers[tag] for tag in used))
        terms = " OR ".join(f"tag:{written(tag)}" for tag in used)
        query = f"({terms}) {scope}" if len(used) > 1 else f"{terms} {scope}"
        found.append(Value(value.name, its, query if used else ""))
        tagged |= its
        there += used
    untagged = " ".join([*(f"-tag:{written(tag)}" for tag in there), scope])
    none = Value("no tag of it", ids - tagged, untagged)
    return Axis(rule.key, rule.title, tuple(found), none, frozenset(rule.wanted))


def _outfits(
    sets: Mapping[int, ImageSet], project: ProjectView, ids: frozenset[int], scope: str
) -> Axis:
    """The sets that are outfits, as an axis of their own."""
    mine = [one for one in sets.values() if one.kind == SetKind.OUTFIT]
    by_set: dict[int | None, set[int]] = {}
    for id_, _rating, set_id in project.ratings(scope):
        by_set.setdefault(set_id, set()).add(id_)
    values = tuple(
        Value(one.name, ids & by_set.get(one.id, set()), f"set:{written(one.name)} {scope}")
        for one in mine
    )
    worn = frozenset[int]().union(*(value.ids for value in values))
    terms = [f"-set:{written(one.name)}" for one in mine]
    none = Value("in no outfit's set", ids - worn, " ".join([*terms, scope]))
    return Axis(OUTFIT, OUTFIT_TITLE, values, none, frozenset(one.name for one in mine))


def counted_in_words(coverage: Coverage, is_weighted: bool = False) -> str:
    """What the numbers count."""
    number = len(coverage.repeats)
    if not coverage.is_rated:
        return f"{count(number, 'picture')}; nothing is rated yet, so all are counted."
    rest = number - len(coverage.primaries)
    words = f"{len(coverage.primaries):,} primary and {rest:,} supporting"
    shown = coverage.number(coverage.repeats, is_weighted=True)
    return f"{words}, {shown:,} shown in an epoch." if is_weighted else f"{words} pictures."
