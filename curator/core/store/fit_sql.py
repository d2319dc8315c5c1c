"""How pictures train, in queries: SQLite asks for bucket, loss and scale of the shown sizes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from functools import lru_cache

from curator.core.training_fit import Fit, fit_of
from trainer.buckets import BucketRule

# The settings that the rule follows from. No row matters, so SQLite asks it once for each query.
_RULE = (
    "(SELECT json_group_object(name, value) FROM settings"
    " WHERE value IS NOT NULL AND name IN ('options', 'preset', 'resolution', 'trigger'))"
)
_CALL = f"trained_{{}}(shown_width, shown_height, {_RULE})"
BUCKET, LOSS, SCALE, SHAPE = (_CALL.format(n) for n in ("bucket", "loss", "scale", "shape"))
ORDERS: Mapping[str, str] = {"bucket": SHAPE, "crop_loss": LOSS, "upscale": SCALE}


def add_functions(db: sqlite3.Connection) -> None:
    """Let a connection's queries ask how pictures train; each takes width, height and a rule."""
    for name, ask in _ASKED.items():
        db.create_function(f"trained_{name}", 3, ask, deterministic=True)


@lru_cache(maxsize=64)
def _rule(stored: str) -> BucketRule:
    from curator.core.training_rule import rule_of_stored  # options of trainings, by then only

    return rule_of_stored(json.loads(stored))


def _fit(width: int, height: int, stored: str) -> Fit:
    return fit_of((width, height), _rule(stored))


def _bucket(width: int, height: int, stored: str) -> str:
    return "{}x{}".format(*_fit(width, height, stored).bucket)


def _shape(width: int, height: int, stored: str) -> str:
    """From upright to wide, the smaller of one shape first."""
    bucket = _fit(width, height, stored).bucket
    return f"{bucket[0] / bucket[1]:010.5f} {bucket[0]:06d}"


_ASKED: Mapping[str, Callable[[int, int, str], str | float]] = {
    "bucket": _bucket,
    "loss": lambda width, height, stored: _fit(width, height, stored).loss,
    "scale": lambda width, height, stored: _fit(width, height, stored).scale,
    "shape": _shape,
}
