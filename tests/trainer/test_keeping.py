"""Which checkpoints go, and that nothing goes that a run did not write."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from trainer.keeping import is_own, outlived_epoch, outlived_step, put_away

COUNTS = st.integers(1, 20)


@pytest.mark.parametrize(
    ("epoch", "every", "last", "gone"),
    [(3, 1, 2, 1), (2, 1, 2, None), (6, 2, 2, 2), (4, 2, 2, None), (9, 1, 0, None)],
)
def test_of_epochs_the_last_n_stay(epoch: int, every: int, last: int, gone: int | None) -> None:
    assert outlived_epoch(epoch, every, last) == gone


@pytest.mark.parametrize(
    ("step", "every", "last", "gone"),
    [
        (50, 10, 30, 10),  # sd-scripts' own example: 20, 30 and 40 are at most 30 steps old
        (40, 10, 30, None),
        (300, 100, 100, 100),
        (300, 100, 99, 200),
        (500, 10, 0, None),
    ],
)
def test_of_steps_those_within_the_last_n_steps_stay(
    step: int, every: int, last: int, gone: int | None
) -> None:
    assert outlived_step(step, every, last) == gone


@given(every=COUNTS, last=COUNTS, saves=COUNTS)
def test_what_stays_are_the_last_ones(every: int, last: int, saves: int) -> None:
    of_epochs, of_steps = set(), set()
    for number in range(every, every * saves + 1, every):
        of_epochs.add(number)
        of_epochs.discard(outlived_epoch(number, every, last) or 0)
        of_steps.add(number)
        of_steps.discard(outlived_step(number, every, last) or 0)
    newest = every * saves
    assert of_epochs == set(range(every, newest + 1, every)[-last:])
    assert of_steps == {one for one in range(every, newest + 1, every) if one >= newest - last}


def test_a_checkpoint_of_another_run_is_not_its_own(tmp_path: Path) -> None:
    path, other, text = (tmp_path / name for name in ("a.safetensors", "b.safetensors", "c.txt"))
    save_file({"a": torch.zeros(1)}, path, {"ss_session_id": "7"})
    save_file({"a": torch.zeros(1)}, other, {"ss_session_id": "8"})
    text.write_text("no checkpoint")
    (tmp_path / "link").symlink_to(path)
    found = {one.name for one in tmp_path.iterdir() if is_own(one, "7")}
    assert found == {"a.safetensors"}
    assert not is_own(tmp_path / "gone", "7")


def test_what_is_deleted_is_gone_and_what_is_not_there_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.touch()
    assert [put_away(path, "delete"), put_away(path, "delete")] == ["", ""]
    assert not path.exists()


def test_what_cannot_be_deleted_stays_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder" / "full").mkdir(parents=True)
    assert "folder was kept" in put_away(tmp_path / "folder", "delete")


def test_the_trash_takes_what_is_put_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    path = tmp_path / "a.safetensors"
    path.write_text("weights")
    assert put_away(path, "trash") == ""
    assert not path.exists()
