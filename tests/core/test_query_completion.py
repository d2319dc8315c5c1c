"""What is offered while a query is typed, and that it fits in where it is put."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curator.core import edits
from curator.core.project import Project
from curator.core.query import parse
from curator.core.query_completion import MOST_TAGS, Completion, Vocabulary, complete
from curator.core.query_terms import FIELDS, IS_WORDS
from curator.core.query_tree import Text, Wild
from curator.core.records import ImageSet
from tests.helpers.projects import fill

WORDS = Vocabulary(
    sets=("beach", "red coat", 'the "best" *'),
    tags=(
        *(("solo", 1200), ("speed lines", 40), ("red eyes", 9), ("5*", 3), ("speech bubble", 2)),
        *((f"other {n}", 1) for n in range(20)),
    ),
    formats=("jpeg", "png"),
    buckets=(("512x512", 7), ("384x640", 3), ("512x768", 1)),
)


def offered(typed: str) -> list[str]:
    """The titles for a query with | where the cursor is."""
    cursor = typed.index("|")
    return [item.title for item in complete(typed.replace("|", ""), cursor, WORDS).items]


def completed(typed: str, title: str) -> str:
    """The query after the item with this title was chosen; | where the cursor is then."""
    cursor = typed.index("|")
    text = typed.replace("|", "")
    found = complete(text, cursor, WORDS)
    item = next(item for item in found.items if item.title == title)
    return f"{text[: found.start]}{item.text}|{text[found.end :]}"


def test_an_empty_query_offers_every_field_with_an_example() -> None:
    items = complete("", 0, WORDS).items
    assert [item.text for item in items] == [f"{name}:" for name in FIELDS]
    assert Completion("set:", "set:", "set:outfit*") in items


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("ra|", ["rating:", "ratio:"]),
        ("cat (-wid|", ["width:"]),
        ("ra|ting:1", ["ratio:"]),
        ("set:|", ["beach", "red coat", 'the "best" *']),
        ("SET:COAT|", ["red coat"]),
        ('set:"red|', ["red coat"]),
        ("set: bea|", ["beach"]),
        ("tag:eed|", ["speed lines"]),
        ('tag:"eed lin|', ["speed lines"]),
        ("tag:'eed lin|", ["speed lines"]),
        ('-tag:"spe| sort:name', ["speed lines", "speech bubble"]),
        (r"tag:5\*|", ["5*"]),
        ("format:|", ["jpeg", "png"]),
        ("format:P|", ["png"]),
        ("bucket:|", ["512x512", "384x640", "512x768"]),
        ("bucket:512x7|", ["512x768"]),
        ("is:un|", ["undecided", "unrated", "uncaptioned", "unmeasured"]),
        ("reason:subj|", ["wrong subject"]),
        ("rating:|", ["unrated", "primary", "supporting"]),
        ("rating:s|", ["supporting"]),
        ("sort:na|", ["name", "-name"]),
        ("sort:-na|", ["-name"]),
        ("sort:t|", ["taken", "-taken", "tags", "-tags", "tokens", "-tokens", "text", "-text"]),
        ("width:|", []),
        ("zzz:|", []),
        ("cat or|", []),
        ("tag:solo|", []),
        ('"speed li|', ["tag:speed lines"]),
    ],
)
def test_what_may_be_typed_at_the_cursor(typed: str, titles: list[str]) -> None:
    assert offered(typed) == titles


@pytest.mark.parametrize(
    ("typed", "title", "query"),
    [
        ("cat ra|", "rating:", "cat rating:|"),
        ("set:red|", "red coat", 'set:"red coat"|'),
        ("set:|", 'the "best" *', r'set:"the \"best\" \*"|'),
        ("set:re|d x", "red coat", 'set:"red coat"| x'),
        ('tag:"eed lin| rating:1', "speed lines", 'tag:"speed lines"| rating:1'),
        ('tag:"eed| set:"red coat"', "speed lines", 'tag:"speed lines"| set:"red coat"'),
        ('tag:"sp|eed" x', "speech bubble", 'tag:"speech bubble"| x'),
        ("(tag:'spe|')", "speed lines", '(tag:"speed lines"|)'),
        ("tag:| cat", "solo", "tag:solo| cat"),
        ("reason:w|", "wrong subject", 'reason:"wrong subject"|'),
        ("rating:p|", "primary", "rating:1|"),
        ("sort:-ad|", "-added", "sort:-added|"),
        ("sort:ran|dom(7)", "random", "sort:random|"),
        ("-eye|", "tag:red eyes", '-tag:"red eyes"|'),
    ],
)
def test_what_is_chosen_takes_the_place_of_what_was_typed(
    typed: str, title: str, query: str
) -> None:
    assert completed(typed, title) == query


def test_the_most_frequent_tags_come_first_and_not_too_many() -> None:
    items = complete("tag:", 4, WORDS).items
    assert len(items) == MOST_TAGS
    assert items[:2] == (
        Completion("solo", "solo", "1,200"),
        Completion('"speed lines"', "speed lines", "40"),
    )


def test_every_word_for_is_has_an_explanation() -> None:
    assert all(IS_WORDS.values())
    assert offered("is:|") == list(IS_WORDS)


PIECES = st.sampled_from(
    [
        *(f"{name}:" for name in FIELDS),
        *("and", "OR", "-", "(", ")", '"', "'", "\\", "*", " ", " ", "1", "spe", "eed lin", "é"),
    ]
)


@given(st.text() | st.lists(PIECES).map("".join), st.data())
@example("tag: ", None)
def test_any_text_is_completed_around_the_cursor(text: str, data: st.DataObject | None) -> None:
    cursor = data.draw(st.integers(0, len(text))) if data else len(text)
    found = complete(text, cursor, WORDS)
    assert 0 <= found.start <= cursor <= found.end <= len(text)
    assert all(item.text != text[found.start : found.end] for item in found.items)


@given(st.text(min_size=1).filter(str.strip))
@example('a "b" *\\')
@example("nul \0, half \ud800")
def test_a_tag_that_was_chosen_is_looked_for(tag: str) -> None:
    words = Vocabulary(tags=((tag, 1),))
    for typed in ("tag:", 'cat tag:"'):
        found = complete(typed, len(typed), words)
        [item] = found.items
        query = parse(f"{typed[: found.start]}{item.text} sort:name").where
        assert query is not None
        node = query if isinstance(query, Text) else query.parts[1]  # type: ignore[union-attr]
        assert isinstance(node, Text)
        assert "".join(p for p in node.pattern if p is not Wild.ONE) == "".join(
            c for c in tag if c != "\0" and not "\ud800" <= c <= "\udfff"
        )


def test_a_project_knows_what_its_queries_may_name(project: Project) -> None:
    images = fill(project, 3, ["sea, hat", "sea", "gone"])
    project.apply(edits.create_set(ImageSet(project.new_set_id(), "red coat")))
    project.apply(edits.remove_images(images[2:]))
    assert project.vocabulary() == Vocabulary(
        ("red coat",), (("sea", 2), ("hat", 1)), ("jpeg",), (("576x448", 2),)
    )
