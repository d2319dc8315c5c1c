"""Works through many items in several threads, handing the results over in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from curator.core.jobs import Job

THREADS = min(8, os.cpu_count() or 1)
AHEAD = 3 * THREADS
Item = TypeVar("Item")
Result = TypeVar("Result")


def in_threads(
    job: Job,
    work: Callable[[Item], Result],
    items: Sequence[Item],
    note: Callable[[Item], str],
    begin: Callable[[], None] = lambda: None,
    ahead: int = AHEAD,
) -> Iterator[tuple[Item, Result]]:
    """Yield each item with `work(item)`, in order, reporting progress per item.

    What `work` raises comes out here. After that, or when the job is cancelled, work that has not
    begun is dropped and work under way is waited for. `begin` is called in each thread first.
    `ahead`: how many may be finished or under way but not yet taken.
    """
    coming, under_way = iter(items), deque[tuple[Item, Future[Result]]]()
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="parallel", initializer=begin)
    try:
        for done in range(len(items)):
            for item in islice(coming, ahead - len(under_way)):
                under_way.append((item, pool.submit(work, item)))
            item, future = under_way.popleft()
            job.progress(done, len(items), note(item))
            yield item, future.result()
        job.progress(len(items), len(items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
