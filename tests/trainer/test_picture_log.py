"""The loss of every picture by its timestep."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable

import pytest

from tests.helpers.training import Owner
from trainer.config import RunConfig
from trainer.events import Saved, Step

Options = Callable[..., RunConfig]


def test_every_showing_of_every_picture_has_its_row(finished: Owner) -> None:
    path = finished.of(Saved)[0].path.parents[1] / "logs" / "fred-pictures.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = Counter(row["picture"] for row in rows)
    assert shown == {f"2_fr3dd1e creature/{number}.png": 2 for number in range(6)}
    assert {int(row["timestep_bin"]) for row in rows} <= set(range(10))
    for step in finished.of(Step):
        losses = [float(row["loss"]) for row in rows if row["step"] == str(step.step)]
        assert sum(losses) / len(losses) == pytest.approx(step.loss, rel=1e-4)
