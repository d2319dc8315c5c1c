"""What is seen of a picture: zooming keeps what is under the cursor, panning never leaves it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.ui.view_state import MOST_SCALE, MOST_TIMES, Frame, Pair, View, Zoom, columns_for

FRAMES = st.builds(
    Frame,
    st.tuples(st.integers(1, 12_000), st.integers(1, 12_000)),
    st.tuples(st.integers(40, 4_000), st.integers(40, 4_000)),
)
FRACTIONS = st.tuples(st.floats(0, 1), st.floats(0, 1))
VIEWS = st.builds(View, st.sampled_from(Zoom), st.floats(0.2, 20), FRACTIONS)
MOVES = st.tuples(st.floats(-5_000, 5_000), st.floats(-5_000, 5_000))
FACTORS = st.floats(1.01, 3)


def at_in(frame: Frame, fraction: Pair) -> Pair:
    return frame.area[0] * fraction[0], frame.area[1] * fraction[1]


def covered(frame: Frame, view: View, axis: int) -> bool:
    return frame.picture[axis] * frame.scale(view) > frame.area[axis] * (1 + 1e-9)


def start(frame: Frame, view: View, axis: int) -> float:
    place = frame.place(view)
    return (place.left, place.top)[axis]


@given(FRAMES, VIEWS)
def test_a_picture_covers_the_area_or_stands_in_its_middle(frame: Frame, view: View) -> None:
    for axis in (0, 1):
        begin, length = start(frame, view, axis), frame.picture[axis] * frame.scale(view)
        room = frame.area[axis]
        if length > room:
            assert begin <= 0
            assert begin + length >= room - 1e-6
        else:
            assert begin == pytest.approx((room - length) / 2)


@given(FRAMES)
def test_whole_touches_two_sides(frame: Frame) -> None:
    scale = frame.scale(View())
    gaps = [frame.area[axis] - frame.picture[axis] * scale for axis in (0, 1)]
    assert min(gaps) == pytest.approx(0, abs=1e-6)


@given(FRAMES, VIEWS, FACTORS, FRACTIONS)
def test_zooming_in_keeps_the_pixel_under_the_cursor(
    frame: Frame, view: View, factor: float, fraction: Pair
) -> None:
    at = at_in(frame, fraction)
    larger = frame.zoomed(view, factor, at)
    before, after = frame.place(view).point(at), frame.place(larger).point(at)
    if frame.scale(larger) < frame.scale(view):  # it was larger than may be
        return
    for axis in (0, 1):
        if covered(frame, view, axis):
            within = 1e-6 * frame.picture[axis] + 1e-6
            assert after[axis] == pytest.approx(before[axis], abs=within)


@given(FRAMES, VIEWS, FRACTIONS)
def test_showing_own_pixels_keeps_the_one_under_the_cursor(
    frame: Frame, view: View, fraction: Pair
) -> None:
    if view.zoom is Zoom.ACTUAL or frame.scale(view) > 1:
        return
    at = at_in(frame, fraction)
    actual = frame.toggled(view, at)
    assert frame.scale(actual) == 1
    for axis in (0, 1):
        if covered(frame, view, axis):
            before, after = frame.place(view).point(at), frame.place(actual).point(at)
            assert after[axis] == pytest.approx(before[axis], abs=1e-3)


@given(FRAMES, VIEWS, MOVES)
def test_the_picture_follows_the_hand_until_its_edge(frame: Frame, view: View, by: Pair) -> None:
    moved = frame.panned(view, by)
    assert (moved.zoom, moved.times) == (view.zoom, view.times)
    for axis in (0, 1):
        begin, end = start(frame, view, axis), start(frame, moved, axis)
        length = frame.picture[axis] * frame.scale(view)
        if not covered(frame, view, axis):
            assert end == pytest.approx(begin)
            assert moved.centre[axis] == view.centre[axis]
        else:
            wished = min(0.0, max(frame.area[axis] - length, begin + by[axis]))
            assert end == pytest.approx(wished, abs=1e-6 * length)


@given(FRAMES, VIEWS, st.lists(st.floats(0.3, 3), max_size=12), FRACTIONS)
def test_no_zooming_goes_beyond_its_ends(
    frame: Frame, view: View, factors: list[float], fraction: Pair
) -> None:
    fit = frame.fit_scale
    for factor in factors:
        view = frame.zoomed(view, factor, at_in(frame, fraction))
        scale = frame.scale(view)
        assert min(fit, 1) * (1 - 1e-9) <= scale <= max(MOST_SCALE, MOST_TIMES * fit) * (1 + 1e-9)


@given(FRAMES, VIEWS, st.floats(0.3, 3))
def test_whole_and_own_pixels_are_never_jumped_over(
    frame: Frame, view: View, factor: float
) -> None:
    before = frame.scale(view)
    after = frame.scale(frame.zoomed(view, factor, None))
    low, high = sorted((before, after))
    for stop in (frame.fit_scale, 1.0):
        assert not low * (1 + 1e-9) < stop < high * (1 - 1e-9)


def test_zooming_names_what_it_arrives_at() -> None:
    frame = Frame((6000, 4000), (1500, 1000))
    view = View()
    seen = []
    for _ in range(6):
        view = frame.zoomed(view, 1.5, None)
        seen.append((view.zoom, round(frame.scale(view), 3)))
    assert seen[:4] == [
        (Zoom.TIMES, 0.375),
        (Zoom.TIMES, 0.562),
        (Zoom.TIMES, 0.844),
        (Zoom.ACTUAL, 1.0),
    ]
    for _ in range(9):
        view = frame.zoomed(view, 1 / 1.5, None)
    assert view.zoom is Zoom.FIT


def test_whole_again_remembers_where_one_was() -> None:
    frame = Frame((6000, 4000), (1500, 1000))
    actual = frame.toggled(View(), (1400.0, 100.0))
    whole = frame.toggled(actual, None)
    assert whole.zoom is Zoom.FIT
    assert frame.toggled(whole, None) == actual


def test_pictures_side_by_side_are_as_large_as_they_can_be() -> None:
    wide, upright = (300.0, 200.0), (200.0, 300.0)
    assert columns_for([wide] * 2, (1600, 600)) == 2
    assert columns_for([wide] * 2, (800, 720)) == 1
    assert columns_for([upright] * 3, (800, 720)) == 3
    assert columns_for([wide] * 3, (800, 720)) == 2
    assert columns_for([wide] * 4, (800, 720)) == 2
    assert columns_for([wide], (0, 0)) == 1


@given(VIEWS, FRACTIONS)
def test_pictures_of_one_shape_show_the_same_part_whatever_their_size(
    view: View, fraction: Pair
) -> None:
    if view.zoom is Zoom.ACTUAL:
        return
    large, small = Frame((6000, 4000), (900, 700)), Frame((1200, 800), (900, 700))
    at = at_in(large, fraction)
    for axis in (0, 1):
        seen = [f.place(view).point(at)[axis] / f.picture[axis] for f in (large, small)]
        assert math.isclose(*seen, abs_tol=1e-9)
