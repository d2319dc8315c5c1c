"""A run in a folder of its own, which trains the same when nothing of the old place is left."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.training import Owner, write_pictures
from trainer.buckets import BucketRule
from trainer.config import RunConfig, dump_run, load_run
from trainer.control import Control
from trainer.errors import TrainerError
from trainer.events import Event, Finished, Started, Step
from trainer.interop.dataset_toml import DatasetFolder, write_dataset_toml
from trainer.tools.pack import main, pack

Options = Callable[..., RunConfig]


def test_a_packed_run_goes_on_elsewhere_from_its_state(
    run: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old"
    write_pictures(old / "dataset" / "2_cat", ((64, 64), (64, 64)))
    write_pictures(old / "elsewhere" / "cat", ((64, 64),))
    config = run()
    folders = [
        DatasetFolder(image_dir=old / "dataset" / "2_cat", num_repeats=2, class_tokens="cat"),
        DatasetFolder(image_dir=old / "elsewhere" / "cat", num_repeats=1, class_tokens="cat"),
    ]
    toml = old / "dataset" / "dataset.toml"
    toml.write_text(write_dataset_toml(folders, BucketRule.of(config), 2), "utf-8")
    data = {"train_data_dir": None, "dataset_config": str(toml), "output_dir": str(old / "out")}

    def stop(control: Control, event: Event) -> None:
        if isinstance(event, Step) and event.step == 1:
            control.stop()

    broken = run(**data)
    Owner(stop).train(broken)
    (old / "run.toml").write_text(dump_run(broken), "utf-8")
    new = tmp_path / "new"
    assert main([str(old / "run.toml"), str(new), "--with-base"]) == 0
    assert "goes on from its saved state" in capsys.readouterr().out
    shutil.rmtree(old)

    packed = load_run(new / "run.toml")
    owner = Owner().train(packed)
    assert owner.of(Started)[0].first_step == 1
    assert owner.of(Started)[0].images == 3
    (*_, last) = owner.of(Finished)[0].checkpoints
    assert last == new / "checkpoints" / "fred.safetensors"
    assert packed.pretrained_model_name_or_path.startswith(str(new / "base"))


def test_kohya_folders_are_packed_and_the_base_is_asked_for(run: Options, tmp_path: Path) -> None:
    said = list(pack(run(), tmp_path / "new", with_base=False))
    assert any("Put the base model" in line for line in said)
    packed = load_run(tmp_path / "new" / "run.toml")
    assert packed.train_data_dir == tmp_path / "new" / "train_data_dir"
    assert [path.name for path in packed.train_data_dir.iterdir()] == ["2_fr3dd1e creature"]
    assert packed.resume is None
    with pytest.raises(TrainerError, match="exists already"):
        list(pack(run(), tmp_path / "new", with_base=False))
