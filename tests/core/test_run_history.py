"""What a project knows of its runs from the events that they left, whole or cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.project import Project
from curator.core.run_history import (
    RunState,
    RunSummary,
    read_story,
    resumable_run,
    run_curve,
    runs,
)
from curator.core.run_plan import TrainRequest, plan_run
from tests.helpers.runs import tell_run
from trainer.events import (
    Caching,
    Event,
    Failed,
    Finished,
    Saved,
    Started,
    StateSaved,
    Step,
    Stopped,
    Validated,
)


def started(first_step: int = 0) -> Started:
    return Started(12, 2, 6, 3, 0, first_step, "cpu", "no")


def step(number: int, loss: float = 1.0) -> Step:
    return Step(number, 1 + (number - 1) // 6, loss, 1e-4, None)


def saved(number: int, name: str = "fred") -> Saved:
    return Saved(Path(f"/elsewhere/{name}.safetensors"), 1, number)


def state_saved(number: int) -> StateSaved:
    return StateSaved(Path("/elsewhere"), number)


@pytest.mark.parametrize(
    ("last", "state", "why"),
    [
        (Finished(()), RunState.FINISHED, ""),
        (Stopped(3), RunState.STOPPED, ""),
        (Failed("The disk is full.", "Free some."), RunState.FAILED, "The disk is full."),
        (step(3), RunState.CUT_OFF, ""),
    ],
)
def test_a_run_is_told_in_one_line(
    project: Project, last: Event, state: RunState, why: str
) -> None:
    tell_run(project, "fred-001", started(), step(1), step(2), step(3), last)
    assert runs(project) == [
        RunSummary(
            "fred-001",
            state,
            epochs=2,
            steps_done=3,
            total=12,
            resumable=state in (RunState.STOPPED, RunState.CUT_OFF),
            resumes_at=0,
            why=why,
        )
    ]


def test_a_run_that_saved_its_state_goes_on_from_there(project: Project) -> None:
    tell_run(project, "fred-001", started(), *map(step, range(1, 7)), state_saved(6), step(7))
    (summary,) = runs(project)
    assert (summary.steps_done, summary.resumes_at) == (7, 0)  # the file itself is gone
    tell_run(project, "fred-001", state=True)
    assert resumable_run(project) == runs(project)[0]
    assert runs(project)[0].resumes_at == 6


def test_a_failed_run_goes_on_only_from_a_state(project: Project) -> None:
    tell_run(project, "fred-001", started(), step(1), Failed("Out of memory."))
    assert resumable_run(project) is None
    tell_run(project, "fred-001", state=True)
    assert resumable_run(project) is not None


def test_the_window_offers_the_run_that_resuming_takes(project: Project) -> None:
    project.change_settings({"base": "practice", "name": "fred"})
    assert resumable_run(project) is None
    assert runs(project) == []
    tell_run(project, "fred-001", started(), step(1))
    tell_run(project, "fred-002", started(), step(1), step(2))
    tell_run(project, "fred-003", Failed("No model."))
    found = resumable_run(project)
    assert found is not None
    assert found.name == plan_run(project, TrainRequest(resume=True)).name == "fred-002"
    assert [run.name for run in runs(project)] == ["fred-003", "fred-002", "fred-001"]
    tell_run(project, "fred-004", started(), Finished(()))
    assert resumable_run(project) is None


def test_a_run_that_never_began_is_listed_too(project: Project) -> None:
    tell_run(project, "fred-001")
    (summary,) = runs(project)
    assert (summary.state, summary.steps_done, summary.total) == (RunState.CUT_OFF, 0, 0)
    assert summary.resumable


def test_losses_of_a_run_that_went_on_are_told_once(project: Project) -> None:
    first = [started(), Validated(0, 0, 9.0), *(step(n, n) for n in range(1, 10))]
    again = [Caching(1, 1), started(6), *(step(n, 10 * n) for n in range(7, 9)), Validated(8, 2, 5)]
    tell_run(project, "fred-001", *first, *again)
    curve = run_curve(project, "fred-001")
    assert list(curve.steps) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert list(curve.losses) == [1, 2, 3, 4, 5, 6, 70, 80]
    assert list(zip(curve.validated_steps, curve.validated_losses, strict=True)) == [(0, 9), (8, 5)]
    assert runs(project)[0].steps_done == 8


def test_a_run_that_left_nothing_has_an_empty_curve(project: Project) -> None:
    assert list(run_curve(project, "gone").steps) == []


@pytest.mark.parametrize("end", ['{"event": "Step", "st', "", "\n", "null\n", "\0\xff\n"])
def test_a_line_that_was_cut_off_hides_no_other(project: Project, end: str) -> None:
    folder = tell_run(project, "fred-001", started(), step(1), step(2), Stopped(2))
    with (folder / "events.jsonl").open("a", encoding="latin-1") as file:
        file.write(end)
    (summary,) = runs(project)
    assert summary.steps_done == 2
    assert summary.state == (RunState.CUT_OFF if end else RunState.STOPPED)


def test_what_a_run_tells_later_is_read_anew(project: Project) -> None:
    tell_run(project, "fred-001", started(), step(1))
    assert runs(project)[0].steps_done == 1
    tell_run(project, "fred-001", step(2))
    assert runs(project)[0].steps_done == 2


def test_the_loss_of_a_checkpoint_is_the_mean_since_the_one_before(project: Project) -> None:
    folder = tell_run(
        project,
        "fred-001",
        started(),
        *(step(n, n) for n in range(1, 5)),
        saved(4, "first"),
        saved(4, "same step"),
        *(step(n, n) for n in range(5, 10)),
        saved(9, "abandoned"),
        started(4),
        step(5, 50),
        step(6, 60),
        saved(6, "second"),
    )
    found = {name: (one.step, one.loss) for name, one in read_story(folder).saved.items()}
    assert found == {
        "first.safetensors": (4, 2.5),
        "same step.safetensors": (4, 2.5),
        "abandoned.safetensors": (9, 7),
        "second.safetensors": (6, 55),
    }


def test_a_checkpoint_without_steps_has_no_loss(project: Project) -> None:
    folder = tell_run(project, "fred-001", started(), saved(0))
    assert read_story(folder).saved["fred.safetensors"].loss is None
