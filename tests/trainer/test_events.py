"""Events survive their way through a pipe, whatever is in them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import TrainerError
from trainer.events import (
    Caching,
    Event,
    Failed,
    Finished,
    Note,
    Paused,
    Resumed,
    Sampled,
    Saved,
    Started,
    StateSaved,
    Step,
    Stopped,
    Validated,
    from_json,
    to_json,
)

EXAMPLES: list[Event] = [
    Started(100, 10, 10, 5, 2, 30, "cuda", "bf16"),
    Caching(1, 2),
    Step(3, 1, 0.25, 1e-4, None),
    Step(3, 1, math.inf, 1e-4, 2.5),
    Validated(3, 1, 0.5),
    Sampled(Path("a/b.png"), 1, 3),
    Saved(Path("ö \n.safetensors"), 1, 3),
    StateSaved(Path("state"), 3),
    Paused(),
    Resumed(),
    Note('a "note"'),
    Stopped(7),
    Finished((Path("a"), Path("b"))),
    Failed("Broken.", "Mend it.", "line 1\nline 2"),
]


def test_there_is_an_example_of_every_event() -> None:
    assert {type(event) for event in EXAMPLES} == set(get_args(Event))


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_an_event_is_one_line_of_strict_json_and_back(event: Event) -> None:
    line = to_json(event)
    assert "\n" not in line
    assert json.loads(line, parse_constant=pytest.fail)["event"] == type(event).__name__
    assert from_json(line) == event


def test_a_loss_that_is_no_number_arrives_as_it_left() -> None:
    event = from_json(to_json(Step(1, 1, math.nan, 0.0, None)))
    assert isinstance(event, Step)
    assert math.isnan(event.loss)


@given(st.text(max_size=60))
def test_text_that_is_no_event_is_refused_with_a_sentence(line: str) -> None:
    with pytest.raises(TrainerError, match="Not an event"):
        from_json(line)


@pytest.mark.parametrize(
    "line", ['{"event": "Step"}', '{"event": "Explode"}', "[1]", '{"event": "Note", "x": 1}', "{}"]
)
def test_a_malformed_event_is_refused(line: str) -> None:
    with pytest.raises(TrainerError, match="Not an event"):
        from_json(line)
