"""Where a run stands, from what it hands over."""

from __future__ import annotations

from curator.core.run_control import RunStarted
from curator.core.run_status import Phase, RunStatus
from trainer.control import Control
from trainer.events import Caching, Note, Paused, Resumed, Started, Step, Stopped, Validated

STARTED = Started(400, 4, 100, 30, 0, 120, "processor", "no")


def status_after(*parts: object) -> RunStatus:
    status = RunStatus(Phase.PREPARING)
    for part in parts:
        status.hear(part)
    return status


def test_before_the_first_step_it_says_what_it_prepares() -> None:
    assert RunStatus(Phase.PREPARING).where() == "getting ready"
    assert status_after(RunStarted("dog-001", Control())).is_loading
    status = status_after(RunStarted("dog-001", Control()), Caching(3, 30))
    assert status.where() == "Encoding pictures, 3 of 30"
    assert not status.is_loading


def test_a_run_that_goes_on_stands_where_it_was() -> None:
    status = status_after(STARTED)
    assert (status.phase, status.where(), status.epoch) == (
        Phase.TRAINING,
        "step 120 of 400",
        2,
    )


def test_each_step_tells_where_it_is() -> None:
    status = status_after(STARTED, Step(121, 2, 0.5, 1e-4, 60.0), Validated(121, 2, 0.4), Note("x"))
    assert (status.step, status.loss, status.rate, status.left_s) == (121, 0.5, 1e-4, 60.0)
    assert (status.validation_loss, status.note) == (0.4, "x")
    status.hear(Stopped(121))
    assert status.left_s is None


def test_a_pause_ends_in_going_on_but_never_takes_back_a_stop() -> None:
    status = status_after(STARTED, Paused())
    assert status.phase is Phase.PAUSED
    status.hear(Resumed())
    assert status.phase is Phase.TRAINING
    status.phase = Phase.STOPPING
    status.hear(Paused())
    assert status.phase is Phase.STOPPING
