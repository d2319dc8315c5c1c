"""What steps took on this machine, kept in the user's cache folder for later plans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from trainer.estimates import scaled_time
from trainer.files import replaced

_FILE = "trainer-steps.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKind:
    """What the seconds and the memory of a step depend on, apart from how many pixels it sees.

    `device` is its name; `network` says type and rank; `parts` are what is trained;
    `checkpointing` is "no" or the option gradient_checkpointing_blocks.
    """

    device: str
    family: str
    precision: str
    checkpointing: str
    optimizer: str
    network: str
    parts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One step that was really trained: `pixels` in all its batches, seconds, peak bytes.

    `peak` is 0 where the device does not tell. `exact` is False for what was scaled from a step of
    another size.
    """

    batch: int
    width: int
    height: int
    accumulation: int
    seconds: float
    peak: int
    exact: bool = True

    @property
    def pixels(self) -> int:
        """How many pixels the step sees."""
        return self.batch * self.width * self.height * self.accumulation


def keep(kind: StepKind, found: Measured, folder: Path | None = None) -> None:
    """Remember a measured step in place of an earlier one of the same size. Raises TrainerError."""
    path = _path(folder)
    rows = _read(path)
    row = {**asdict(kind), **asdict(found)}
    others = [one for one in rows if _without_results(one) != _without_results(row)]
    with replaced(path) as beside:
        beside.write_text(json.dumps([*others, row], indent=1), "utf-8")


def recall(kind: StepKind, wanted: Measured, folder: Path | None = None) -> Measured | None:
    """The measured step of this kind and size, else the nearest in size with scaled seconds.

    Of `wanted` the size counts alone. The peak is known for the same size only.
    """
    rows = [row for row in _read(_path(folder)) if asdict(kind).items() <= row.items()]
    names = ("batch", "width", "height", "accumulation", "seconds", "peak")
    found = [Measured(**{name: row[name] for name in names}) for row in rows]
    for one in found:
        if replace(one, seconds=0, peak=0) == replace(wanted, seconds=0, peak=0):
            return one
    if not found:
        return None
    near = min(found, key=lambda one: abs(one.pixels - wanted.pixels))
    seconds = scaled_time(near.seconds, near.pixels, wanted.pixels)
    return replace(wanted, seconds=seconds, peak=0, exact=False)


def _path(folder: Path | None) -> Path:
    return (folder or user_cache_path("curator", appauthor=False)) / _FILE


def _read(path: Path) -> list[dict[str, Any]]:
    """Nothing where there is no such file, or one that is damaged."""
    try:
        rows = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return [row for row in rows if isinstance(row, dict) and "peak" in row]


def _without_results(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("seconds", "peak")}
