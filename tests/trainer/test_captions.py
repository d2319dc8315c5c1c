"""Captions are dropped and shuffled by chance that a resume draws again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from trainer.buckets import BucketRule
from trainer.captions import caption_for, is_flipped
from trainer.subsets import Subset

PLAIN = Subset(
    image_dir=Path("5_cat"),
    num_repeats=5,
    class_tokens="cat",
    is_reg=False,
    caption_extension=".txt",
    shuffle_caption=False,
    keep_tokens=0,
    caption_dropout_rate=0.0,
    flip_aug=False,
    rule=BucketRule(),
)
SHUFFLED = replace(PLAIN, shuffle_caption=True, keep_tokens=1)
CAPTION = "fr3dd1e, hat, smile, outdoors, night"


def test_a_plain_caption_stays_as_it_is_written() -> None:
    assert caption_for("a ,b,,  c", PLAIN, 1, 2, 3) == "a ,b,,  c"


def test_the_kept_tags_stay_in_front_and_the_rest_moves() -> None:
    seen = {caption_for(CAPTION, SHUFFLED, 1, epoch, 0, 0) for epoch in range(50)}
    assert len(seen) > 10
    assert all(text.startswith("fr3dd1e, ") for text in seen)
    assert {tuple(sorted(text.split(", "))) for text in seen} == {
        tuple(sorted(CAPTION.split(", ")))
    }


def test_the_same_showing_always_gets_the_same_caption() -> None:
    assert caption_for(CAPTION, SHUFFLED, 9, 8, 7) == caption_for(CAPTION, SHUFFLED, 9, 8, 7)


def test_dropout_leaves_about_its_share_of_captions_empty() -> None:
    subset = replace(SHUFFLED, caption_dropout_rate=0.25)
    dropped = sum(caption_for(CAPTION, subset, 0, at) == "" for at in range(2000))
    assert 400 < dropped < 600


def test_dropout_of_everything_and_of_nothing_is_exact() -> None:
    assert caption_for(CAPTION, replace(PLAIN, caption_dropout_rate=1.0), 1) == ""
    assert caption_for(CAPTION, PLAIN, 1) == CAPTION


def test_flipping_is_by_chance_and_only_where_it_is_asked_for() -> None:
    flips = sum(is_flipped(replace(PLAIN, flip_aug=True), 0, at) for at in range(2000))
    assert 900 < flips < 1100
    assert not any(is_flipped(PLAIN, 0, at) for at in range(100))


@given(st.lists(st.text(alphabet="ab \t", max_size=4), max_size=8), st.integers(0, 9))
def test_shuffling_loses_no_tag(tags: list[str], keep: int) -> None:
    subset = replace(SHUFFLED, keep_tokens=keep)
    real = [tag.strip() for tag in tags if tag.strip()]
    result = caption_for(",".join(tags), subset, 3)
    parts = result.split(", ") if result else []
    assert sorted(parts) == sorted(real)
    assert parts[:keep] == real[:keep]
