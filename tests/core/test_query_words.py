"""Queries changed by buttons: that they find what they should, and stay what people wrote."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from curator.core import edits
from curator.core.project import Project
from curator.core.query import parse
from curator.core.query_tree import QueryError
from curator.core.query_words import choose, chosen, has_term, sort_of, sorted_by, with_term
from curator.core.records import ImageSet, Rating
from tests.helpers.projects import fill


@pytest.mark.parametrize(
    ("query", "term", "narrowed"),
    [
        ("", "rating:1", "rating:1"),
        ("cat", "rating:1", "cat rating:1"),
        ("cat AND dog", "rating:1", "cat AND dog rating:1"),
        ("cat sort:name", "rating:1", "cat rating:1 sort:name"),
        ("sort:name", "rating:1", "rating:1 sort:name"),
        ("cat OR dog", "rating:1", "(cat OR dog) rating:1"),
        ("cat OR dog sort:-id", "rating:1", "(cat OR dog) rating:1 sort:-id"),
        ("(cat OR dog) x", "rating:1", "(cat OR dog) x rating:1"),
        (r"a OR path:C:\photos" + "\\", "rating:1", r"(a OR path:C:\photos" + "\\ ) rating:1"),
        ("cat", "a OR b", "cat (a OR b)"),
        ("cat", "a b", "cat (a b)"),
        ('"rating:1"', "rating:1", '"rating:1" rating:1'),
        ('tag:"is:primary OR"', "is:primary", 'tag:"is:primary OR" is:primary'),
        ("(rating:1 cat) x", "rating:1", "(rating:1 cat) x rating:1"),
        ("rating:1 OR cat", "rating:1", "(rating:1 OR cat) rating:1"),
        ("-rating:1", "rating:1", "-rating:1 rating:1"),
        ("a AND sort:name", "rating:1", "a rating:1 sort:name"),
    ],
)
def test_a_term_narrows_a_query(query: str, term: str, narrowed: str) -> None:
    assert not has_term(query, term)
    assert with_term(query, term) == narrowed
    assert has_term(narrowed, term)
    assert with_term(narrowed, term) == narrowed


@pytest.mark.parametrize(
    ("query", "term", "widened"),
    [
        ("cat rating:1 dog", "rating:1", "cat dog"),
        ("cat AND rating:1 AND dog", "rating:1", "cat AND dog"),
        ("rating:1 AND cat", "rating:1", "cat"),
        ("rating:primary", "rating:1", ""),
        ("(rating:1) cat rating:=1", "rating:1", "cat"),
        ('SET:"Red  Coat" cat', 'set:"red  coat"', "cat"),
        ("not tag:* cat", "-tag:*", "cat"),
        ("rating:1 sort:name", "rating:1", "sort:name"),
        ("x (a OR b)", "a OR b", "x"),
    ],
)
def test_a_term_is_taken_out_however_it_is_written(query: str, term: str, widened: str) -> None:
    assert has_term(query, term)
    assert choose(query, [term], []) == widened


@pytest.mark.parametrize("query", ["cat", "rating:1 OR cat", "  cat   AND dog ", ""])
def test_a_query_without_the_term_stays_as_it_is(query: str) -> None:
    assert choose(query, ["rating:1"], []) == query


RATINGS = ["is:primary", "is:supporting", "-set:*"]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("is:Primary cat", ["is:primary"]),
        ("(is:supporting OR is:primary) cat", ["is:primary", "is:supporting"]),
        ("is:supporting OR is:primary", ["is:primary", "is:supporting"]),
        ("(is:supporting OR cat)", []),
        ("cat (is:primary dog)", []),
        ("(not set:* or is:primary)", ["is:primary", "-set:*"]),
    ],
)
def test_a_query_tells_which_values_it_asks_for(query: str, asked: list[str]) -> None:
    assert list(chosen(query, RATINGS)) == asked


def test_a_choice_takes_the_place_of_the_one_before() -> None:
    assert choose("cat is:primary", RATINGS, ["-set:*"]) == "cat -set:*"
    both = choose("cat is:primary dog", RATINGS, ["is:primary", "is:supporting"])
    assert both == "cat dog (is:primary OR is:supporting)"
    assert choose(both, RATINGS, ["is:supporting", "is:primary"]) == both
    assert choose(both, RATINGS, []) == "cat dog"


@pytest.mark.parametrize(
    ("query", "sort", "ordered"),
    [
        ("cat", "-added", "cat sort:-added"),
        ("", "name", "sort:name"),
        ("", "", ""),
        ("cat sort:name dog sort:-id", "taken", "cat dog sort:taken"),
        ("sort:name cat", "", "cat"),
        ("cat AND sort:name", "", "cat"),
        ("sort:name AND cat", "", "cat"),
        ("cat (sort:name) dog", "id", "cat dog sort:id"),
        ("cat ((sort:name sort:id)) dog", "", "cat dog"),
        ('tag:"sort:name" sort: width', "id", 'tag:"sort:name" sort:id'),
        ('"sort:name"', "", '"sort:name"'),
        ("a OR b sort:name", "id", "a OR b sort:id"),
        ("sort:random(a b) x", "-random(7)", "x sort:-random(7)"),
        (r"smile\( sort:name x", "", r"smile\( x"),
    ],
)
def test_an_order_takes_the_place_of_all_others(query: str, sort: str, ordered: str) -> None:
    assert sorted_by(query, sort) == ordered
    assert sort_of(ordered) == sort


def test_the_first_order_is_told() -> None:
    assert sort_of("(cat SORT:-Name) sort:id") == "-name"
    assert sort_of('"sort:name" cat') == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda query: choose(query, ["rating:1"], ["rating:1"]),
        lambda query: sorted_by(query, "name"),
        sort_of,
    ],
)
def test_a_query_that_cannot_be_read_is_told_so(change: object) -> None:
    with pytest.raises(QueryError, match="at character 3"):
        change("a )")  # type: ignore[operator]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Twelve pictures that the terms below tell apart."""
    with Project.create(tmp_path_factory.mktemp("words") / "project") as made:
        images = fill(made, 12, ["cat", "dog", "cat, dog", "or", 'a "b', "\\"])
        made.apply(edits.set_rating(images[::3], Rating.PRIMARY))
        made.apply(edits.reject(images[2:8:2]))
        outfit = ImageSet(made.new_set_id(), "red coat OR")
        made.apply(edits.create_set(outfit))
        made.apply(edits.assign_to_set(images[4:], outfit))
        yield made


