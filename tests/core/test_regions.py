"""Regions as data."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import UserError
from curator.core.regions import Ellipse, Polygon, Region, Stroke, region_of, rows_of

SHARES = st.floats(-1, 2)
POINTS = st.lists(st.tuples(SHARES, SHARES), max_size=5).map(tuple)
SHAPES = st.one_of(
    st.builds(Ellipse, SHARES, SHARES, SHARES, SHARES, st.booleans()),
    st.builds(Polygon, POINTS, st.booleans()),
    st.builds(Stroke, POINTS, SHARES, SHARES, st.booleans()),
)


@given(st.lists(SHAPES, max_size=4).map(tuple))
def test_a_region_survives_json(region: Region) -> None:
    assert region_of(json.loads(json.dumps(rows_of(region)))) == region


@pytest.mark.parametrize(
    "row",
    [{}, {"kind": "star"}, {"kind": "ellipse"}, {"kind": "polygon", "points": [[1]]}, "no row"],
)
def test_what_is_no_region_is_a_sentence(row: object) -> None:
    with pytest.raises(UserError, match="region"):
        region_of([row])  # type: ignore[list-item]


def test_a_number_without_end_is_refused() -> None:
    with pytest.raises(UserError, match="finite"):
        region_of([{"kind": "stroke", "points": [[0, float("inf")]], "size": 0.1}])
