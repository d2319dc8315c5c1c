"""Pictures laid on each other along the pairs of a group."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.duplicates import Kind, Pair
from curator.core.overlay import MIRROR, SAME, at, inverted, lay, maps_onto, then
from curator.core.recipe import Recipe, Turn
from curator.core.records import Image
from tests.helpers.projects import record

numbers = st.floats(-2, 2)
affine = st.tuples(*[numbers] * 6).filter(lambda m: abs(m[0] * m[4] - m[1] * m[3]) > 0.1)
HALF = (0.5, 0.0, 0.25, 0.0, 0.5, 0.25)  # the middle of the other one


def sized(id_: int, width: int, height: int, recipe: str = "") -> Image:
    return replace(record(id_), width=width, height=height, recipe=recipe)


def pair(a: int, b: int, matrix: tuple[float, ...], likeness: float = 1.0) -> Pair:
    return Pair(a, b, Kind.EDITED, likeness, matrix=matrix)


@given(affine, st.tuples(numbers, numbers))
def test_a_map_and_its_inverse_lead_back(
    one: tuple[float, ...], point: tuple[float, float]
) -> None:
    assert at(inverted(one), at(one, point)) == pytest.approx(point, abs=1e-6)
    assert at(then(one, inverted(one)), point) == pytest.approx(point, abs=1e-6)


def test_pictures_without_a_pair_of_their_own_are_laid_over_others() -> None:
    maps = maps_onto([pair(1, 2, HALF), pair(2, 3, MIRROR)], 3)
    assert maps[3] == SAME
    assert at(maps[1], (0.0, 0.0)) == pytest.approx((0.75, 0.25))
    assert at(maps_onto([pair(1, 2, HALF)], 1)[2], (0.25, 0.25)) == pytest.approx((0.0, 0.0))


def test_what_no_pair_leads_to_is_left_out() -> None:
    flat = (0.0, 0.0, 0.5, 0.0, 0.0, 0.5)
    images = [sized(n, 100, 50) for n in (1, 2, 3, 4)]
    assert set(lay(images, [pair(1, 2, SAME), pair(1, 4, flat)], 1).maps) == {1, 2}


def test_the_ground_holds_all_of_them_in_pixels_of_the_one_below() -> None:
    images = [sized(1, 100, 50), sized(2, 400, 200)]
    ground = lay(images, [pair(1, 2, HALF)], 2)
    assert ground.size == (400, 200)
    assert at(ground.maps[1], (0.0, 0.0)) == pytest.approx((100, 50))
    ground = lay(images, [pair(1, 2, HALF)], 1)
    assert ground.size == (200, 100)
    assert at(ground.maps[1], (0.0, 0.0)) == pytest.approx((50, 25))
    assert at(ground.maps[2], (1.0, 1.0)) == pytest.approx((200, 100))


@pytest.mark.parametrize(
    ("turn", "corner"),
    [
        (Turn(1), (50, 0)),
        (Turn(2), (100, 50)),
        (Turn(3), (0, 100)),
        (Turn(0, mirrored=True), (100, 0)),
        (Turn(1, mirrored=True), (50, 100)),
    ],
)
def test_the_one_below_stands_as_the_person_turned_it(
    turn: Turn, corner: tuple[float, float]
) -> None:
    image = sized(1, 100, 50, Recipe((turn,)).to_json())
    ground = lay([image, sized(2, 10, 5)], [pair(1, 2, SAME)], 1)
    assert ground.size == ((50, 100) if turn.quarters % 2 else (100, 50))
    assert at(ground.maps[2], (0.0, 0.0)) == pytest.approx(corner)
