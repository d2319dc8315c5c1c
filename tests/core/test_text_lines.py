"""Texts in one piece of memory: what a search finds is what a look at each text finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.text_lines import TextLines

texts = st.text(st.sampled_from("ab -é漢"), max_size=6)


@given(st.lists(texts, max_size=12), st.text(st.sampled_from("ab -é漢"), min_size=1, max_size=3))
def test_a_search_finds_each_place_of_each_text(lines: list[str], needle: str) -> None:
    found = TextLines.of(lines)
    places = found.find(needle)
    expected = [
        (row, at == 0, text[at:] == needle)
        for row, text in enumerate(lines)
        for at in range(len(text))
        if text.startswith(needle, at)
    ]
    rows = found.rows(places).tolist()
    begins, ends = found.begin(places).tolist(), found.end(places, needle).tolist()
    assert list(zip(rows, begins, ends, strict=True)) == expected


@given(st.lists(texts, max_size=12))
def test_texts_come_back_as_they_were(lines: list[str]) -> None:
    found = TextLines.of(lines)
    assert found.all() == lines
    assert [found[row] for row in range(len(found))] == lines


def test_a_word_begins_after_blanks_hyphens_and_parentheses() -> None:
    found = TextLines.of(["hair", "long hair", "x-hair", "(hair)", "mohair"])
    assert found.begin_word(found.find("hair")).tolist() == [True, True, True, True, False]


def test_a_search_for_a_few_places_ends_early_in_very_many_texts() -> None:
    found = TextLines.of(["hair"] * 300_000)
    assert 5 <= len(found.find("hair", 5)) < 300_000
    assert len(found.find("hair")) == 300_000


def test_a_needle_over_the_border_of_two_parts_is_found_once() -> None:
    found = TextLines.of(["x" * ((1 << 19) - 5) + "needle" + "x" * 50])
    assert len(found.find("needle")) == 1


@given(st.lists(texts, max_size=12), st.lists(texts.filter(bool), max_size=3))
def test_rows_hold_all_words_that_their_text_has(lines: list[str], words: list[str]) -> None:
    found = TextLines.of(lines).holding(range(len(lines)), words)
    assert found == [n for n, text in enumerate(lines) if all(word in text for word in words)]
