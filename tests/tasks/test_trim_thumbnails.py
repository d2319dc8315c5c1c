"""The bounds of the thumbnail cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from curator.core.jobs import Cancelled, Job
from curator.imaging.made_steps import behind_path
from curator.imaging.thumbnails import thumbnail_path, write_thumbnail
from curator.tasks.trim_thumbnails import STEPS_SHARE, trim_thumbnails
from tests.helpers.pictures import draw


def made(cache_dir: Path, count: int) -> list[Path]:
    """Thumbnails, the first one made first."""
    paths = [thumbnail_path(cache_dir, f"{n:064x}"[::-1], 0) for n in range(count)]
    for age, path in enumerate(reversed(paths)):
        write_thumbnail(path, draw(age))
        os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return paths


def test_the_oldest_thumbnails_go_until_the_rest_fits(tmp_path: Path) -> None:
    paths = made(tmp_path, 6)
    kept_bytes = sum(path.stat().st_size for path in paths[4:])
    assert trim_thumbnails(Job(), tmp_path, kept_bytes) == 4
    assert [path.exists() for path in paths] == [False] * 4 + [True] * 2


def test_a_cache_within_its_bounds_stays_whole(tmp_path: Path) -> None:
    paths = made(tmp_path, 3)
    assert trim_thumbnails(Job(), tmp_path, 1 << 30) == 0
    assert all(path.exists() for path in paths)


def test_what_heavy_steps_gave_is_trimmed_too(tmp_path: Path) -> None:
    paths = [behind_path(tmp_path, f"{n:064x}"[::-1]) for n in range(3)]
    for age, path in enumerate(reversed(paths)):
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(1000))
        os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    assert trim_thumbnails(Job(), tmp_path, 1000 // STEPS_SHARE + 1) == 2
    assert [path.exists() for path in paths] == [False, False, True]


def test_a_project_without_thumbnails_has_nothing_to_trim(tmp_path: Path) -> None:
    assert trim_thumbnails(Job(), tmp_path, 0) == 0


def test_trimming_can_be_cancelled(tmp_path: Path) -> None:
    paths = made(tmp_path, 3)
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        trim_thumbnails(job, tmp_path, 0)
    assert all(path.exists() for path in paths)
