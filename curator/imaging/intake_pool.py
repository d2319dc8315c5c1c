"""Taking many files in at once, on all cores, and handing them on in their order."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from curator.core.records import Image
from curator.core.sources import Found
from curator.imaging.intake import Intake, Terms, take_in

# Files under way for each thread: enough that none waits for the one that writes.
_AHEAD = 4
Known = Callable[[str], Mapping[int, Image]]


class IntakePool:
    """Takes files in; what the project has, and what comes twice, is not decoded again."""

    def __init__(self, root: Path, terms: Terms, known: Known) -> None:
        """`root`: the project's folder. `known`: its images of a content, by frame."""
        self._root, self._terms, self._known = root, terms, known
        self._claims: dict[str, int] = {}
        self._lock = threading.Lock()

    def run(self, files: Sequence[Found]) -> Generator[Future[Intake], None, None]:
        """One ended future for each file, in their order; what nobody fetched is discarded."""
        workers = os.cpu_count() or 1
        ahead: deque[Future[Intake]] = deque()
        pool = ThreadPoolExecutor(workers, thread_name_prefix="import")
        try:
            for index, found in enumerate(files):
                ahead.append(pool.submit(self._take_in, index, found))
                if len(ahead) > workers * _AHEAD:
                    yield ahead.popleft()
            while ahead:
                yield ahead.popleft()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            for future in ahead:
                if not future.cancelled() and future.exception() is None:
                    future.result().discard()

    def take_in_now(self, found: Found) -> Intake:
        """One file, whatever else is under way."""
        return take_in(found, self._terms, lambda sha256: self._whole(self._known(sha256)))

    def _take_in(self, index: int, found: Found) -> Intake:
        return take_in(found, self._terms, lambda sha256: self._present(sha256, index))

    def _present(self, sha256: str, index: int) -> Collection[int] | None:
        """The frames that need not be made; None when the file needs no look at all."""
        known = self._known(sha256)
        whole = self._whole(known)
        takes_frames = self._terms.every is not None or bool(self._terms.moments_ms)
        is_enough = not takes_frames or all(i.frames == 1 for i in known.values())
        if (is_enough and 0 in whole) or not self._claim(sha256, index):
            return None
        return whole

    def _whole(self, known: Mapping[int, Image]) -> Collection[int]:
        return {
            frame
            for frame, image in known.items()
            if image.in_place or (self._root / image.path).exists()
            if not (self._terms.moments_ms and image.removed)  # chosen anew, it comes back
        }

    def _claim(self, sha256: str, index: int) -> bool:
        """Of equal files the first in order is taken; a later one may find out that it is late."""
        with self._lock:
            if self._claims.get(sha256, index) < index:
                return False
            self._claims[sha256] = index
            return True
