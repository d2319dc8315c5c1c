"""Scores of a tagger: what is kept of them, thresholds, and what is proposed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from curator.core.tag_scores import LEAST, Scores, Thresholds, mcut, ordered, packed, scored
from curator.core.tagger_records import Scored, Tagger, TagGroup

TAGS = (
    *(("general", "rating"), ("sensitive", "rating"), ("questionable", "rating")),
    *(("explicit", "rating"), ("1girl", "general"), ("long hair", "general")),
    *(("^_^", "general"), ("hat", "general"), ("miku (append)", "character")),
    *(("rin", "character"), ("vocaloid", "copyright"), ("best quality", "quality")),
)
TAGGER = Tagger("ab" * 32, "wd", tuple(t for t, _ in TAGS), tuple(g for _, g in TAGS))
USUAL = Thresholds()


def picture(**found: float) -> NDArray[np.float32]:
    """Scores by tag, with underscores for spaces; all others are 0."""
    by_tag = {tag.replace("_", " "): score for tag, score in found.items()}
    assert by_tag.keys() <= set(TAGGER.tags)
    return np.array([by_tag.get(tag, 0) for tag in TAGGER.tags], np.float32)


def of(*pictures: NDArray[np.float32]) -> Scores:
    kept = [scored(TAGGER, n + 1, "", one) for n, one in enumerate(pictures)]
    return Scores(TAGGER, [(one.image_id, *one.cuts, one.scores) for one in kept])


def proposed(scores: Scores, thresholds: Thresholds = USUAL, *undesired: str) -> list[str]:
    return [one.tag for one in scores.of(1, scores.proposed(thresholds, undesired))]


def test_what_is_kept_is_what_is_not_low_to_a_hundred_thousandth() -> None:
    one = of(picture(hat=0.351, rin=0.049, long_hair=0.06))
    found = one.of(1)
    assert [(f.tag, f.group) for f in found] == [("long hair", "general"), ("hat", "general")]
    assert found[1].score == pytest.approx(0.351, abs=2e-5)
    assert one.of(2) == []


def test_general_tags_and_characters_have_their_own_thresholds() -> None:
    one = of(picture(hat=0.36, long_hair=0.34, rin=0.86, vocaloid=0.84))
    assert proposed(one) == ["hat", "rin"]
    assert proposed(one, Thresholds(0.3, 0.8)) == ["long hair", "hat", "rin", "vocaloid"]


def test_ratings_and_quality_are_proposed_only_with_a_threshold_of_their_own() -> None:
    one = of(picture(explicit=0.99, best_quality=0.99, hat=0.9))
    assert proposed(one) == ["hat"]
    own = Thresholds(per_tag={"Best_Quality": 0.5, "hat": 0.95})
    assert proposed(one, own) == ["best quality"]


def test_undesired_tags_are_never_proposed_however_they_are_spelled() -> None:
    one = of(picture(long_hair=0.9, hat=0.9))
    assert proposed(one, Thresholds(), "LONG_HAIR") == ["hat"]
    assert proposed(one, Thresholds(per_tag={"hat": 0.1}), "hat") == ["long hair"]
    assert proposed(one, Thresholds(), "*hair", "unheard of") == ["hat"]


def test_mcut_cuts_each_picture_where_its_scores_fall_most() -> None:
    one = picture(**{"1girl": 0.9, "long_hair": 0.3, "hat": 0.2, "rin": 0.4})
    other = picture(**{"1girl": 0.9, "long_hair": 0.85, "hat": 0.1, "rin": 0.12})
    scores = of(one, other)
    among = scores.proposed(Thresholds(mcut=True))
    assert [f.tag for f in scores.of(1, among)] == ["1girl", "rin"]
    assert [f.tag for f in scores.of(2, among)] == ["1girl", "long hair"]
    own = scores.proposed(Thresholds(mcut=True, per_tag={"hat": 0.15}))
    assert "hat" in [f.tag for f in scores.of(1, own)]


def _mcut_of_the_reference(probs: NDArray[np.float32]) -> float:
    """As the taggers' demonstration has it."""
    falling = probs[probs.argsort()[::-1]]
    gaps = falling[:-1] - falling[1:]
    t = gaps.argmax()
    return float((falling[t] + falling[t + 1]) / 2)


@given(st.lists(st.floats(0, 1, width=32), min_size=2, max_size=30))
def test_mcut_is_that_of_the_reference(values: list[float]) -> None:
    probs = np.array(values, np.float32)
    assert mcut(probs) == _mcut_of_the_reference(probs)


@given(st.lists(st.floats(0, 1, width=16), min_size=12, max_size=12), st.floats(0.05, 1))
def test_thresholds_mean_the_same_for_kept_scores_as_for_whole_ones(
    values: list[float], limit: float
) -> None:
    one = np.array(values, np.float32)
    scores = of(one)
    limits = Thresholds(limit, limit)
    groups = (TagGroup.GENERAL, TagGroup.CHARACTER, TagGroup.COPYRIGHT)
    near = {tag for tag, v in zip(TAGGER.tags, values, strict=True) if abs(v - limit) < 2e-5}
    by_hand = {t for (t, g), v in zip(TAGS, values, strict=True) if g in groups and v > limit}
    assert by_hand - near <= set(proposed(scores, limits)) <= by_hand | near


def test_the_safest_or_least_safe_rating_is_the_highest() -> None:
    assert scored(TAGGER, 1, "", picture(general=0.3, explicit=0.6)).safety == "explicit"
    no_ratings = Tagger("cd", "dd", ("hat",), ("general",))
    assert scored(no_ratings, 1, "", np.array([0.5], np.float32)).safety == ""


def test_odd_numbers_do_no_harm() -> None:
    odd = np.array([np.nan, 2, -1, np.inf, *[0] * 8], np.float32)
    kept: Scored = scored(TAGGER, 1, "", odd)
    found = {f.tag: f.score for f in Scores(TAGGER, [(1, *kept.cuts, kept.scores)]).of(1)}
    assert found == {"sensitive": 1, "explicit": 1}
    assert packed(np.array([LEAST - 0.001], np.float32)) == b""


def test_the_scores_of_a_tag_are_told_for_every_picture() -> None:
    scores = of(picture(hat=0.5), picture(rin=0.9))
    assert scores.of_tag("Hat") == [(1, pytest.approx(0.5, abs=1e-4)), (2, 0.0)]
    assert scores.of_tag("unheard of") == [(1, 0.0), (2, 0.0)]
    assert Scores(TAGGER, ()).of_tag("hat") == []


def test_found_tags_stand_in_the_order_of_the_model_or_the_surest_first() -> None:
    found = of(picture(long_hair=0.5, hat=0.9)).of(1)
    assert [f.tag for f in ordered(found, by_score=False)] == ["long hair", "hat"]
    assert [f.tag for f in ordered(found, by_score=True)] == ["hat", "long hair"]
