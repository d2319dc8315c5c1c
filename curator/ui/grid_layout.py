"""Where the cells of a grid or strip stand: plain arithmetic, so a million cost what ten cost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from curator.core.grouping import Section

Rect = tuple[int, int, int, int]  # x, y, width, height in pixels, y from the top of everything


@dataclass(frozen=True, slots=True)
class Heading:
    """The title above a group."""

    title: str
    count: int
    rect: Rect


class GridLayout:
    """Square cells in rows from left to right, group under group, in a given width."""

    def __init__(
        self,
        width_px: int,
        cell_px: int,
        count: int,
        sections: Sequence[Section] = (),
        heading_px: int = 0,
    ) -> None:
        self._sections = tuple(sections) or ((Section("", 0, count),) if count else ())
        self._heading_px = heading_px
        self.cell_px = cell_px
        self.count = count
        self.columns = max(1, width_px // cell_px)
        # What is left over goes to the left and right, so that the cells stand centred.
        self.left_px = max(0, (width_px - self.columns * cell_px) // 2)
        self.width_px = width_px
        heights = [self._above(s) + self._lines(s) * cell_px for s in self._sections]
        self._tops = [0, *accumulate(heights)]
        self._firsts = [section.first for section in self._sections]

    @property
    def height_px(self) -> int:
        """The height of everything."""
        return self._tops[-1]

    def _above(self, section: Section) -> int:
        return self._heading_px if section.title else 0

    def _lines(self, section: Section) -> int:
        return -(-section.count // self.columns)

    def _section_of(self, row: int) -> int:
        return bisect_right(self._firsts, row) - 1

    def rect(self, row: int) -> Rect:
        """The cell of a row."""
        at = self._section_of(row)
        section = self._sections[at]
        line, column = divmod(row - section.first, self.columns)
        top = self._tops[at] + self._above(section) + line * self.cell_px
        return self.left_px + column * self.cell_px, top, self.cell_px, self.cell_px

    def row_at(self, x: int, y: int) -> int | None:
        """The row whose cell holds a point."""
        column = (x - self.left_px) // self.cell_px
        if not 0 <= column < self.columns or not 0 <= y < self.height_px:
            return None
        at = bisect_right(self._tops, y) - 1
        section = self._sections[at]
        line = (y - self._tops[at] - self._above(section)) // self.cell_px
        inside = line * self.columns + column
        return section.first + inside if line >= 0 and inside < section.count else None

    def rows_between(self, top: int, bottom: int) -> Iterator[int]:
        """The rows whose cells reach into a horizontal band, in order."""
        for at in self._sections_between(top, bottom):
            section = self._sections[at]
            body = self._tops[at] + self._above(section)
            first_line = max(0, (top - body) // self.cell_px)
            last_line = min(self._lines(section) - 1, (bottom - 1 - body) // self.cell_px)
            if last_line >= first_line:
                end = min(section.count, (last_line + 1) * self.columns)
                yield from range(section.first + first_line * self.columns, section.first + end)

    def headings_between(self, top: int, bottom: int) -> Iterator[Heading]:
        """The headings that reach into a horizontal band."""
        for at in self._sections_between(top, bottom):
            section, begin = self._sections[at], self._tops[at]
            if section.title and begin + self._heading_px > top:
                rect = (self.left_px, begin, self.columns * self.cell_px, self._heading_px)
                yield Heading(section.title, section.count, rect)

    def _sections_between(self, top: int, bottom: int) -> range:
        if bottom <= top or not self._sections:
            return range(0)
        first = max(0, bisect_right(self._tops, max(0, top)) - 1)
        after = bisect_right(self._tops, bottom - 1)
        return range(first, min(after, len(self._sections)))

    def above(self, row: int, lines: int = 1) -> int:
        """The row so many lines higher, in the same column where there is one."""
        for _ in range(lines):
            row = self._vertical(row, -1)
        return row

    def below(self, row: int, lines: int = 1) -> int:
        """The row so many lines lower, in the same column where there is one."""
        for _ in range(lines):
            row = self._vertical(row, 1)
        return row

    def _vertical(self, row: int, step: int) -> int:
        at = self._section_of(row)
        section = self._sections[at]
        line, column = divmod(row - section.first, self.columns)
        line += step
        if not 0 <= line < self._lines(section):
            at += step
            if not 0 <= at < len(self._sections):
                return row
            section = self._sections[at]
            line = 0 if step > 0 else self._lines(section) - 1
        inside = min(line * self.columns + column, section.count - 1)
        return section.first + inside


class StripLayout:
    """Square cells in one line from left to right, as high as the strip."""

    def __init__(self, height_px: int, count: int) -> None:
        self.cell_px = max(1, height_px)
        self.count = count
        self.columns = 1
        self.width_px = self.cell_px * count
        self.height_px = height_px

    def rect(self, row: int) -> Rect:
        """The cell of a row."""
        return row * self.cell_px, 0, self.cell_px, self.cell_px

    def row_at(self, x: int, _y: int) -> int | None:
        """The row whose cell holds a point."""
        row = x // self.cell_px
        return row if 0 <= row < self.count else None

    def rows_across(self, left: int, right: int) -> range:
        """The rows whose cells reach into a vertical band."""
        first = max(0, left // self.cell_px)
        return range(first, min(self.count, -(-right // self.cell_px)))