TERMS = st.sampled_from(
    [
        *("cat", "dog", "-cat", '"or"', "and\\", "rating:1", "is:undecided", "-is:rejected"),
        *('set:"red coat or"', "-set:*", "(id:<9 id:>3)", "cat OR rating:1", "id:5..8"),
    ]
)
ORDERS = st.sampled_from(["sort:name", "sort:-id", "sort:random(1)", "(sort:id)"])
CONDITIONS = st.recursive(
    TERMS,
    lambda parts: (
        st.builds(
            "{}{}{}".format, parts, st.sampled_from([" ", " OR ", " AND ", "  or not "]), parts
        )
        | st.builds("({})".format, parts.filter(lambda text: not text.endswith("\\")))
        | st.builds("-({} )".format, parts)
    ),
    max_leaves=5,
)


@st.composite
def queries(draw: st.DrawFn) -> str:
    parts = draw(st.lists(CONDITIONS, max_size=2)) + draw(st.lists(ORDERS, max_size=2))
    joint = draw(st.sampled_from([" ", "  ", " AND "]))
    return joint.join(draw(st.permutations(parts)))


ON_A_PROJECT = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80
)


@given(queries(), TERMS)
@example("cat OR and\\", "dog")
@ON_A_PROJECT
def test_a_term_finds_what_both_find_in_the_order_of_the_query(
    project: Project, query: str, term: str
) -> None:
    both = set(project.select(term))
    narrowed = with_term(query, term)
    assert has_term(narrowed, term)
    assert list(project.select(narrowed)) == [i for i in project.select(query) if i in both]


@given(queries(), TERMS)
@ON_A_PROJECT
def test_a_choice_taken_back_finds_the_same_as_before(
    project: Project, query: str, term: str
) -> None:
    assert project.select(choose(query, [], [term])) == project.select(with_term(query, term))
    if not chosen(query, [term]):
        taken_back = choose(with_term(query, term), [term], [])
        assert project.select(taken_back) == project.select(query)


@given(queries())
@ON_A_PROJECT
def test_another_order_finds_the_same_pictures(project: Project, query: str) -> None:
    ordered = sorted_by(query, "-id")
    assert list(project.select(ordered)) == sorted(project.select(query), reverse=True)
    assert parse(sorted_by(query, "")).where == parse(query).where
