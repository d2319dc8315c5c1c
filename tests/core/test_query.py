"""The query language as people type it: what each query means, and what a wrong one is told."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from curator.core.query import MAX_CHARACTERS, parse
from curator.core.query_terms import FIELDS, written
from curator.core.query_tree import (
    And,
    Flag,
    Node,
    Not,
    Or,
    Query,
    QueryError,
    Range,
    Sort,
    Text,
    Wild,
)


def word(text: str) -> Text:
    return Text("caption", (text,), anywhere=True)


def tag(text: str) -> Text:
    return Text("tag", (text,), anywhere=False)


MEANINGS: dict[str, Node | None] = {
    "": None,
    " \t": None,
    "cat": word("cat"),
    "it's": word("it's"),
    '"looking at viewer"': word("looking at viewer"),
    "'a cat'": word("a cat"),
    "3:2": word("3:2"),
    ":d": word(":d"),
    '"re:zero"': word("re:zero"),
    r"5\*": word("5*"),
    r"smile\(\)": word("smile()"),
    r'"miku \(append\)"': word(r"miku \(append\)"),
    r"path:C:\photos": Text("path", (r"C:\photos",), anywhere=True),
    "cat dog": And((word("cat"), word("dog"))),
    "-cat": Not(word("cat")),
    "--cat": word("cat"),
    "-(a b)": Not(And((word("a"), word("b")))),
    "a -b or c": Or((And((word("a"), Not(word("b")))), word("c"))),
    "tag:=_=": tag("=_="),
    "tag:>_<": tag(">_<"),
    "TAG:Cat": tag("Cat"),
    "a?c*": Text("caption", ("a", Wild.ONE, "c", Wild.ANY), anywhere=True),
    "set:Red*": Text("set", ("Red", Wild.ANY), anywhere=False),
    "format:JPG": Text("format", ("jpeg",), anywhere=False),
    "reason:blurry": Text("reason", ("blurry",), anywhere=False),
    "rating:1": Range("rating", 1, 2),
    "rating:>=1": Range("rating", 1, None),
    "rating:supporting": Range("rating", 2, 3),
    "rating:!=primary": Not(Range("rating", 1, 2)),
    "-rating:!=1": Range("rating", 1, 2),
    "is:primary": And((Range("rating", 1, 2), Not(Flag("rejected")))),
    "is:unrated": And((Range("rating", 0, 1), Not(Flag("rejected")))),
    "is:undecided": And((Range("rating", 0, 1), Not(Flag("rejected")))),
    "is:Rejected": Flag("rejected"),
    "width:<512": Range("width", None, 512),
    "width:<=512": Range("width", None, 513),
    "width:512..1024": Range("width", 512, 1025),
    "width:..1024": Range("width", None, 1025),
    "width:1024..": Range("width", 1024, None),
    'height:"512"': Range("height", 512, 513),
    "id:3,7..9": Or((Range("id", 3, 4), Range("id", 7, 10))),
    "area:>512x512": Range("area", 512 * 512 + 1, None),
    "area:>=1.5mp": Range("area", 1_500_000, None),
    "ratio:3:2": Range("ratio", 150, 151),
    "ratio:>1.5": Range("ratio", 151, None),
    "ratio:16/9": Range("ratio", 178, 179),
    "added:>2026-01-01": Range("added", date(2026, 1, 2), None),
    "added:2026-12": Range("added", date(2026, 12, 1), date(2027, 1, 1)),
    "taken:<2025": Range("taken", None, date(2025, 1, 1)),
    "taken:2025..2026-02": Range("taken", date(2025, 1, 1), date(2026, 3, 1)),
    "sort:name": None,
}

# As its documentation describes them.
TAGGUI: dict[str, Node] = {
    "tag:cat": tag("cat"),
    'tag:"orange cat"': tag("orange cat"),
    "tag:'orange cat'": tag("orange cat"),
    r'tag:"orange \"cat\""': tag('orange "cat"'),
    "tag:'orange \"cat\"'": tag('orange "cat"'),
    "tag: cat": tag("cat"),
    "tag:*cat": Text("tag", (Wild.ANY, "cat"), anywhere=False),
    r"tag:\*cat": tag("*cat"),
    "caption:cat": word("cat"),
    "name:cat": Text("name", ("cat",), anywhere=True),
    "path:cat": Text("path", ("cat",), anywhere=True),
    "size:512:768": And((Range("width", 512, 513), Range("height", 768, 769))),
    "size:512x768": And((Range("width", 512, 513), Range("height", 768, 769))),
    "tags:=13": Range("tags", 13, 14),
    "tags:==13": Range("tags", 13, 14),
    "tags:!=7": Not(Range("tags", 7, 8)),
    "chars:<100": Range("chars", None, 100),
    "tokens: > 75": Range("tokens", 76, None),
    "stars:>=4": Range("stars", 4, None),
    "width:>512": Range("width", 513, None),
    "height:=1024": Range("height", 1024, 1025),
    "NOT tag:cat": Not(tag("cat")),
    "tag:cat and not tag:dog": And((tag("cat"), Not(tag("dog")))),
    "tag:a OR tag:b AND tag:c": Or((tag("a"), And((tag("b"), tag("c"))))),
    "tag:cat AND (tag:orange OR tag:white)": And((tag("cat"), Or((tag("orange"), tag("white"))))),
    "NOT(tag:cat)": Not(tag("cat")),
}


@pytest.mark.parametrize("text", MEANINGS)
def test_a_query_means_what_it_says(text: str) -> None:
    assert parse(text).where == MEANINGS[text]


@pytest.mark.parametrize("text", TAGGUI)
def test_a_taggui_filter_means_the_same_here(text: str) -> None:
    assert parse(text).where == TAGGUI[text]


def test_orders_are_lifted_out_of_the_conditions_in_their_sequence() -> None:
    query = parse("cat sort:-added AND (dog sort:random(Seven))")
    assert query == Query(
        And((word("cat"), word("dog"))), (Sort("added", True), Sort("random", seed="seven"))
    )


def test_every_example_in_the_hints_can_be_typed() -> None:
    for field in FIELDS.values():
        for typed in field.example.split(" (")[0].replace(", ", " or ").split(" or "):
            parse(typed)


ERRORS = {
    # query: (position, part of the message, part of the hint)
    "cat raiting:5": (4, '"raiting:"', 'Did you mean "rating:"?'),
    "zzz:1": (0, '"zzz:"', "tag, caption"),
    "re:zero": (0, '"re:"', "in quotes"),
    "is:rejcted": (3, '"rejcted"', '"rejected"'),
    "is:wonderful": (3, '"wonderful"', "uncaptioned"),
    "reason:blury": (7, '"blury"', '"blurry"'),
    "sort:nam": (5, '"nam"', '"name"'),
    "rating:5": (7, '"5"', "stars:"),
    "stars:6": (6, '"6"', "stars:>=4"),
    "width:big": (6, '"big"', "width:<512"),
    "width:5..2": (6, "backwards", "Swap"),
    "width:>5..9": (6, ">5..9", "range"),
    "width:..": (6, "..", "range"),
    "width:1,,2": (6, '""', "width:<512"),
    "width:9999999999999999": (6, "9999999999999999", "width:<512"),
    "ratio:1:0": (6, "1:0", "ratio:3:2"),
    "size:512": (5, "512", "size:512x768"),
    "taken:2025-02-30": (6, "2025-02-30", "taken:2025"),
    "added:1900": (6, "1900", "added:"),
    "format:!=png": (7, "!=", "minus"),
    'tag:="cat"': (4, "=", "minus"),
    "a tag:": (2, "needs a value", 'tag:"long hair"'),
    'tag:""': (0, "needs a value", 'tag:"long hair"'),
    'a ""': (2, "between the quotes", "Write"),
    'a "b': (2, "never closed", 'Add "'),
    "tag:'b": (4, "never closed", "Add '"),
    "(a (b)": (0, "never closed", "Add a )"),
    "a)": (1, "closes nothing", "Remove"),
    "a ()": (3, "between the parentheses", "Write"),
    "a OR": (2, "missing", '"OR" in quotes'),
    "a or or b": (2, "missing", '"or" in quotes'),
    "and b": (0, "missing", '"and" in quotes'),
    "a (or b)": (3, "missing", '"or" in quotes'),
    "a not": (2, "missing", '"not" in quotes'),
    "(a -)": (3, "missing", '"-" in quotes'),
    "a - b": (2, "minus", "-word"),
    "miku_(append)": (5, "middle", "quotes"),
    "a OR sort:name": (5, "no condition", "end of the query"),
    "-sort:name": (1, "no condition", "sort:-name"),
    "a\0b": (1, "no text can hold", "?"),
    "a \udc80": (2, "no text can hold", "?"),
    "(" * 101 + "a" + ")" * 101: (100, "deep", "Simplify"),
    "a " * 5000: (MAX_CHARACTERS, "longer", "Split"),
}


@pytest.mark.parametrize("text", ERRORS, ids=lambda text: text[:20].encode("unicode_escape"))
def test_a_wrong_query_is_told_where_and_what_would_be_right(text: str) -> None:
    position, says, hint = ERRORS[text]
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.position == position
    assert says in caught.value.message
    assert f"at character {position + 1}" in caught.value.message
    assert hint.lower() in caught.value.hint.lower()


PIECES = st.sampled_from(
    [
        *(f"{name}:" for name in FIELDS),
        *("and", "OR", "not", "-", "(", ")", '"', "'", "\\", "*", "?", ">=", "!=", "..", ",", ":"),
        *(" ", " ", "1", "512", "2026-01", "primary", "name", "cat", "é"),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join)))
@example("sort:random(")
@example("tag:\\")
def test_any_text_is_read_or_told_where_it_is_wrong(text: str) -> None:
    wrong = None
    try:
        parse(text)
    except QueryError as error:
        wrong = error
    if wrong is not None:
        assert 0 <= wrong.position < len(text)
        assert wrong.hint
        assert "Unexpected" not in wrong.message


WRITABLE = st.characters(exclude_characters="\0", exclude_categories=["Cs"])


@given(st.text(WRITABLE, min_size=1, max_size=50))
def test_a_quoted_text_is_looked_for_as_it_is(text: str) -> None:
    quoted = "".join("\\" + c if c in '\\"*?' else c for c in text)
    assert parse(f'"{quoted}"').where == word(text)


@given(st.text(min_size=1, max_size=50).filter(str.strip))
@example("and")
@example('=_="')
@example("random(7)")
def test_a_written_value_stands_for_its_text(text: str) -> None:
    odd = [c for c in text if c == "\0" or "\ud800" <= c <= "\udfff"]
    assume(not odd)
    assert parse(f"set:{written(text)}").where == Text("set", (text,), anywhere=False)


def test_a_written_value_has_a_wildcard_for_what_no_query_can_hold() -> None:
    found = parse("tag:" + written("a*\0")).where
    assert found == Text("tag", ("a*", Wild.ONE), anywhere=False)


def test_depth_costs_no_recursion() -> None:
    assert parse("-" * 5001 + "cat").where == Not(word("cat"))
    parse(" ".join(["cat"] * 1900))
