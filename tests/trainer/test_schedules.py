"""Learning-rate schedules as functions of the step, by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.config import RunConfig
from trainer.optimizer_options import LR_SCHEDULERS
from trainer.schedules import SCHEDULES, Course, schedule_notes, schedule_of


def shares(name: str, steps: tuple[int, ...], course: Course) -> list[object]:
    return [pytest.approx(SCHEDULES[name](step, course)) for step in steps]


@given(
    st.sampled_from(sorted(SCHEDULES)),
    st.integers(0, 600),
    st.builds(
        Course,
        total=st.integers(1, 500),
        warmup=st.integers(0, 50),
        decay=st.integers(0, 50),
        cycles=st.integers(1, 9),
        power=st.floats(0.1, 5),
        least=st.floats(0, 1),
        timescale=st.integers(1, 1000),
        gamma=st.floats(0, 1),
        multiplier=st.floats(0.1, 3),
        d=st.floats(0, 0.99),
    ),
)
def test_a_share_is_never_below_0_or_above_1(name: str, step: int, course: Course) -> None:
    assert -1e-9 <= SCHEDULES[name](step, course) <= 1 + 1e-9


@pytest.mark.parametrize("name", sorted(set(SCHEDULES) - {"warmup_stable_decay"}))
def test_a_warm_up_rises_evenly_from_nothing(name: str) -> None:
    found = shares(name, (0, 1, 2, 3, 4), Course(104, warmup=4))
    assert found == [0, 0.25, 0.5, 0.75, 1]


def test_constant_stays_at_the_whole_rate() -> None:
    assert shares("constant", (0, 50, 99), Course(100)) == [1, 1, 1]


def test_what_falls_falls_after_the_warm_up_to_the_lowest_rate() -> None:
    course = Course(110, warmup=10, least=0.1)
    assert shares("linear", (10, 60, 110, 200), course) == [1, 0.55, 0.1, 0.1]
    assert shares("cosine", (10, 60, 110), course) == [1, 0.55, 0.1]
    third = (1 + math.cos(math.pi / 4)) / 2
    assert shares("cosine", (35,), course) == [0.1 + 0.9 * third]
    squared = Course(110, warmup=10, power=2)
    assert shares("polynomial", (10, 60, 85, 110), squared) == [1, 0.25, 0.0625, 0]


def test_cosine_with_restarts_begins_again_without_falling_in_height() -> None:
    course = Course(120, cycles=3)
    assert shares("cosine_with_restarts", (0, 20, 40, 60, 80, 120), course) == [
        1,
        0.5,
        1,
        0.5,
        1,
        0,
    ]


def test_cosine_with_a_lowest_rate_goes_in_halves_of_a_wave() -> None:
    assert shares("cosine_with_min_lr", (0, 50, 100), Course(100, least=0.2)) == [1, 0.6, 0.2]
    twice = Course(100, cycles=2, least=0.2)
    assert shares("cosine_with_min_lr", (0, 25, 50, 100), twice) == [1, 0.6, 0.2, 1]


def test_a_warm_up_as_long_as_the_run_is_told() -> None:
    (note,) = schedule_notes(RunConfig(lr_warmup_steps=100), 100)
    assert note.startswith("The warm-up takes 100 steps and the run has 100")
    assert schedule_notes(RunConfig(lr_warmup_steps=0.9), 100) == ()


def test_warmup_stable_decay_rises_stays_and_falls() -> None:
    course = Course(100, warmup=10, decay=20, least=0.1)
    found = shares("warmup_stable_decay", (0, 5, 10, 80, 90, 100, 150), course)
    assert found == [0.1, 0.55, 1, 1, 0.55, 0.1, 0.1]


def test_the_inverse_root_falls_to_half_at_three_times_its_scale_after_the_warm_up() -> None:
    assert shares("inverse_sqrt", (10, 10 + 300), Course(999, warmup=10, timescale=100)) == [1, 0.5]


def test_annealed_cosine_restarts_lower_each_with_a_warm_up_of_its_own() -> None:
    # Three cycles of 40 steps, 10 of them warm-up; the second is 0.5, the third 0.25 high.
    course = Course(120, warmup=30, cycles=3, gamma=0.5, least=0.1)
    first = shares("annealed_cosine", (0, 5, 10, 25, 39), course)
    assert first[:4] == [0.1, 0.55, 1, 0.55]
    second = shares("annealed_cosine", (40, 45, 50, 65), course)
    assert second == [0.1, 0.1 + 0.4 / 2, 0.5, 0.1 + 0.4 / 2]
    assert shares("annealed_cosine", (90,), course) == [0.25]
    fifth = Course(1000, cycles=10, gamma=0.5, least=0.1)
    assert shares("annealed_cosine", (400, 410), fifth) == [0.1, 0.1]  # 0.0625 would be below


def test_cycles_that_grow_keep_the_length_of_their_warm_up() -> None:
    course = Course(120, warmup=20, cycles=2, gamma=1, multiplier=2)  # 60 steps, then 110
    assert shares("annealed_cosine", (10, 35, 60, 70, 120), course) == [1, 0.5, 0, 1, 0.5]


def test_rex_stays_high_and_falls_late() -> None:
    assert shares("rex", (0, 50), Course(100, d=0.9)) == [1, 0.5 / (0.1 + 0.9 * 0.5)]
    assert shares("rex", (0, 50, 75), Course(100, d=0)) == [1, 0.5, 0.25]


def test_a_run_shapes_its_schedule_by_its_options() -> None:
    share = schedule_of(RunConfig(lr_scheduler="linear", lr_warmup_steps=0.1), 155)
    assert share(15) == 1
    assert share(14) == pytest.approx(14 / 15)
    stable = RunConfig(lr_scheduler="warmup_stable_decay", lr_decay_steps=20)
    assert schedule_of(stable, 100)(90) == pytest.approx(0.5)
    root = RunConfig(lr_scheduler="inverse_sqrt", lr_warmup_steps=100)
    assert schedule_of(root, 999)(400) == pytest.approx(0.5)


def test_the_options_offer_every_schedule() -> None:
    assert tuple(SCHEDULES) == LR_SCHEDULERS
