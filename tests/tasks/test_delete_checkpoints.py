"""Deleting checkpoints: into the system's trash, and nothing but them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.tasks.delete_checkpoints import delete_checkpoints

CODE = """
import json, sys
from pathlib import Path
from curator.core.jobs import Job
from curator.core.project import Project
from curator.tasks.delete_checkpoints import delete_checkpoints
with Project.open(Path(sys.argv[1]), read_only=True) as project:
    report = delete_checkpoints(Job(), project, [Path(path) for path in sys.argv[2:]])
print(json.dumps(report.as_json()))
"""

elsewhere = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="the trash lies elsewhere there"
)


@pytest.fixture
def files(project: Project) -> list[Path]:
    """Two checkpoints of one run."""
    folder = project.checkpoints_dir / "fred-001"
    folder.mkdir()
    paths = [folder / "fred-000001.safetensors", folder / "fred.safetensors"]
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


def in_a_child(project: Project, path: Path, home: Path, data: Path) -> dict[str, Any]:
    """The report of deleting a file in a process with a trash of its own."""
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(project.root), str(path)],
        env={**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(data)},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@elsewhere
def test_what_is_deleted_lies_in_the_trash(
    project: Project, files: list[Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    report = in_a_child(project, files[0], tmp_path / "home", data)
    assert report == {"deleted": [str(files[0])], "failed": []}
    (trashed,) = (data / "Trash" / "files").iterdir()
    assert trashed.read_bytes() == files[0].name.encode()
    assert [path.exists() for path in files] == [False, True]


@elsewhere
def test_a_trash_that_does_not_take_it_is_told(
    project: Project, files: list[Path], tmp_path: Path
) -> None:
    no_folder = tmp_path / "data"
    no_folder.write_bytes(b"")
    report = in_a_child(project, files[0], tmp_path / "home", no_folder)
    assert report["deleted"] == []
    assert "The trash did not take it" in report["failed"][0]["reason"]
    assert files[0].exists()


def test_what_is_no_checkpoint_of_the_project_stays(
    project: Project, files: list[Path], tmp_path: Path
) -> None:
    outside = tmp_path / "mine" / "other.safetensors"
    outside.parent.mkdir()
    outside.write_bytes(b"mine")
    notes = files[0].with_name("notes.txt")
    notes.write_bytes(b"")
    link = files[0].with_name("link.safetensors")
    way_out = project.checkpoints_dir / "way out"
    up = project.checkpoints_dir / "fred-001" / ".." / ".." / "project.db.safetensors"
    up.write_bytes(b"")
    wrong = [outside, notes, files[0].with_name("gone.safetensors"), files[0].parent, up]
    if os.name == "posix":
        link.symlink_to(outside)
        way_out.symlink_to(outside.parent)
        wrong += [link, way_out / "other.safetensors"]
    report = delete_checkpoints(Job(), project, wrong)
    assert report.deleted == ()
    assert [path for path, _reason in report.failed] == wrong
    assert outside.read_bytes() == b"mine"
    assert up.exists()


def test_cancelling_deletes_nothing_more(project: Project, files: list[Path]) -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        delete_checkpoints(job, project, files)
    assert all(path.exists() for path in files)
