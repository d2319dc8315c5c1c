"""Measured quality in queries: comparisons of values, of places among all pictures, and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curator.core.measures import BY_WORD, VERSION
from curator.core.query_tree import Range, Share
from curator.core.settings import ProjectSettings

# The side of a square of the shown area in percent of the bucket's side, which is the setting.
FIT = (
    "100.0 * sqrt(1.0 * shown_width * shown_height) / coalesce((SELECT CAST(value AS REAL)"
    f" FROM settings WHERE name = 'resolution'), {ProjectSettings().resolution})"
)
UNMEASURED = f"id NOT IN (SELECT image_id FROM quality WHERE version = {VERSION})"
_ONE = "(SELECT {} FROM {} WHERE image_id = images.id)"
# Orders, ascending; what has no place in one comes last in both directions.
ORDERS: Mapping[str, str] = {
    **{word: _ONE.format(meaning.name, "quality") for word, meaning in BY_WORD.items()},
    "colour": _ONE.format("hue", "quality"),
    "likeness": _ONE.format("place", "likeness"),
    "reject": _ONE.format("score", "reject_guesses"),
}


def measured_range(node: Range) -> tuple[str, Sequence[float]]:
    """The condition and its parameters: 0 where nothing was measured, never NULL.

    Shares are places among the measured pictures that are not removed: 0 is the lowest, 1 the
    highest, and equal values have the lowest place of them.
    """
    column = BY_WORD[node.field].name
    bounds = [(">=", node.first), ("<", node.after)]
    is_share = any(isinstance(bound, Share) for _sign, bound in bounds)
    compared = "place" if is_share else column
    signs = [f"{compared} {sign} ?" for sign, bound in bounds if bound is not None]
    params = [_number(bound) for _sign, bound in bounds if bound is not None]
    rows = f"SELECT image_id, {column} FROM quality WHERE {column} IS NOT NULL"
    if is_share:
        rows = (
            f"SELECT image_id, percent_rank() OVER (ORDER BY {column}) AS place FROM quality "
            f"WHERE {column} IS NOT NULL AND image_id IN (SELECT id FROM images WHERE removed = 0)"
        )
    return f"id IN (SELECT image_id FROM ({rows}) WHERE {' AND '.join(signs)})", params


def _number(bound: object) -> float:
    return bound.of_one if isinstance(bound, Share) else float(bound)  # type: ignore[arg-type]
