"""What runs save, keep and put away, and how they go on exactly wherever they were stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from tests.helpers.training import Answer, Owner
from tests.trainer.conftest import runs_in
from trainer.checkpoint import STATE_FILE, load_state, save_state
from trainer.config import RunConfig
from trainer.control import Control
from trainer.errors import TrainerError
from trainer.events import Event, Finished, Sampled, Saved, StateSaved, Step, Stopped

Options = Callable[..., RunConfig]
STEPS = 8  # of a demanding run: two epochs of four
DEMANDING = {
    "save_every_n_steps": 5,
    "sample_every_n_steps": 4,
    "sample_prompts": "fr3dd1e --s 1 --ss euler_a",
    "sample_every_n_epochs": 0,
    "ema_decay": 0.9,
    "network_dropout": 0.1,
    "optimizer_type": "Prodigy",
    "learning_rate": 1,
    "lr_scheduler": "cosine",
    "validation_split": 0.3,
    "shuffle_caption": True,
    "flip_aug": True,
    "save_precision": "float",
}
TABLES = ("fred.csv", "fred-pictures.csv")
OF_THE_RUN = ("ss_session_id", "ss_training_started_at")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.safetensors"))


def metadata(path: Path) -> dict[str, str]:
    with safe_open(path, framework="pt") as file:
        found: dict[str, str] = file.metadata()
    return found


def stop_at(step: int) -> Answer:
    def answer(control: Control, event: Event) -> None:
        if isinstance(event, Step) and event.step == step:
            control.stop()

    return answer


def demanding(folder: Path, practice: Path, train_dir: Path, **more: object) -> RunConfig:
    values = DEMANDING | {"logging_dir": str(folder / "logs"), "cache_dir": str(practice.parent)}
    return runs_in(folder, practice, train_dir)(**values, **more)


@pytest.fixture(scope="module")
def straight(
    tmp_path_factory: pytest.TempPathFactory, practice: Path, train_dir: Path
) -> tuple[Owner, Path]:
    folder = tmp_path_factory.mktemp("straight")
    return Owner().train(demanding(folder, practice, train_dir)), folder


@settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate])
@given(stops=st.lists(st.integers(1, STEPS - 1), min_size=2, max_size=2, unique=True))
def test_a_run_stopped_twice_anywhere_is_the_one_that_was_never_stopped(
    straight: tuple[Owner, Path], practice: Path, train_dir: Path, stops: list[int]
) -> None:
    whole, there = straight
    with TemporaryDirectory() as name:
        here = Path(name)
        resume: dict[str, str] = {}
        events: list[Event] = []
        for step in sorted(stops):
            part = Owner(stop_at(step)).train(demanding(here, practice, train_dir, **resume))
            assert part.events[-1] == Stopped(step)
            events += part.events
            resume = {"resume": str(part.of(StateSaved)[-1].path)}
        last = Owner().train(demanding(here, practice, train_dir, **resume))
        events += last.events

        for kind in (Step, Sampled):
            assert told(events, kind) == told(whole.events, kind)
        for table in TABLES:
            assert (here / "logs" / table).read_text() == (there / "logs" / table).read_text()
        checkpoints = last.of(Finished)[0].checkpoints
        assert {path.name for path in whole.of(Finished)[0].checkpoints} <= {
            path.name for path in checkpoints
        }
        for path in whole.of(Finished)[0].checkpoints:
            one, other = load_file(path), load_file(here / "checkpoints" / path.name)
            assert all(torch.equal(one[key], other[key]) for key in one)
            first, second = metadata(path), metadata(here / "checkpoints" / path.name)
            assert {key for key in first if first[key] != second[key]} <= {
                *OF_THE_RUN,
                *("ss_training_finished_at", "sshs_legacy_hash", "modelspec.date"),
            }
        of_the_run = {tuple(metadata(path)[key] for key in OF_THE_RUN) for path in checkpoints}
        assert len(of_the_run) == 1  # also after a second resume it is the same run


def told(events: list[Event], kind: type[Event]) -> list[tuple[object, ...]]:
    """The numbers and names of events of one kind, without what the clock says."""
    return [
        (event.step, event.epoch, event.loss if isinstance(event, Step) else event.path.name)
        for event in events
        if isinstance(event, kind) and isinstance(event, Step | Sampled)
    ]


def test_steps_and_epochs_are_saved_beside_each_other(run: Options) -> None:
    config = run(save_every_n_steps=3, save_every_n_epochs=1, save_state=True)
    owner = Owner().train(config)
    assert [(event.path.name, event.epoch, event.step) for event in owner.of(Saved)] == [
        ("fred-step00000003.safetensors", 1, 3),
        ("fred-step00000006.safetensors", 1, 6),
        ("fred-000001.safetensors", 1, 6),
        ("fred-step00000009.safetensors", 2, 9),
        ("fred.safetensors", 2, 12),
    ]
    assert [event.step for event in owner.of(StateSaved)] == [3, 6, 6, 9, 12]


def test_only_the_last_are_kept_and_nothing_that_others_wrote(run: Options) -> None:
    config = run(
        max_train_epochs=4,
        save_last_n_epochs=2,
        save_every_n_steps=4,
        save_last_n_steps=8,
        validate_every_n_epochs=0,
    )
    config.output_dir.mkdir()
    foreign = config.output_dir / "fred-step00000004-mine.safetensors"
    save_file({"a": torch.zeros(1)}, foreign)

    def replace_one(_control: Control, event: Event) -> None:
        if isinstance(event, Saved) and event.path.name == "fred-step00000008.safetensors":
            save_file({"a": torch.zeros(1)}, event.path)  # its owner has put another one there

    owner = Owner(replace_one).train(config)
    kept = ["fred-000002", "fred-000003", "fred-step00000008", "fred-step00000012"]
    kept += ["fred-step00000016", "fred-step00000020"]
    finished = {path.stem for path in owner.of(Finished)[0].checkpoints}
    assert finished == {*kept, "fred"}
    assert names(config.output_dir) == sorted(
        f"{name}.safetensors" for name in [*kept, "fred", foreign.stem]
    )


def test_a_resumed_run_puts_away_what_it_wrote_before_and_no_finished_one(run: Options) -> None:
    options = {"save_state": True, "save_last_n_epochs": 1, "validate_every_n_epochs": 0}
    first = Owner().train(run(max_train_epochs=2, **options))
    folder = first.of(Saved)[0].path.parent
    assert names(folder) == ["fred-000001.safetensors", "fred.safetensors"]
    state = str(first.of(StateSaved)[-1].path)
    Owner(after(Saved, Control.stop)).train(run(max_train_epochs=5, resume=state, **options))
    # Epoch 2 was finished then, without a number, so epoch 3 has nothing to replace but that.
    assert names(folder) == [
        "fred-000001.safetensors",
        "fred-000003.safetensors",
        "fred.safetensors",
    ]
    Owner().train(run(max_train_epochs=5, resume=state, **options))
    assert names(folder) == [
        "fred-000001.safetensors",
        "fred-000004.safetensors",
        "fred.safetensors",
    ]


def after(kind: type[Event], verb: Callable[[Control], None]) -> Answer:
    def answer(control: Control, event: Event) -> None:
        if isinstance(event, kind):
            verb(control)

    return answer


def test_what_goes_into_the_trash_is_there(run: Options, system_trash: Path) -> None:
    config = run(max_train_epochs=3, save_last_n_epochs=1, superseded="trash")
    Owner().train(config)
    assert [path.name for path in system_trash.iterdir()] == ["fred-000001.safetensors"]
    assert names(config.output_dir) == ["fred-000002.safetensors", "fred.safetensors"]


def test_states_of_the_last_epochs_are_kept_apart(run: Options) -> None:
    config = run(
        max_train_epochs=4,
        save_state=True,
        save_last_n_epochs_state=2,
        save_every_n_steps=4,
        save_last_n_steps_state=4,
        validate_every_n_epochs=0,
    )
    owner = Owner().train(config)
    folder = owner.of(StateSaved)[-1].path
    assert {path.name: load_state(path).step for path in folder.iterdir() if path.is_dir()} == {
        "000002": 12,
        "000003": 18,
        "step00000016": 16,
        "step00000020": 20,
    }
    assert load_state(folder).step == 24


def test_the_state_at_the_end_can_be_asked_for_alone(run: Options) -> None:
    owner = Owner().train(run(save_state_on_train_end=True, validate_every_n_epochs=0))
    assert [event.step for event in owner.of(StateSaved)] == [12]
    assert (owner.of(StateSaved)[0].path / STATE_FILE).is_file()


def test_a_run_stops_after_the_epoch_and_goes_on_from_there(run: Options) -> None:
    config = run(save_every_n_epochs=0, validate_every_n_epochs=0)
    owner = Owner(after(Step, Control.stop_after_epoch)).train(config)
    assert owner.events[-1] == Stopped(6)
    assert [event.path.name for event in owner.of(Saved)] == ["fred-step00000006.safetensors"]
    assert [event.step for event in owner.of(StateSaved)] == [6]


def test_stopping_after_the_last_epoch_is_finishing(run: Options) -> None:
    config = run(max_train_epochs=1)
    assert Owner(after(Step, Control.stop_after_epoch)).train(config).of(Finished)


def test_samples_come_before_the_first_step_and_every_n_steps(run: Options) -> None:
    config = run(
        sample_prompts="fr3dd1e --s 1",
        sample_at_first=True,
        sample_every_n_steps=4,
        sample_every_n_epochs=0,
        validate_every_n_epochs=0,
    )
    owner = Owner().train(config)
    assert [(event.path.name, event.epoch, event.step) for event in owner.of(Sampled)] == [
        ("fred_e000000_00_42.png", 0, 0),
        ("fred_00000004_00_42.png", 1, 4),
        ("fred_00000008_00_42.png", 2, 8),
        ("fred_e000002_00_42.png", 2, 12),
    ]


def test_a_state_from_before_there_was_an_option_is_taken(
    run: Options, finished: Owner, tmp_path: Path
) -> None:
    state = load_state(finished.of(StateSaved)[-1].path)
    older = {name: it for name, it in state.identity.items() if name != "timestep_sampling"}
    save_state(tmp_path / "older", replace(state, identity=older, started=0.0, session=""))
    resume = {"resume": str(tmp_path / "older"), "network_alpha": 2, "max_train_epochs": 1}
    assert Owner().train(run(**resume)).of(Finished)
    with pytest.raises(TrainerError, match="timestep_sampling changed"):
        Owner().train(run(**resume, timestep_sampling="sigmoid"))
