"""Plans: what a preset or a command means for each picture."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curator.core.errors import UserError
from curator.core.recipe import Recipe
from curator.core.recipe_plans import (
    CropTo,
    PadTo,
    Plan,
    UpscaleTo,
    check_fill,
    plan_of,
    ratio_of,
    rows_of,
    steps_for,
    with_plan,
)
from curator.core.steps import Adjust, Turn, Upscale
from curator.core.training_fit import fit_of
from trainer.buckets import BucketRule, choose_bucket

RULE = BucketRule()
SIZES = st.tuples(st.integers(64, 3000), st.integers(64, 3000))
TO = st.sampled_from(["bucket", "square", "2:3", "512x768"])
PLANS = st.lists(
    st.one_of(
        st.builds(CropTo, TO),
        st.builds(PadTo, TO, st.sampled_from(["white", "edge"])),
        st.builds(UpscaleTo, st.sampled_from([0.0, 1.5])),
        st.builds(Turn, st.integers(0, 3)),
        st.just(Adjust(exposure=0.5)),
    ),
    max_size=4,
).map(tuple)


@given(SIZES)
def test_after_a_crop_to_its_bucket_and_an_upscale_a_picture_fills_it(
    size: tuple[int, int],
) -> None:
    steps = steps_for((CropTo("bucket"), UpscaleTo()), size, RULE)
    made = Recipe(steps).size_after(size)
    fit = fit_of(made, RULE)
    assert fit.scale <= 1.005
    assert fit.loss < 0.03


@given(SIZES)
@example((300, 233))  # 577 x 448, of which the training itself crops a pixel off
@example((97, 1003))
def test_a_picture_is_enlarged_to_just_what_a_training_resizes_it_to(size: tuple[int, int]) -> None:
    placement = choose_bucket(size, RULE)
    for step in steps_for((UpscaleTo(),), size, RULE):
        assert step.size_after(size) == placement.resized
    if size[0] * placement.bucket[1] == size[1] * placement.bucket[0]:
        assert placement.resized == placement.bucket


@given(SIZES)
def test_what_has_the_ratio_already_is_left_as_it_is(size: tuple[int, int]) -> None:
    steps = steps_for((PadTo("square"), CropTo("square"), PadTo("1:1")), size, RULE)
    assert len(steps) <= 1


def test_a_plan_is_made_of_the_picture_as_its_recipe_leaves_it() -> None:
    recipe = with_plan(Recipe((Turn(1),)), (CropTo("2:1", y=0),), (100, 200), RULE)
    assert recipe.steps == (Turn(1),)  # which has the ratio
    assert recipe.size_after((100, 200)) == (200, 100)


def test_a_picture_that_would_become_too_large_is_refused() -> None:
    with pytest.raises(UserError, match="40,000 x 400 pixels"):
        with_plan(Recipe(), (UpscaleTo(4),), (10_000, 100), RULE)
    assert steps_for((UpscaleTo(),), (100, 100), RULE) == (Upscale(5.12),)
    assert steps_for((UpscaleTo(),), (2000, 2000), RULE) == ()


@given(PLANS)
def test_a_plan_survives_json(plan: Plan) -> None:
    assert plan_of(json.loads(json.dumps(rows_of(plan)))) == plan


@pytest.mark.parametrize("rows", [[{}], [{"kind": "crop_to"}], ["x"], [{"kind": "pad_to", "a": 1}]])
def test_what_is_no_plan_is_a_sentence(rows: list[object]) -> None:
    with pytest.raises(UserError, match="preset"):
        plan_of(rows)  # type: ignore[arg-type]


@pytest.mark.parametrize("to", ["", "0:1", "2:3:4", "wide", "-1:2"])
def test_what_is_no_ratio_is_a_sentence(to: str) -> None:
    with pytest.raises(UserError, match="no ratio"):
        ratio_of(to, (10, 10), RULE)


def test_what_is_no_colour_is_a_sentence() -> None:
    assert [check_fill(fill) for fill in ("edge", "#336699")] == ["edge", "#336699"]
    with pytest.raises(UserError, match="no colour"):
        check_fill("colourless")
