"""Reading captions: tags without changing the text, and CLIP's own token counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.captions import (
    CLIP_FILES,
    count_tokens,
    differing,
    join_tags,
    split_all,
    split_caption,
    split_tags,
    token_pieces,
    training_line,
    with_tags,
    with_text,
)

CAPTIONS = [
    "",
    " ",
    ",",
    "a photo of a cat",
    "photo of fr3dd1e,  1girl, (solo:1.2), looking at viewer",
    "A CAT'S Whiskers, it's here, they'll've gone, I'm, don't",
    "naïve café, e\u0301clair, STRASSE straße İstanbul ΑΣ",
    "日本語のキャプション, 猫",
    "emoji 🐈‍⬛ and 👍🏽, ½ ² 12345",
    "tabs\tand\nnew\r\nlines\u00a0and\u3000wide spaces",
    "<|startoftext|>mine<|endoftext|> <|EndOfText|>",
    ">_< ^_^ :d ... !!! ###",
    "word " * 100,
]


def test_tags_are_what_stands_between_commas() -> None:
    assert split_tags(" a cat ,, sitting, on  a mat ,") == ["a cat", "sitting", "on  a mat"]


def test_a_caption_without_text_has_no_tags() -> None:
    assert split_tags("") == split_tags(" , \n,") == []


@given(st.text())
def test_tags_are_trimmed_parts_of_the_caption(caption: str) -> None:
    tags = split_tags(caption)
    assert tags == split_tags(split_caption(caption)[0])
    assert all(tag and tag == tag.strip() and tag in caption for tag in tags)


@given(st.text())
def test_joining_the_tags_of_a_caption_keeps_the_tags(caption: str) -> None:
    tags = split_tags(caption)
    assert split_tags(join_tags(tags)) == tags


@given(st.text())
def test_giving_a_caption_its_own_tags_or_text_changes_nothing(caption: str) -> None:
    assert with_tags(caption, split_tags(caption)) == caption
    text = split_caption(caption)[1]
    assert with_text(caption, text) == caption or not text.strip()


@given(st.text(), st.lists(st.text(min_size=1)))
def test_a_caption_holds_the_tags_that_it_was_given(caption: str, texts: list[str]) -> None:
    tags = [tag for text in texts for tag in split_tags(text)]
    new = with_tags(caption, tags)
    assert split_tags(new) == tags
    assert split_caption(new)[1] == split_caption(caption)[1]


def test_tags_that_stay_are_written_as_before() -> None:
    assert with_tags("a,b ,  (c:1.2),d_e", ["a", "(c:1.2)", "d_e"]) == "a,  (c:1.2),d_e"
    assert with_tags("a,b", ["b", "new", "a"]) == "b, new,a"
    assert with_tags("a, b\r\nA text, of two.", ["b"]) == "b\r\nA text, of two."
    assert with_tags("a, b", ["new", "a", "b"]) == "new, a, b"
    assert with_tags("a", ["b", "a"]) == "b, a"


def test_trainers_get_tags_and_text_in_one_line() -> None:
    assert training_line("a, b\nA text, of\n two lines.") == "a, b, A text, of two lines."
    assert training_line("\nonly text") == "only text"
    assert training_line(" a ,b,") == "a ,b,"
    assert training_line("a,\n\n") == "a,"


def test_known_captions_have_known_token_counts() -> None:
    assert count_tokens(["", "a photo of a cat", "a, b", "1024"]) == [0, 5, 3, 4]


def test_every_count_stands_where_its_text_stood() -> None:
    assert count_tokens(CAPTIONS) == [count_tokens([caption])[0] for caption in CAPTIONS]
    assert count_tokens([]) == []


def test_counts_equal_those_of_transformers() -> None:
    clip = pytest.importorskip("transformers").CLIPTokenizer.from_pretrained(Path(CLIP_FILES))
    theirs = [len(clip(caption).input_ids) - 2 for caption in CAPTIONS]
    assert count_tokens(CAPTIONS) == theirs


def test_counts_equal_those_of_transformers_for_any_text() -> None:
    clip = pytest.importorskip("transformers").CLIPTokenizer.from_pretrained(Path(CLIP_FILES))

    @given(st.text(max_size=80))
    def agree(text: str) -> None:
        assert count_tokens([text]) == [len(clip(text).input_ids) - 2]

    agree()


@given(st.lists(st.text("ab1'(): é", min_size=1, max_size=6).filter(str.strip), max_size=6))
def test_the_tokens_of_a_list_of_tags_are_the_pieces_of_its_text(tags: list[str]) -> None:
    text = join_tags(tags)
    assert count_tokens([text]) == [len(token_pieces(text))]


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_what_goes_and_comes_is_what_only_one_of_two_captions_has(
    one: list[str], other: list[str]
) -> None:
    for new in (other, one + other, one[: len(other)]):
        old_tags, new_tags = split_all([join_tags(one), join_tags(new)])
        assert differing(old_tags, new_tags) == (set(one) - set(new), set(new) - set(one))


def test_the_pieces_of_a_word_are_its_tokens() -> None:
    assert token_pieces("Fr3dd1e") == ["Fr", "3", "dd", "1", "e"]
    assert token_pieces("") == []
    assert len(token_pieces("photo of fr3dd1e")) == count_tokens(["photo of fr3dd1e"])[0]


def test_a_first_tag_that_moves_back_gets_the_blank_that_the_others_have() -> None:
    assert with_tags("a, b", ["new", "a", "b"]) == "new, a, b"
    assert with_tags("a,b", ["new", "b", "a"]) == "new,b,a"
    assert with_tags("a", ["b", "a"]) == "b, a"
