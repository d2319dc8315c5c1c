"""Keeps a project's cache of pictures within its bounds: thumbnails, and what heavy steps gave."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from curator.core.jobs import Job
from curator.imaging.made_steps import FOLDER as STEPS

STEPS_SHARE = 4  # what heavy steps gave is larger and dearer, and may take so much more


def trim_thumbnails(job: Job, cache_dir: Path, most_bytes: int) -> int:
    """Delete what was made longest ago until the rest fits; returns how many files.

    `most_bytes`: of thumbnails. Each can be made again from its picture.
    """
    small = _trimmed(job, cache_dir / "thumbnails", most_bytes)
    return small + _trimmed(job, cache_dir / STEPS, most_bytes * STEPS_SHARE)


def _trimmed(job: Job, cache: Path, most_bytes: int) -> int:
    found = []
    with suppress(FileNotFoundError), os.scandir(cache) as folders:
        for done, folder in enumerate(folders):
            job.progress(done, 0, "Looking at the cache")
            if not folder.is_dir():
                continue
            with os.scandir(folder) as entries:
                found += [(e.stat().st_mtime, e.stat().st_size, e.path) for e in entries]
    total = sum(size for _made, size, _path in found)
    dropped = 0
    for _made, size, path in sorted(found):
        if total <= most_bytes:
            break
        job.check()
        with suppress(OSError):  # in use, or gone already
            Path(path).unlink()
            total -= size
            dropped += 1
    return dropped
