"""A practice model and a few pictures that all tests of the trainer share, and runs on them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.training import Owner, write_pictures
from trainer.config import RunConfig, parse_options

Options = Callable[..., RunConfig]
SIZES = ((96, 64), (64, 64), (64, 96), (80, 80), (64, 64), (100, 100))


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the practice model is made once."""
    import torch

    from trainer.practice import practice_model

    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("practice")
    practice_model(folder)
    return folder


@pytest.fixture(scope="session")
def practice(model_dir: Path) -> Path:
    """The practice model as a diffusers folder."""
    return next(path for path in model_dir.iterdir() if path.name.startswith("practice-model"))


@pytest.fixture(scope="session")
def train_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six pictures with captions in a Kohya folder with two repeats, of several shapes."""
    folder = tmp_path_factory.mktemp("train")
    write_pictures(folder / "2_fr3dd1e creature", SIZES)
    return folder


@pytest.fixture
def run(tmp_path: Path, practice: Path, train_dir: Path) -> Options:
    """A run on the practice model at 64 pixels, as quick as can be; options may be replaced."""
    return runs_in(tmp_path, practice, train_dir)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, practice: Path, train_dir: Path) -> Owner:
    """One epoch of such a run to the end, with its state and its log; nothing changes its files."""
    folder = tmp_path_factory.mktemp("finished")
    run = runs_in(folder, practice, train_dir)
    log = str(folder / "logs")
    precise = {"save_precision": "float", "training_comment": "fr3dd1e", "network_alpha": 2}
    return Owner().train(run(max_train_epochs=1, save_state=True, logging_dir=log, **precise))


def runs_in(folder: Path, practice: Path, train_dir: Path) -> Options:
    """What makes runs whose files are put into `folder`."""

    def make(**options: object) -> RunConfig:
        values: dict[str, object] = {
            "pretrained_model_name_or_path": str(practice),
            "train_data_dir": str(train_dir),
            "output_dir": str(folder / "checkpoints"),
            "output_name": "fred",
            "resolution": "64",
            "min_bucket_reso": 64,
            "max_bucket_reso": 128,
            "train_batch_size": 2,
            "max_train_epochs": 2,
            "learning_rate": 1e-3,
            "network_dim": 4,
            "network_alpha": 4,
            "mixed_precision": "no",
            "device": "cpu",
            "torch_threads": 1,
            "max_validation_steps": 2,
        }
        return parse_options(values | options)

    return make


@pytest.fixture
def pipeline(practice: Path) -> Iterator[Any]:
    """The practice model in diffusers, whose own warnings are not ours to fail on."""
    from diffusers import DDIMScheduler, StableDiffusionPipeline

    from trainer.quiet import quiet

    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = StableDiffusionPipeline.from_pretrained(practice, local_files_only=True)
        loaded.scheduler = DDIMScheduler.from_config(loaded.scheduler.config)
        loaded.set_progress_bar_config(disable=True)
        yield loaded
