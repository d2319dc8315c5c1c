"""Where a caption fills its chunks of 75 tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.caption_chunks import CHUNK, chunks_of
from curator.core.captions import count_tokens, join_tags, training_line, with_text

WORDS = st.sampled_from(["smile", "red hair", "looking at viewer", "fr3dd1e", "(a:1.2)", "x"])


def test_a_short_caption_has_no_mark() -> None:
    chunks = chunks_of("smile, red hair\nShe sits.")
    assert (chunks.tags, chunks.room) == (2, CHUNK)
    assert not chunks.after_tags
    assert not chunks.in_text


def test_the_mark_stands_after_the_tag_with_which_the_chunk_is_full() -> None:
    tags = ["smile"] * 80  # two tokens each, with the comma
    chunks = chunks_of(join_tags(tags))
    assert chunks.tokens == 159
    assert chunks.after_tags == {37: 75, 74: 150}
    assert chunks.room == 225


def test_the_mark_stands_in_the_text_where_the_tags_leave_room() -> None:
    chunks = chunks_of(with_text("smile, hat", "dog " * 40 + "\n" + "cat " * 60))
    assert not chunks.after_tags
    assert chunks.in_text == {71: 75}


@given(st.lists(WORDS, max_size=60), st.lists(WORDS, max_size=60))
def test_all_tokens_are_counted_and_every_full_chunk_is_marked(
    tags: list[str], words: list[str]
) -> None:
    caption = with_text(join_tags(tags), " ".join(words))
    chunks = chunks_of(caption)
    assert [chunks.tokens] == count_tokens([training_line(caption)])
    marks = [*chunks.after_tags.values(), *chunks.in_text.values()]
    assert marks == list(range(CHUNK, chunks.tokens, CHUNK))
    assert all(0 <= place < len(tags) for place in chunks.after_tags)
    assert all(0 < number <= len(" ".join(words).split()) for number in chunks.in_text)
