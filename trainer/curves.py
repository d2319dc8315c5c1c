"""A curve as text for a terminal, as SVG or as PNG; no plotting library."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PIL import Image, ImageDraw

from trainer.errors import TrainerError
from trainer.files import replaced

Points = Sequence[tuple[int, float]]
_WIDTH, _HEIGHT, _EDGE = 720, 300, 40  # pixels
_COLUMNS, _ROWS = 72, 10  # characters
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_INK, _PAPER, _LINE = "#1f6feb", "#ffffff", "#8c959f"


def as_text(points: Points, highest: float) -> list[str]:
    """Bars under the curve, the highest value at the top; one column per share of the steps."""
    top = max(value for _, value in points) or 1.0
    first, last = points[0][0], points[-1][0]
    columns = min(_COLUMNS, last - first + 1)
    heights = []
    for column in range(columns):
        step = first + (last - first) * column / max(1, columns - 1)
        value = min(points, key=lambda point: abs(point[0] - step))[1]
        heights.append(round(value / top * _ROWS * 8))
    lines = []
    for row in reversed(range(_ROWS)):
        bars = "".join(_EIGHTHS[min(8, max(0, height - 8 * row))] for height in heights)
        label = f"{top * highest:.2e}" if row == _ROWS - 1 else f"{0:.0f}" if row == 0 else ""
        lines.append(f"{label:>9} |{bars.rstrip()}")
    return [
        *lines,
        f"{'':>9} +{'-' * columns}",
        f"{'step':>9}  {first}{last:>{max(1, columns - 1)}}",
    ]


def save_curve(path: Path, points: Points, highest: float, title: str) -> None:
    """Draw it into a .svg or .png file. Raises TrainerError for another name or a full disk."""
    kind = path.suffix.lower()
    if kind == ".svg":
        with replaced(path) as beside:
            beside.write_text(as_svg(points, highest, title), "utf-8")
    elif kind == ".png":
        with replaced(path) as beside, beside.open("wb") as file:
            _drawn(points, highest, title).save(file, "PNG")
    else:
        raise TrainerError(
            f"{path} has no ending that a curve can be written to.", "Call it .svg or .png."
        )


def as_svg(points: Points, highest: float, title: str) -> str:
    """A whole SVG document."""
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in _placed(points))
    low, right = _HEIGHT - _EDGE, _WIDTH - _EDGE
    words = "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
        for x, y, anchor, text in _words(points, highest, title)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>'
        f'<path d="M{_EDGE} {_EDGE}V{low}H{right}" fill="none" stroke="{_LINE}"/>'
        f'<polyline points="{line}" fill="none" stroke="{_INK}" stroke-width="2"/>{words}</svg>\n'
    )


def _drawn(points: Points, highest: float, title: str) -> Image.Image:
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    draw = ImageDraw.Draw(picture)
    low = _HEIGHT - _EDGE
    draw.line([(_EDGE, _EDGE), (_EDGE, low), (_WIDTH - _EDGE, low)], fill=_LINE)
    draw.line(_placed(points), fill=_INK, width=2)
    for x, y, anchor, text in _words(points, highest, title):
        draw.text((x, y), text, fill="#000000", anchor={"start": "ls", "end": "rs"}[anchor])
    return picture


def _placed(points: Points) -> list[tuple[float, float]]:
    top = max(value for _, value in points) or 1.0
    first, last = points[0][0], points[-1][0]
    wide, high = _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE
    return [
        (
            _EDGE + wide * (step - first) / max(1, last - first),
            _HEIGHT - _EDGE - high * value / top,
        )
        for step, value in points
    ]


def _words(points: Points, highest: float, title: str) -> list[tuple[int, int, str, str]]:
    """(x, y of the baseline, "start" or "end", text)."""
    top = max(value for _, value in points) * highest
    below = _HEIGHT - _EDGE + 18
    return [
        (_EDGE, _EDGE - 12, "start", f"{title}, at most {top:.3g}"),
        (_EDGE - 6, _HEIGHT - _EDGE, "end", "0"),
        (_EDGE, below, "start", f"step {points[0][0]}"),
        (_WIDTH - _EDGE, below, "end", str(points[-1][0])),
    ]
