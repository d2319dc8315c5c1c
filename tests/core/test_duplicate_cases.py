"""What is proposed for groups of duplicates, and what a person chooses instead."""

from __future__ import annotations

from dataclasses import replace

from curator.core.caption_edits import set_caption
from curator.core.decisions import Fate
from curator.core.duplicate_cases import Case, cases_of, choice_of, read_cases
from curator.core.duplicates import Kind, Pair, groups_of
from curator.core.edits import set_rating
from curator.core.overlay import MIRROR
from curator.core.project import Project
from curator.core.records import Rating
from tests.helpers.projects import fill, record

KEEP, REJECT = Fate.KEEP, Fate.REJECT


def case(*pairs: Pair) -> Case:
    ids = {id_ for pair in pairs for id_ in pair.key}
    images = {n: replace(record(n), width=100 * n, height=100 * n) for n in ids}
    return cases_of(groups_of(pairs), images, {})[0]


def chain() -> Case:
    return case(Pair(1, 2, Kind.REENCODED), Pair(2, 3, Kind.EDITED, matrix=MIRROR))


def test_the_proposed_keeper_stands_first_and_the_others_go() -> None:
    assert chain().ids == (3, 1, 2)
    assert choice_of(chain()).fates == {3: KEEP, 1: REJECT, 2: REJECT}
    assert choice_of(chain()).in_words() == "Keep 1, reject 2"


def test_another_keeper_sends_the_first_one_away() -> None:
    choice = choice_of(chain()).with_keeper(1)
    assert (choice.keeper, choice.fates) == (1, {3: REJECT, 1: KEEP, 2: REJECT})
    rated = choice.with_fate(1, Fate.PRIMARY).with_keeper(1)
    assert rated.fates[1] is Fate.PRIMARY
    assert choice.with_fate(1, REJECT).with_keeper(1).fates[1] is KEEP


def test_once_the_keeper_is_rejected_one_that_is_kept_follows_it() -> None:
    choice = choice_of(chain()).with_fate(2, Fate.SUPPORTING)
    assert (choice.keeper, choice.in_words()) == (3, "Keep 2, reject 1")
    choice = choice.with_fate(3, REJECT)
    assert choice.keeper == 2
    choice = choice.with_fate(2, REJECT)
    assert (choice.keeper, choice.in_words()) == (2, "Reject all 3")
    assert choice_of(chain()).with_fate(1, KEEP).with_fate(2, KEEP).in_words() == "Keep all 3"


def test_the_relation_is_told_in_plain_words() -> None:
    assert chain().relation(2, 3) == "an edited copy, mirrored"
    assert chain().relation(1, 3) == "an edited copy, mirrored"  # by way of 2
    assert chain().relation(1, 2) == "saved again or resized"
    cut = case(Pair(1, 2, Kind.EDITED, changed=0.04, covers_a=1.0, covers_b=0.5))
    assert cut.relation(1, 2) == "an edited copy, shows 50 % of it, 4 % of it changed"
    assert cut.relation(2, 1) == "an edited copy, with more around it, 4 % of it changed"


def test_one_that_is_no_duplicate_leaves_the_others_together_or_apart() -> None:
    assert [left.ids for left in chain().without(3)] == [(2, 1)]
    assert chain().without(2) == []


def test_the_surest_groups_come_first(project: Project) -> None:
    fill(project, 6)
    project.record([Pair(1, 2, Kind.EDITED), Pair(3, 4, Kind.PIXELS), Pair(5, 6, Kind.SCENE)])
    assert [one.group.ids for one in read_cases(project)] == [(3, 4), (1, 2)]


def test_what_the_keeper_takes_over_is_told(project: Project) -> None:
    fill(project, 2)
    project.apply(set_rating(project.images([2]), Rating.PRIMARY))
    project.apply(set_caption(project.images([2]), "cat"))
    project.record([Pair(1, 2, Kind.EDITED)])
    (one,) = read_cases(project)
    choice = choice_of(one).with_keeper(1)
    assert one.inherited(choice) == ["rating", "caption"]
    assert one.inherited(choice.with_fate(1, Fate.PRIMARY)) == ["caption"]
    assert one.inherited(choice.with_fate(2, KEEP)) == []
