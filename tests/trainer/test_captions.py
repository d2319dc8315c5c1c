"""Captions are dropped and arranged in sd-scripts' order, by chance that a resume draws again."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.buckets import BucketRule
from trainer.captions import Showing, caption_for, captions_of, steady_caption
from trainer.subsets import Subset

PLAIN = Subset(
    image_dir=Path("5_cat"),
    num_repeats=5,
    class_tokens="cat",
    is_reg=False,
    rule=BucketRule(),
)
SHUFFLED = replace(PLAIN, shuffle_caption=True, keep_tokens=1)
CAPTION = "fr3dd1e, hat, smile, outdoors, night"
FIRST = Showing(1, 0, 0, 0)


def seen(subset: Subset, caption: str = CAPTION, count: int = 60) -> set[str]:
    return {caption_for(caption, subset, Showing(1, epoch, 0, 0)) for epoch in range(count)}


def test_a_plain_caption_stays_as_it_is_written() -> None:
    assert caption_for("a ,b,,  c", PLAIN, FIRST) == "a ,b,,  c"


def test_the_kept_tags_stay_in_front_and_the_rest_moves() -> None:
    found = seen(SHUFFLED)
    assert len(found) > 10
    assert all(text.startswith("fr3dd1e, ") for text in found)
    assert {tuple(sorted(text.split(", "))) for text in found} == {
        tuple(sorted(CAPTION.split(", ")))
    }


def test_the_same_showing_always_gets_the_same_caption() -> None:
    showing = Showing(9, 8, 7, 6)
    assert caption_for(CAPTION, SHUFFLED, showing) == caption_for(CAPTION, SHUFFLED, showing)


def test_dropout_leaves_about_its_share_of_captions_empty() -> None:
    subset = replace(SHUFFLED, caption_dropout_rate=0.25)
    dropped = sum(caption_for(CAPTION, subset, Showing(0, 0, at, 0)) == "" for at in range(2000))
    assert 400 < dropped < 600


def test_dropout_of_everything_and_of_nothing_is_exact() -> None:
    assert caption_for(CAPTION, replace(PLAIN, caption_dropout_rate=1.0), FIRST) == ""
    assert caption_for(CAPTION, PLAIN, FIRST) == CAPTION


def test_every_nth_epoch_has_no_captions_and_the_first_one_has() -> None:
    subset = replace(PLAIN, caption_dropout_every_n_epochs=3)
    found = [caption_for("a", subset, Showing(1, epoch, 0, 0)) for epoch in range(7)]
    assert found == ["a", "a", "", "a", "a", "", "a"]


def test_text_before_and_after_belongs_to_the_tags() -> None:
    subset = replace(SHUFFLED, caption_prefix="photo of", caption_suffix="outdoors")
    assert caption_for("a, b", replace(subset, shuffle_caption=False), FIRST) == (
        "photo of a, b outdoors"
    )
    assert seen(subset, "a, b, c") == {"photo of a, b, c outdoors", "photo of a, c outdoors, b"}


def test_wildcards_choose_words_and_escaped_brackets_stay() -> None:
    subset = replace(PLAIN, enable_wildcard=True)
    assert seen(subset, "a {red|green} {{hat}}") == {"a red {hat}", "a green {hat}"}
    assert seen(PLAIN, "a {red|green}") == {"a {red|green}"}


def test_one_line_of_several_is_chosen_and_each_has_its_prefix() -> None:
    subset = replace(PLAIN, enable_wildcard=True, caption_prefix="x")
    assert seen(subset, "one\ntwo") == {"x one", "x two"}
    assert seen(replace(subset, exactly_as_sd_scripts=True), "one\ntwo") == {"x one", "two"}


def test_marks_keep_what_is_before_the_first_and_behind_the_second() -> None:
    subset = replace(SHUFFLED, keep_tokens=0, keep_tokens_separator="|||")
    found = seen(subset, "a, b ||| c, d, e ||| f")
    assert found == {f"a, b, {', '.join(order)}, f" for order in permutations("cde")}
    assert seen(subset, "a ||| b, c") == {"a, b, c", "a, c, b"}


def test_marks_leave_a_caption_that_is_not_shuffled_unless_it_is_to_be_exact() -> None:
    subset = replace(PLAIN, keep_tokens_separator="|||")
    assert caption_for("a ||| b", subset, FIRST) == "a, b"
    assert caption_for("a ||| b", replace(subset, exactly_as_sd_scripts=True), FIRST) == "a ||| b"


@pytest.mark.parametrize(
    ("step", "expected"), [(0, "a, b"), (2, "a, b"), (4, "a, b, c"), (9, "a, b, c, d"), (10, "")]
)
def test_warm_up_lets_captions_grow_in_their_order(step: int, expected: str) -> None:
    subset = replace(PLAIN, keep_tokens=1, token_warmup_step=10, token_warmup_min=1)
    found = caption_for("a, b, c, d, e", subset, Showing(1, 0, 0, 0, step, 100))
    assert found == (expected or "a, b, c, d, e")  # floor(step (4 - 1) / 10) + 1 free tags
    share = replace(subset, token_warmup_step=0.1)
    assert caption_for("a, b, c, d, e", share, Showing(1, 0, 0, 0, step, 100)) == found


def test_tag_dropout_spares_kept_tags_and_drops_its_share() -> None:
    subset = replace(PLAIN, keep_tokens=1, caption_tag_dropout_rate=0.25)
    found = [caption_for(CAPTION, subset, Showing(1, at, 0, 0)) for at in range(1000)]
    assert all(text.startswith("fr3dd1e") for text in found)
    assert 2800 < sum(text.count(",") for text in found) < 3200  # of 4,000
    assert caption_for(CAPTION, replace(subset, caption_tag_dropout_rate=1.0), FIRST) == "fr3dd1e"


def test_tags_joined_by_the_second_separator_move_as_one() -> None:
    subset = replace(SHUFFLED, keep_tokens=0, secondary_separator=";;;")
    assert seen(subset, "a;;;b, c") == {"a,b, c", "c, a,b"}


def test_another_separator_splits_tags() -> None:
    subset = replace(SHUFFLED, keep_tokens=0, caption_separator=";")
    assert seen(subset, "a, b; c") == {"a, b, c", "c, a, b"}


def test_a_pinned_trigger_is_added_or_stays_in_front() -> None:
    pinned = replace(PLAIN, pinned_trigger="fr3dd1e")
    assert caption_for("hat, smile", pinned, FIRST) == "fr3dd1e, hat, smile"
    assert caption_for("", pinned, FIRST) == "fr3dd1e"
    assert caption_for("a photo of fr3dd1e, smiling", pinned, FIRST) == (
        "a photo of fr3dd1e, smiling"
    )
    moving = replace(pinned, shuffle_caption=True, caption_tag_dropout_rate=0.5)
    assert all(text.startswith("old fr3dd1e") for text in seen(moving, "hat, old fr3dd1e, x"))
    assert all(text.startswith("fr3dd1e") for text in seen(moving, "hat, fr3dd1es, x"))
    assert caption_for("hat", replace(pinned, caption_dropout_rate=1.0), FIRST) == ""


def test_so_many_variants_are_all_there_is() -> None:
    subset = replace(SHUFFLED, caption_variants=4, caption_dropout_rate=0.2)
    everything = captions_of(CAPTION, subset, 1, 0)
    assert seen(subset, count=200) == everything
    assert "" in everything
    assert 2 <= len(everything) <= 5
    assert captions_of(CAPTION, PLAIN, 1, 0) == {CAPTION}


def test_validation_reads_captions_without_chance() -> None:
    subset = replace(
        SHUFFLED, caption_tag_dropout_rate=0.9, pinned_trigger="x", caption_dropout_rate=0.9
    )
    assert steady_caption("a, b, c", subset) == "x, a, b, c"
    wild = steady_caption("{a|b}\n{c|d}", replace(subset, enable_wildcard=True))
    assert wild in {f"x, {letter}" for letter in "abcd"}


@given(st.lists(st.text(alphabet="ab \t", max_size=4), max_size=8), st.integers(0, 9))
def test_shuffling_loses_no_tag(tags: list[str], keep: int) -> None:
    subset = replace(SHUFFLED, keep_tokens=keep)
    real = [tag.strip() for tag in tags if tag.strip()]
    result = caption_for(",".join(tags), subset, Showing(3, 0, 0, 0))
    parts = result.split(", ") if result else []
    assert sorted(parts) == sorted(real)
    assert parts[:keep] == real[:keep]
