"""The list of checkpoints, from events, files and what the files say of themselves."""

from __future__ import annotations

from pathlib import Path

from curator.core.checkpoints import Checkpoint, list_checkpoints
from curator.core.project import Project
from tests.helpers.base_models import header_only
from tests.helpers.runs import tell_run
from trainer.events import Event, Sampled, Saved, Started, Step, Validated

STARTED = Started(12, 2, 6, 3, 0, 0, "cpu", "no")


def saved_file(project: Project, run: str, name: str, **metadata: str) -> Path:
    return header_only(project.checkpoints_dir / run / name, {"x": (4,)}, metadata)


def epoch(number: int, name: str, root: str = "/elsewhere") -> list[Event]:
    """An epoch of two steps with its checkpoint and its two sample pictures."""
    last = 2 * number
    pictures = [Path(f"{root}/{name}_{seed}.png") for seed in (1, 2)]
    return [
        *(Step(n, number, n / 10, 1e-4, None) for n in (last - 1, last)),
        Validated(last, number, 0.5 / number),
        Saved(Path(f"{root}/{name}.safetensors"), number, last),
        *(Sampled(path, number, last) for path in pictures),
    ]


def test_a_checkpoint_is_listed_with_what_its_run_told(project: Project) -> None:
    tell_run(project, "fred-001", STARTED, *epoch(1, "fred-000001"), *epoch(2, "fred"))
    first = saved_file(project, "fred-001", "fred-000001.safetensors")
    last = saved_file(project, "fred-001", "fred.safetensors")
    picture = project.samples_dir / "fred-001" / "fred_2.png"
    picture.parent.mkdir()
    picture.write_bytes(b"")
    assert list_checkpoints(project) == [
        Checkpoint(
            path=last,
            run="fred-001",
            epoch=2,
            step=4,
            loss=0.35,
            validation_loss=0.25,
            size_bytes=last.stat().st_size,
            created=last.stat().st_mtime,
            samples=(picture,),  # the other one was deleted
        ),
        Checkpoint(
            path=first,
            run="fred-001",
            epoch=1,
            step=2,
            loss=0.15000000000000002,
            validation_loss=0.5,
            size_bytes=first.stat().st_size,
            created=first.stat().st_mtime,
            samples=(),
        ),
    ]


def test_the_newest_run_comes_first_and_one_without_a_folder_last(project: Project) -> None:
    for run in ("fred-009", "fred-010"):
        tell_run(project, run, STARTED, *epoch(1, run))
    for run in ("fred-009", "fred-010", "older"):
        saved_file(project, run, f"{run}.safetensors")
    tell_run(project, "fred-009")  # it goes on
    assert [one.run for one in list_checkpoints(project)] == ["fred-009", "fred-010", "older"]


def test_a_file_of_which_no_event_tells_says_itself_what_it_is(project: Project) -> None:
    saved_file(project, "fred-001", "fred.safetensors", ss_epoch="3", ss_steps="18")
    saved_file(project, "fred-001", "odd.safetensors", ss_epoch="-3", ss_steps="9" * 5000)
    (project.checkpoints_dir / "fred-001" / "half.safetensors").write_bytes(b"half")
    (project.checkpoints_dir / "fred-001" / "notes.txt").write_bytes(b"")
    (project.checkpoints_dir / "loose.safetensors").write_bytes(b"")
    found = {one.path.stem: (one.epoch, one.step, one.loss) for one in list_checkpoints(project)}
    assert found == {"fred": (3, 18, None), "odd": (0, 0, None), "half": (0, 0, None)}


def test_paths_of_another_system_are_known_by_their_names(project: Project) -> None:
    tell_run(project, "fred-001", STARTED, *epoch(1, "fred", root=r"C:\old\checkpoints"))
    folder = project.runs_dir / "fred-001" / "events.jsonl"
    folder.write_text(folder.read_text().replace("/fred", r"\\fred"))
    saved_file(project, "fred-001", "fred.safetensors")
    assert [one.step for one in list_checkpoints(project)] == [2]


def test_a_project_without_checkpoints_lists_none(project: Project) -> None:
    assert list_checkpoints(project) == []
