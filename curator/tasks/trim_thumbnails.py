"""Keeps a project's thumbnail cache within its bounds."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from curator.core.jobs import Job


def trim_thumbnails(job: Job, cache_dir: Path, most_bytes: int) -> int:
    """Delete the thumbnails that were made longest ago until the rest fits; returns how many.

    Each can be made again from its picture.
    """
    found = []
    with suppress(FileNotFoundError), os.scandir(cache_dir / "thumbnails") as folders:
        for done, folder in enumerate(folders):
            job.progress(done, 0, "Looking at thumbnails")
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
