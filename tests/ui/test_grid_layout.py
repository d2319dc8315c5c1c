"""The arithmetic of cells agrees with looking at every single cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.grouping import Section
from curator.ui.grid_layout import GridLayout, StripLayout

HEADING_PX = 32


def sections_of(counts: list[int], titled: bool = True) -> list[Section]:
    firsts = [sum(counts[:at]) for at in range(len(counts))]
    pairs = zip(firsts, counts, strict=True)
    return [Section(f"from {first}" if titled else "", first, count) for first, count in pairs]


@st.composite
def layouts(draw: st.DrawFn) -> GridLayout:
    counts = draw(st.lists(st.integers(1, 40), max_size=6))
    sections = sections_of(counts, draw(st.booleans())) if draw(st.booleans()) else []
    width = draw(st.integers(0, 700))
    return GridLayout(width, draw(st.integers(1, 200)), sum(counts), sections, HEADING_PX)


@st.composite
def layouts_with_a_row(draw: st.DrawFn) -> tuple[GridLayout, int]:
    layout = draw(layouts().filter(lambda made: made.count > 0))
    return layout, draw(st.integers(0, layout.count - 1))


@given(layouts_with_a_row(), st.data())
def test_every_point_of_a_cell_leads_back_to_its_row(
    found: tuple[GridLayout, int], data: st.DataObject
) -> None:
    layout, row = found
    x, y, width, height = layout.rect(row)
    inside_x = x + data.draw(st.integers(0, width - 1))
    inside_y = y + data.draw(st.integers(0, height - 1))
    assert layout.row_at(inside_x, inside_y) == row
    assert y >= 0
    assert y + height <= layout.height_px


@given(layouts())
def test_no_two_cells_overlap_and_each_line_fits_the_width(layout: GridLayout) -> None:
    rects = [layout.rect(row) for row in range(layout.count)]
    assert len({(x, y) for x, y, _width, _height in rects}) == layout.count
    assert rects == sorted(rects, key=lambda rect: (rect[1], rect[0]))
    if layout.columns > 1:
        assert all(x >= 0 and x + width <= layout.width_px for x, _y, width, _height in rects)


@given(layouts(), st.integers(-300, 4000), st.integers(0, 900))
def test_the_rows_in_a_band_are_those_whose_cells_reach_into_it(
    layout: GridLayout, top: int, height: int
) -> None:
    bottom = top + height

    def reaches(row: int) -> bool:
        _x, y, _width, high = layout.rect(row)
        return y < bottom and y + high > top

    wanted = [row for row in range(layout.count) if height and reaches(row)]
    assert list(layout.rows_between(top, bottom)) == wanted


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 700))
def test_a_heading_stands_above_each_group(counts: list[int], width: int) -> None:
    sections = sections_of(counts)
    layout = GridLayout(width, 50, sum(counts), sections, HEADING_PX)
    headings = list(layout.headings_between(0, layout.height_px))
    assert [(h.title, h.count) for h in headings] == [(s.title, s.count) for s in sections]
    for heading, section in zip(headings, sections, strict=True):
        x, y, _width, height = heading.rect
        assert layout.rect(section.first)[1] == y + height
        assert layout.row_at(x, y) is None


@given(layouts_with_a_row(), st.integers(1, 5))
def test_up_undoes_down_where_the_lines_are_full(found: tuple[GridLayout, int], by: int) -> None:
    layout, row = found
    below = layout.below(row, by)
    x, y, _width, _height = layout.rect(row)
    new_x, new_y, _width, _height = layout.rect(below)
    assert new_x <= x  # a shorter last line is met at its end
    assert new_y >= y
    lines = {layout.rect(one)[1] for one in range(layout.count) if y < layout.rect(one)[1] <= new_y}
    assert len(lines) == by or below == layout.below(below)
    if new_x == x and len(lines) == by:
        back = layout.rect(layout.above(below, by))
        assert back[1] == y
        assert back[0] <= x


@given(layouts_with_a_row())
def test_a_step_beyond_the_ends_stays(found: tuple[GridLayout, int]) -> None:
    layout, _row = found
    first_line = layout.rect(0)[1]
    for row in range(layout.count):
        if layout.rect(row)[1] == first_line:
            assert layout.above(row) == row
    last = layout.count - 1
    assert layout.below(last) == last


@given(st.integers(1, 200), st.integers(0, 50), st.integers(-50, 5000), st.integers(0, 900))
def test_a_strip_knows_its_cells(height: int, count: int, left: int, width: int) -> None:
    strip = StripLayout(height, count)
    for row in range(count):
        x, y, wide, _high = strip.rect(row)
        assert strip.row_at(x, y) == strip.row_at(x + wide - 1, y) == row
    wanted = [
        row
        for row in range(count)
        if strip.rect(row)[0] < left + width and strip.rect(row)[0] + strip.cell_px > left
    ]
    if width:
        assert list(strip.rows_across(left, left + width)) == wanted


def test_a_million_cells_in_a_hundred_groups_are_found_without_looking_at_each() -> None:
    layout = GridLayout(1200, 168, 1_000_000, sections_of([10_000] * 100), HEADING_PX)
    middle = layout.height_px // 2
    rows = list(layout.rows_between(middle, middle + 900))
    assert 0 < len(rows) < 60
    assert all(layout.row_at(*layout.rect(row)[:2]) == row for row in rows)
