"""Pairs make groups; what a person set apart stays apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.duplicates import Kind, Pair, Verdict, between, bridges, different, groups_of, key

IDS = st.integers(1, 12)
KEYS = st.tuples(IDS, IDS).filter(lambda ids: ids[0] != ids[1]).map(lambda ids: key(*ids))
PAIRS = st.builds(
    lambda ids, kind, likeness: Pair(*ids, kind, likeness),
    KEYS,
    st.sampled_from(list(Kind)),
    st.floats(0, 1),
)


@given(st.lists(PAIRS, max_size=25, unique_by=lambda pair: pair.key), st.sets(KEYS, max_size=8))
def test_no_group_holds_two_that_are_apart_and_no_image_is_in_two(
    pairs: list[Pair], apart: set[tuple[int, int]]
) -> None:
    groups = groups_of(pairs, apart)
    ids = [id_ for group in groups for id_ in group.ids]
    assert len(ids) == len(set(ids))
    for group in groups:
        assert len(group.ids) >= 2
        assert apart.isdisjoint(between(group.ids))
        assert {id_ for pair in group.pairs for id_ in pair.key} == set(group.ids)


@given(st.lists(PAIRS, max_size=25, unique_by=lambda pair: pair.key))
def test_without_verdicts_all_that_hang_together_are_one_group(pairs: list[Pair]) -> None:
    groups = groups_of(pairs)
    where = {id_: number for number, group in enumerate(groups) for id_ in group.ids}
    assert all(where[pair.a] == where[pair.b] for pair in pairs)
    assert sum(len(group.pairs) for group in groups) == len(pairs)


def test_a_group_is_as_sure_as_its_weakest_link() -> None:
    (group,) = groups_of([Pair(1, 2, Kind.PIXELS), Pair(2, 3, Kind.EDITED, 0.94, 0.1)])
    assert group.kind is Kind.EDITED
    assert group.ids == (1, 2, 3)
    assert group.scores() == {"likeness": 0.94, "changed": 0.1, "covers": 1.0}


def test_the_weaker_link_gives_way() -> None:
    pairs = [Pair(1, 2, Kind.EDITED, 0.95), Pair(2, 3, Kind.REENCODED)]
    (group,) = groups_of(pairs, {(1, 3)})
    assert group.ids == (2, 3)


def test_a_pair_that_alone_joins_two_parts_is_a_bridge() -> None:
    one = [Pair(a, b, Kind.EDITED) for a, b in between([1, 2, 3])]
    other = [Pair(a, b, Kind.EDITED) for a, b in between([7, 8, 9])]
    bridge = Pair(3, 7, Kind.EDITED)
    (group,) = groups_of([*one, *other, bridge])
    ((found, *parts),) = bridges(group)
    assert (found, sorted(parts)) == (bridge, [(1, 2, 3), (7, 8, 9)])
    (group,) = groups_of([*one, Pair(3, 7, Kind.EDITED)])
    assert not list(bridges(group))


@given(st.lists(PAIRS, max_size=25, unique_by=lambda pair: pair.key))
def test_without_a_bridge_its_group_falls_into_its_two_parts(pairs: list[Pair]) -> None:
    for group in groups_of(pairs):
        found = list(bridges(group))
        for pair in group.pairs:
            rest = groups_of([one for one in group.pairs if one is not pair])
            parts = sorted(part.ids for part in rest)
            falls = len(parts) == 2 and sum(map(len, parts)) == len(group.ids)
            told = [sorted((one, other)) for bridge, one, other in found if bridge is pair]
            assert told == ([parts] if falls else [])


def test_a_mirrored_copy_says_so() -> None:
    assert Pair(1, 2, Kind.EDITED, matrix=(-1.0, 0, 1, 0, 1.0, 0)).is_mirrored
    assert not Pair(1, 2, Kind.EDITED).is_mirrored


def test_verdicts_are_read_by_their_names() -> None:
    verdicts = {"1-2": Verdict.DIFFERENT, "3-14": Verdict.KEPT}
    assert different(verdicts) == {(1, 2)}
