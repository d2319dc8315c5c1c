"""A run told in words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import pytest

from curator.cli.events import Teller
from curator.core.run_plan import Preflight
from trainer import events

PREFLIGHT = Preflight(
    run="fred-001",
    images=1200,
    reg_images=1,
    showings=6000,
    steps_per_epoch=3000,
    steps=30000,
    epochs=10,
    notes=("Captions: 9 of 9 found.",),
)
PARTS = (
    PREFLIGHT,
    events.Note("Captions: 9 of 9 found."),
    events.Caching(1, 2),
    events.Caching(2, 2),
    events.Started(30000, 10, 3000, 1200, 1, 40, "cuda", "fp16"),
    events.Step(41, 1, 0.123456, 1e-4, 3700.0),
    events.Validated(41, 1, 0.5),
    events.Sampled(Path("s.png"), 1, 41),
    events.Saved(Path("c.safetensors"), 1, 41),
    events.StateSaved(Path("state"), 41),
    events.Paused(),
    events.Resumed(),
    events.Note("something else"),
    events.Stopped(41),
    events.Finished((Path("c.safetensors"),)),
    events.Failed("It failed.", "Mend it."),
)


def test_every_event_is_one_line_and_a_note_is_told_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = Teller()
    for part in PARTS:
        told(part)
    assert capsys.readouterr().err.splitlines() == [
        "Run fred-001: 1,200 pictures and 1 regularization picture, 6,000 showings an epoch,"
        " 3,000 steps an epoch, 10 epochs, 30,000 steps.",
        "note: Captions: 9 of 9 found.",
        "latents 2/2",
        "Training on cuda, precision fp16, from step 40 on.",
        "epoch 1 step 41/30,000 loss 0.1235 rate 1.00e-04, 62 min left",
        "epoch 1 validation loss 0.5000",
        "sample of epoch 1: s.png",
        "saved epoch 1: c.safetensors",
        "saved the state at step 41: state",
        "paused",
        "goes on",
        "note: something else",
        "stopped after step 41",
        "finished: 1 checkpoint",
    ]


def test_no_event_was_forgotten() -> None:
    assert {type(part) for part in PARTS} >= set(get_args(events.Event))


def test_a_terminal_shows_steps_in_one_changing_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    told = Teller()
    for step in range(1, 4):
        told(events.Step(step, 1, 0.5, 1e-4, None))
    err = capsys.readouterr().err
    assert err.count("\r") == 3
    assert "\n" not in err
