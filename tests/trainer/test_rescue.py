"""Runs that break: what is good is saved, nothing broken is, and a sentence says what helps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from tests.helpers.training import Answer, Owner
from trainer.assemble import Training, assemble
from trainer.cache import Progress
from trainer.checkpoint import load_state
from trainer.config import RunConfig
from trainer.control import Control
from trainer.errors import TrainerError
from trainer.events import Event, Finished, Note, Saved, StateSaved, Step
from trainer.ranks import Ranks

Options = Callable[..., RunConfig]
Change = Callable[[Training], None]
QUICK = {"validate_every_n_epochs": 0, "save_every_n_epochs": 0, "save_precision": "float"}


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Change], None]:
    """Has the next runs begin with a training that was changed by hand."""

    def change(work: Change) -> None:
        def assembled(config: RunConfig, progress: Progress, ranks: Ranks) -> Training:
            training = assemble(config, progress, ranks)
            work(training)
            return training

        monkeypatch.setattr("trainer.loop.assemble", assembled)

    return change


def failing(module: torch.nn.Module, call: int) -> None:
    """Have a module run out of memory at its call of this number, counted from 1."""
    calls = iter(range(1, 1_000_000))

    def fail(*_: object) -> None:
        if next(calls) == call:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    module.register_forward_pre_hook(fail)


def poison(step: int) -> Answer:
    """Break the weights after a step, as a rate that is far too high does."""

    def answer(_control: Control, event: Event) -> None:
        if isinstance(event, Step) and event.step == step:
            with torch.no_grad():
                TRAININGS[-1].parameters[0].fill_(float("nan"))

    return answer


TRAININGS: list[Training] = []


@pytest.fixture(autouse=True)
def _forget() -> Any:
    yield
    TRAININGS.clear()


def test_after_a_broken_loss_the_state_on_disk_is_whole_and_pictures_are_named(
    run: Options, train_dir: Path, changed: Callable[[Change], None]
) -> None:
    changed(TRAININGS.append)
    owner = Owner(poison(8))
    with pytest.raises(TrainerError, match="step 9 is not a number") as caught:
        owner.train(run(**QUICK, save_every_n_steps=3, save_state=True))
    assert str(train_dir) in caught.value.message
    assert "until step 6 is saved" in caught.value.hint
    assert load_state(owner.of(StateSaved)[-1].path).step == 6
    assert owner.of(Saved)[-1].step == 6


def test_without_a_state_on_disk_the_good_copy_is_saved(
    run: Options,
    changed: Callable[[Change], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("trainer.loop.KEEP_EVERY", 4)
    changed(TRAININGS.append)
    owner = Owner(poison(10))
    with pytest.raises(TrainerError, match="step 11 is not") as caught:
        owner.train(run(**QUICK, output_dir=str(tmp_path / "broken")))
    assert "until step 8 is saved" in caught.value.hint
    (saved,), (state,) = owner.of(Saved), owner.of(StateSaved)
    assert (saved.path.name, saved.step, state.step) == ("fred-step00000008.safetensors", 8, 8)
    assert load_state(state.path).is_sound
    # The copy is that of its step: a run that goes on from it ends as one without a fault.
    monkeypatch.setattr("trainer.loop.assemble", assemble)
    again = Owner().train(run(**QUICK, resume=str(state.path), output_dir=str(tmp_path / "again")))
    straight = Owner().train(run(**QUICK, output_dir=str(tmp_path / "straight")))
    one, other = (load_file(it.of(Finished)[0].checkpoints[-1]) for it in (again, straight))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_wish_to_save_broken_weights_saves_the_last_good_ones(
    run: Options, changed: Callable[[Change], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(TRAININGS.append)

    def save(control: Control, event: Event) -> None:
        if isinstance(event, Step) and event.step == 2:
            control.save_now()

    monkeypatch.setattr("trainer.loop.KEEP_EVERY", 1)
    owner = Owner(poison(2), save)
    with pytest.raises(TrainerError, match="not finite") as caught:
        owner.train(run(**QUICK))
    assert "until step 1 is saved" in caught.value.hint
    assert [event.step for event in owner.of(Saved)] == [1]  # nothing of step 2
    assert load_state(owner.of(StateSaved)[0].path).step == 1


@pytest.mark.parametrize("part", ["the pass", "the update"])
def test_out_of_memory_in_a_step_saves_what_was_trained(
    run: Options, changed: Callable[[Change], None], part: str
) -> None:
    def short(training: Training) -> None:
        if part == "the pass":
            failing(training.model.unet, 5)
        else:
            training.optimizer.register_step_pre_hook(fail_at_fifth())

    changed(short)
    owner = Owner()
    with pytest.raises(TrainerError, match="ran out while step") as caught:
        owner.train(run(**QUICK))
    assert "gradient_checkpointing" in caught.value.hint
    if part == "the pass":
        assert "until step 4 is saved" in caught.value.message
        assert [event.step for event in owner.of(StateSaved)] == [4]
        assert load_state(owner.of(StateSaved)[0].path).is_sound
    else:  # the network was between two steps, so it is set back to the copy of the beginning
        assert "Nothing is saved yet" in caught.value.message
        assert not owner.of(Saved)


def fail_at_fifth() -> Callable[..., None]:
    calls = iter(range(1, 1_000_000))

    def fail(*_: object) -> None:
        if next(calls) == 5:
            raise torch.OutOfMemoryError("CUDA out of memory.")

    return fail


def test_out_of_memory_while_pictures_are_encoded_is_told(
    run: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr("trainer.cache.Encoder.encode", short)
    with pytest.raises(TrainerError, match="pictures encoded") as caught:
        Owner().train(run())
    assert "Close other programs" in caught.value.hint


def test_out_of_memory_of_a_sample_picture_is_noted_and_the_run_goes_on(
    run: Options, changed: Callable[[Change], None], caplog: pytest.LogCaptureFixture
) -> None:
    changed(lambda training: failing(training.model.vae.decoder, 1))
    config = run(**QUICK, max_train_epochs=1, sample_prompts="fr3dd1e --s 1")
    owner = Owner().train(config)
    assert owner.of(Finished)
    assert any("--w and --h" in note.text for note in owner.of(Note))
    caplog.clear()  # the failure is logged, as it should be


def test_a_run_of_which_nothing_is_saved_is_told_to_begin_again(
    run: Options, changed: Callable[[Change], None]
) -> None:
    changed(TRAININGS.append)
    with pytest.raises(TrainerError, match="not a number") as caught:
        Owner(poison(2)).train(run(**QUICK))
    assert caught.value.hint.startswith("Nothing is saved yet. Begin again with a lower")
