"""Curves for TensorBoard, under sd-scripts' names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trainer.config import RunConfig, parse_options
from trainer.errors import TrainerError
from trainer.events import Event, Note, Started, Step, Validated
from trainer.trackers import tracked


def config(folder: Path, **options: object) -> RunConfig:
    values = {"logging_dir": str(folder), "output_name": "fred", "log_with": "tensorboard"}
    return parse_options(values | options)


def tell(run: RunConfig, first_step: int, *events: Event) -> list[Event]:
    heard: list[Event] = []
    with tracked(heard.append, run) as emit:
        emit(Started(10, 5, 2, 5, 0, first_step, "cpu", "no"))
        for event in events:
            emit(event)
    return heard[1:]


def points(folder: Path) -> dict[tuple[str, int], float]:
    """What a reader of event files shows: each is preceded by its length and followed by a sum."""
    from tensorboardX.proto.event_pb2 import Event as Record

    found: dict[tuple[str, int], float] = {}
    for path in sorted(folder.glob("events.*")):
        data = path.read_bytes()
        while data:
            length = int.from_bytes(data[:8], "little")
            record = Record.FromString(data[12 : 12 + length])
            if record.HasField("session_log"):
                found = {key: it for key, it in found.items() if key[1] < record.step}
            for value in record.summary.value:
                found[value.tag, record.step] = value.simple_value
            data = data[16 + length :]
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_curves_have_the_names_that_sd_scripts_gives_them(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    losses = {1: 0.5, 2: 0.25, 3: 0.75}
    steps = [Step(step, (step + 1) // 2, loss, 1e-4, None) for step, loss in losses.items()]
    events = [*steps[:2], Validated(2, 1, 0.125, 0.0625), steps[2]]
    assert tell(config(tmp_path), 0, *events) == events
    found = points(tmp_path / "fred")
    assert {key: it for key, it in found.items() if key[0].startswith("loss/")} == {
        ("loss/current", 1): 0.5,
        ("loss/current", 2): 0.25,
        ("loss/current", 3): 0.75,
        ("loss/average", 1): 0.5,
        ("loss/average", 2): 0.375,
        ("loss/average", 3): 0.5,
        ("loss/epoch_average", 1): 0.375,
        ("loss/validation/epoch_average", 1): 0.125,
        ("loss/validation/trained", 1): 0.0625,
    }
    assert found["lr/unet", 3] == pytest.approx(1e-4)
    assert (tmp_path / "fred.csv").is_file()

    # A run that goes on from step 2 takes back what a cut-off one told beyond it.
    tell(config(tmp_path), 2, Step(3, 2, 0.125, 1e-4, None))
    again = points(tmp_path / "fred")
    assert again["loss/current", 2] == 0.25
    assert again["loss/current", 3] == 0.125


@pytest.mark.parametrize("name", ["tensorboard", "wandb"])
def test_a_missing_package_is_told_before_the_work(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("torch.utils.tensorboard", "tensorboardX", "wandb"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(TrainerError, match="installed") as caught:
        tell(config(tmp_path, log_with=name), 0)
    assert "csv" in caught.value.hint


def test_tables_alone_need_no_package(tmp_path: Path) -> None:
    run = config(tmp_path, log_with="csv")
    assert tell(run, 0, Note("hello")) == [Note("hello")]
    assert [path.name for path in tmp_path.iterdir()] == ["fred.csv"]


def test_curves_without_a_folder_are_refused() -> None:
    with pytest.raises(TrainerError, match="no folder"):
        parse_options({"log_with": "tensorboard"})
