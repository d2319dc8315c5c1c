"""Curves as text, SVG and PNG."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from trainer.curves import as_svg, as_text, save_curve
from trainer.errors import TrainerError

LINE = [(step, 1 - (step - 1) / 99) for step in range(1, 101)]


def test_a_falling_line_falls_in_text() -> None:
    *rows, axis, steps = as_text(LINE, 1e-3)
    assert rows[0].startswith(" 1.00e-03 |█")
    lengths = [len(row.rstrip()) for row in rows]
    assert lengths == sorted(lengths)
    assert axis.endswith("-")
    assert steps.split() == ["step", "1", "100"]


@pytest.mark.parametrize("points", [[(1, 1.0)], [(1, 0.0), (2, 0.0)]])
def test_one_step_and_a_rate_of_nothing_can_be_drawn(points: list[tuple[int, float]]) -> None:
    assert as_text(points, 1.0)
    assert "nan" not in as_svg(points, 1.0, "rate")


def test_files_can_be_read_by_others(tmp_path: Path) -> None:
    save_curve(tmp_path / "rate.svg", LINE, 1e-3, "Rate <1>")
    ElementTree.parse(tmp_path / "rate.svg")
    save_curve(tmp_path / "rate.png", LINE, 1e-3, "Rate")
    with Image.open(tmp_path / "rate.png") as picture:
        assert len(picture.convert("RGB").getcolors(maxcolors=2**16) or ()) > 2
    with pytest.raises(TrainerError, match=r"\.svg or \.png"):
        save_curve(tmp_path / "rate.gif", LINE, 1e-3, "Rate")
