"""Pictures that are held out: which, that they are never trained, and what they are for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.helpers.training import Owner, write_pictures
from trainer.config import RunConfig
from trainer.dataset import read_dataset
from trainer.errors import TrainerError
from trainer.events import Validated
from trainer.held_out import held_out

Options = Callable[..., RunConfig]


@pytest.fixture
def data(tmp_path: Path) -> dict[str, str]:
    write_pictures(tmp_path / "img" / "2_red", ((64, 64),) * 4)
    write_pictures(tmp_path / "img" / "1_blue", ((64, 64),) * 2)
    write_pictures(tmp_path / "reg" / "1_creature", ((64, 64),) * 3)
    return {"train_data_dir": str(tmp_path / "img"), "reg_data_dir": str(tmp_path / "reg")}


def test_a_share_of_each_folder_is_held_out_and_never_shown(
    run: Options, data: dict[str, str]
) -> None:
    config = run(**data, validation_split=0.5)
    dataset = read_dataset(config)
    apart = held_out(dataset)
    assert sorted(dataset.items[at].folder for at in apart) == ["1_blue", "2_red", "2_red"]
    plan = dataset.plan(config)
    steps = range(plan.steps_per_epoch)
    shown = {at for step in steps for batch in plan.batches(step) for at in batch.items}
    assert shown == set(range(len(dataset.items))) - set(apart)
    assert "3 pictures are held out" in dataset.notes[-1]
    assert dataset.showings(is_reg=True) == dataset.showings(is_reg=False) == 5
    assert not held_out(read_dataset(replace(config, validation_split=0.0)))


def test_which_pictures_are_held_out_depends_on_the_seed_alone(
    run: Options, data: dict[str, str]
) -> None:
    config = run(**data, validation_split=0.5)

    def chosen(**options: int) -> list[int]:
        return held_out(read_dataset(replace(config, **options)))

    assert chosen() == chosen(validation_seed=config.seed)
    assert chosen(seed=7, validation_seed=1) == chosen(seed=8, validation_seed=1)
    assert len({tuple(chosen(seed=seed)) for seed in range(9)}) > 1


@pytest.mark.parametrize(("share", "words"), [(0.05, "no picture"), (0.9, "every picture")])
def test_a_share_that_leaves_nothing_on_one_side_is_refused(
    run: Options, data: dict[str, str], share: float, words: str
) -> None:
    config = run(**data, validation_split=share)
    with pytest.raises(TrainerError, match=words):
        read_dataset(config)


def test_the_loss_of_held_out_pictures_stands_beside_that_of_trained_ones(
    run: Options, data: dict[str, str]
) -> None:
    config = run(**data, validation_split=0.5, max_train_epochs=1, max_validation_steps=8)
    begun, ended = Owner().train(config).of(Validated)
    assert None not in (begun.train_loss, ended.train_loss)
    assert begun.loss != begun.train_loss
    assert (ended.loss, ended.train_loss) != (begun.loss, begun.train_loss)
