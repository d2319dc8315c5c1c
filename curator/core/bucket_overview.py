"""All buckets of a project at a glance: now, and as they would be by another rule or with a few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from curator.core.few_buckets import FewBuckets, best_few, fit_among, listed
from curator.core.geometry import Size
from curator.core.query import parse
from curator.core.query_tree import And, Node, Not, Or, Text
from curator.core.query_words import choose, chosen, with_term
from curator.core.readable import count, percent
from curator.core.training_fit import BucketTable, Sizes, bucket_table, fit_of, table_of
from curator.core.training_rule import rule_of
from curator.core.view import ProjectView
from trainer.buckets import BucketRule
from trainer.errors import TrainerError


@dataclass(frozen=True, slots=True)
class Trial:
    """What might be instead: another rule, and where `few` is not empty, these buckets alone."""

    rule: BucketRule
    few: tuple[Size, ...] = ()


@dataclass(frozen=True, slots=True)
class BucketOverview:
    """`now`: by the project's rule, `table`: by what is tried. `moved`: how many change buckets.

    `asked`: the buckets that the query asks for. `listed`: all of the rule that is tried.
    `trouble`: why it has none.
    """

    rule: BucketRule
    now: BucketTable
    table: BucketTable
    moved: int
    few: Sequence[FewBuckets]
    listed: Sequence[Size]
    asked: frozenset[Size]
    trouble: str = ""


def term_of(bucket: Size) -> str:
    """The condition of a query that finds a bucket's pictures."""
    return "bucket:{}x{}".format(*bucket)


def with_buckets(query: str, known: Sequence[Size], wanted: Sequence[Size]) -> str:
    """The query that asks for these buckets in place of whichever of the known ones."""
    return choose(query, [term_of(one) for one in known], [term_of(one) for one in wanted])


def read_overview(project: ProjectView, query: str, trial: Trial | None = None) -> BucketOverview:
    """The buckets of a query's pictures, those of its buckets left open. Raises QueryError.

    Rejected ones are left out unless the query speaks of them. Reads sizes, no records.
    """
    rule = rule_of(project.settings)
    terms = {term_of(bucket): bucket for bucket in _named(parse(query).where)}
    asked = frozenset(terms[term] for term in chosen(query, terms))
    sizes = project.shown_sizes(_scope(choose(query, terms, ())))
    now = bucket_table(sizes, rule)
    try:
        return _tried(sizes, rule, now, trial or Trial(rule), asked)
    except TrainerError as error:
        return BucketOverview(rule, now, now, 0, (), (), asked, error.message)


def _named(node: Node | None) -> Iterator[Size]:
    """The buckets that a query names."""
    match node:
        case Not():
            yield from _named(node.part)
        case And() | Or():
            yield from chain.from_iterable(map(_named, node.parts))
        case Text(field="bucket", pattern=(str() as named,)):
            width, height = named.split("x")
            yield int(width), int(height)


def _scope(query: str) -> str:
    return query if parse(query).names_flag("rejected") else with_term(query, "-is:rejected")


def _tried(
    sizes: Sizes, rule: BucketRule, now: BucketTable, trial: Trial, asked: frozenset[Size]
) -> BucketOverview:
    few, all_ = best_few(sizes, trial.rule), listed(trial.rule)
    if trial == Trial(rule):
        return BucketOverview(rule, now, now, 0, few, all_, asked)
    if trial.few:
        fits = dict(zip(sizes, map(fit_among(trial.few), sizes), strict=True))
    else:
        fits = {size: fit_of(size, trial.rule) for size in sizes}
    moved = sum(n for size, n in sizes.items() if fits[size].bucket != fit_of(size, rule).bucket)
    table = table_of(sizes, fits.__getitem__)
    return BucketOverview(rule, now, table, moved, few, all_, asked)


def in_words(table: BucketTable) -> str:
    """How many pictures and buckets there are, and what is lost."""
    if not table.pictures:
        return "No pictures to count."
    return (
        f"{count(table.pictures, 'picture')} in {count(len(table.rows), 'bucket')};"
        f" {percent(table.loss)} of their area is cropped away, {table.enlarged:,} are enlarged."
    )


def change_in_words(found: BucketOverview) -> str:
    """What would be otherwise; "" where nothing would."""
    now, table = found.now, found.table
    if table == now:
        return ""
    pairs = (
        (count(len(table.rows), "bucket"), f"{len(now.rows):,}"),
        (f"{percent(table.loss)} cropped away", percent(now.loss)),
        (f"{table.enlarged:,} enlarged", f"{now.enlarged:,}"),
    )
    changes = ", ".join(f"{new} instead of {old}" for new, old in pairs)
    return f"{count(found.moved, 'picture')} would train in another bucket: {changes}."
