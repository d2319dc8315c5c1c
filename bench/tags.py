"""How long tags take in a project of 50,000 pictures with 30 tags each.

Run: python bench/tags.py. Each row is the median of several runs, and the ratio to a yardstick: for
reading, counting all captions in Python as the peers do after each edit; for an edit, the same edit
of the bare caption with a flush to the disk.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from projects import filled

from curator.core import caption_edits, edits
from curator.core.edits import Edit
from curator.core.installed_tag_lists import known_tags
from curator.core.project import Project
from curator.core.tag_index import TagIndex
from curator.core.tag_table import tag_rows

ROWS = 50_000


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """The median of several runs."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def row(what: str, took_s: float, yard_s: float, yardstick: str) -> None:
    print(f"{what:44} {took_s * 1000:9.1f} ms   {took_s / yard_s:7.3f} x {yardstick}")


def recount_s(database: Path) -> float:
    db = sqlite3.connect(database)
    captions = [text for (text,) in db.execute("SELECT caption FROM images")]
    db.close()

    def count() -> Counter[str]:
        return Counter(tag.strip() for text in captions for tag in text.split(","))

    return seconds(count, 3)


def bare_edit_s(folder: Path) -> float:
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, caption)")
    db.execute("INSERT INTO t VALUES (1, '')")
    texts = iter(range(1000))
    took = seconds(lambda: db.execute("UPDATE t SET caption = ?", (str(next(texts)),)), 50)
    db.close()
    return took


def reading(project: Project, yard_s: float) -> None:
    index = TagIndex(known_tags()[0], project.tag_counts())
    half = range(1, ROWS // 2)
    looks: dict[str, Callable[[], object]] = {
        "counts of all tags": project.tag_counts,
        "the tag panel opens": lambda: tag_rows(project.tag_usage(), index.category_of),
        "the tag panel of a filter": lambda: project.tag_usage("tag:tag17"),
        "filter by a tag": lambda: project.select("tag:tag17"),
        "tags of 100 chosen pictures": lambda: project.tags_of(range(1, 101)),
        "tags of half of the pictures": lambda: project.tags_of(half),
        "tags of all pictures": lambda: project.tags_of(range(1, ROWS + 1)),
        "completion made anew for other counts": lambda: index.with_counts(project.tag_counts()),
    }
    for what, look in looks.items():
        row(what, seconds(look), yard_s, "a recount in Python")


def editing(project: Project, yard_s: float) -> None:
    dice = random.Random(1)
    builders: list[Edit] = []
    for number in range(60):
        [image] = project.images([dice.randrange(1, ROWS)])
        builders.append(caption_edits.set_caption([image], f"{image.caption}, new {number}"))
    waiting = iter(builders)
    row(
        "a tag is added, until it is on disk",
        seconds(lambda: project.apply(next(waiting)), 50),
        yard_s,
        "a bare flushed edit",
    )
    some = project.images(range(1, 901))
    forth = seconds(lambda: project.apply(edits.remove_images(some)), 1)
    row("900 pictures are removed", forth, yard_s, "same")
    row("undo of it", seconds(project.undo, 1), yard_s, "same")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with filled(folder / "project", ROWS) as project:
            reading(project, recount_s(folder / "project" / "project.db"))
            editing(project, bare_edit_s(folder))


if __name__ == "__main__":
    main()
