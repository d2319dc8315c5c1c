"""Two real processes that exchange numbers, and that end together however one of them ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the two processes of `tests.helpers.two_ranks` found, in order."""
    folder = tmp_path_factory.mktemp("ranks")
    script = [sys.executable, "-m", "tests.helpers.two_ranks", str(folder / "meeting")]
    results = [folder / "0.json", folder / "1.json"]
    processes = [
        subprocess.Popen([*script, str(number), str(path)], cwd=ROOT)
        for number, path in enumerate(results)
    ]
    assert [one.wait(timeout=300) for one in processes] == [0, 0]
    return [json.loads(path.read_text("utf-8")) for path in results]


def test_rows_objects_and_wishes_are_the_same_in_both(both: list[dict[str, Any]]) -> None:
    for one in both:
        assert one["exchanged"] == [True, "from 0", [0.0, 0.0], [True, False, True]]


def test_gradients_are_added_up_and_none_stays_none_only_where_nobody_has_one(
    both: list[dict[str, Any]],
) -> None:
    for one in both:
        assert one["added up"] == [1.0, [3.0, 3.0], [1.0, 1.0], None]


def test_a_stop_wished_for_in_one_process_stops_both_at_the_same_step(
    both: list[dict[str, Any]],
) -> None:
    assert both[0]["stop"] == both[1]["stop"]
    assert both[0]["stop"][-1] == "Stopped(step=3)"


def test_one_that_ends_before_the_first_step_ends_the_other_as_stopped(
    both: list[dict[str, Any]],
) -> None:
    assert both[0]["left early"] == ["Stopped(step=0)"]
    assert both[1]["left early"] == []


@pytest.mark.parametrize(
    ("scene", "failing", "words"),
    [("a damaged picture", 1, "The picture x.png is damaged."), ("a bug", 0, "by 0")],
)
def test_the_failure_of_one_is_told_in_both(
    both: list[dict[str, Any]], scene: str, failing: int, words: str
) -> None:
    for number, one in enumerate(both):
        last = one[scene][-1]
        assert last.startswith("raised ")
        assert words in last
        assert ("Process" in last) == (number != failing)
