"""Checkpoints from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.project import Project
from tests.helpers.base_models import header_only
from tests.helpers.commands import CommandLine
from tests.helpers.runs import tell_run
from trainer.events import Saved, Step


@pytest.fixture
def trained(curator: CommandLine, tmp_path: Path) -> Path:
    """A project with one checkpoint."""
    root = tmp_path / "trained"
    curator("new", root)
    with Project.open(root) as project:
        path = header_only(project.checkpoints_dir / "fred-001" / "fred.safetensors", {"x": (9,)})
        tell_run(project, "fred-001", Step(1, 1, 0.25, 1e-4, None), Saved(path, 1, 1))
    return root


def test_checkpoints_are_listed_with_their_loss(curator: CommandLine, trained: Path) -> None:
    (row,) = curator.ask("loras", trained)
    assert row["path"] == str(trained / "checkpoints/fred-001/fred.safetensors")
    assert (row["run"], row["epoch"], row["step"], row["loss"]) == ("fred-001", 1, 1, 0.25)
    assert "epoch   1  step      1  loss 0.2500" in curator("loras", trained).out


def test_what_is_no_checkpoint_is_not_deleted(curator: CommandLine, trained: Path) -> None:
    database = trained / "project.db"
    said = curator("loras", trained, "--delete", database, "--json", code=1)
    assert said.json["failed"] == [
        {"path": str(database), "reason": "It is not a checkpoint file."}
    ]
    assert "stays: It is not a checkpoint file." in said.err
    assert database.is_file()
