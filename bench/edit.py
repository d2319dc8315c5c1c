"""How long editing takes: one rating, ten thousand captions at once, undo; looking at 100,000.

Run: python bench/edit.py. Each row is the median of several runs and the ratio to a yardstick of
the same run: for a rating a bare SQLite transaction with one row and a flush, for the bulk edit and
its undo a bare executemany of the same captions (no journal, tag index or token count), for
filters, facets and groups a scan of all captions of the same table.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from projects import filled

from curator.core import caption_edits, edits
from curator.core.project import Project
from curator.core.records import Rating

ROWS = 100_000
BULK = 10_000
FILTERS = (
    "rating:1",
    "tag:tag17",
    "tag:tag1? -tag:tag3",
    "caption:tag77",
    '"tag1, tag2"',
    "width:<512 rating:>=1",
    "tags:>30 sort:name",
)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def row(what: str, took_s: float, yard_s: float, yardstick: str) -> None:
    print(f"{what:44} {took_s * 1000:9.1f} ms   {took_s / yard_s:6.1f} x {yardstick}")


def bare_commit_s(folder: Path) -> float:
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v)")

    def once() -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO t(v) VALUES (1)")
        db.execute("COMMIT")

    took = statistics.median(seconds(once) for _ in range(50))
    db.close()
    return took


def bare_update_s(folder: Path, texts: list[str]) -> float:
    db = sqlite3.connect(folder / "bulk.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v)")
    db.execute("BEGIN")
    db.executemany("INSERT INTO t VALUES (?, ?)", enumerate(texts))
    db.execute("COMMIT")

    def once() -> None:
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "UPDATE t SET v = ? WHERE id = ?", [(t + "!", n) for n, t in enumerate(texts)]
        )
        db.execute("COMMIT")

    took = statistics.median(seconds(once) for _ in range(3))
    db.close()
    return took


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with filled(folder / "project", ROWS) as project:
            ratings(project, bare_commit_s(folder))
            bulk(project, folder)
            filters(project, folder / "project" / "project.db")


def ratings(project: Project, yard_s: float) -> None:
    rng = random.Random(1)
    times = []
    for _ in range(50):
        image = project.images([rng.randrange(1, ROWS)])
        rating = Rating((image[0].rating + 1) % 3)
        times.append(seconds(lambda i=image, r=rating: project.apply(edits.set_rating(i, r))))
    row(
        "one rating, until it is on disk", statistics.median(times), yard_s, "a bare flushed commit"
    )
    times = [seconds(project.undo) for _ in range(50)]
    row("undo of one rating", statistics.median(times), yard_s, "a bare flushed commit")


def bulk(project: Project, folder: Path) -> None:
    images = project.images(range(1, BULK + 1))
    yard_s = bare_update_s(folder, [image.caption for image in images])
    edit = caption_edits.change_captions("Add a tag", {i: f"{i.caption}, added" for i in images})
    forth = [seconds(lambda: project.apply(edit))]
    back = [seconds(project.undo)]
    for _ in range(2):
        forth.append(seconds(project.redo))
        back.append(seconds(project.undo))
    row(f"{BULK:,} captions in one edit (with backup)", forth[0], yard_s, "a bare executemany")
    row(f"{BULK:,} captions again (redo)", statistics.median(forth[1:]), yard_s, "same")
    row("undo of it", statistics.median(back), yard_s, "same")


def filters(project: Project, database: Path) -> None:
    db = sqlite3.connect(database)
    scan = "SELECT sum(length(caption)) FROM images"
    yard_s = statistics.median(seconds(lambda: db.execute(scan).fetchall()) for _ in range(5))
    db.close()
    for query in FILTERS:
        found = len(project.select(query))
        took = statistics.median(seconds(lambda q=query: project.select(q)) for _ in range(5))
        row(f"filter {query}  ({found:,} of {ROWS:,})", took, yard_s, "a scan of all captions")
    looks: dict[str, Callable[[], object]] = {
        "facets of all": project.facets,
        "facets of rating:1": lambda: project.facets("rating:1"),
        "facets with is:primary chosen": lambda: project.facets("is:primary"),
        "groups by set": lambda: project.grouped(by="set"),
        "groups by day": lambda: project.grouped(by="day"),
        "groups by folder": lambda: project.grouped(by="folder"),
        "words for completion": project.vocabulary,
    }
    for what, look in looks.items():
        took = statistics.median(seconds(look) for _ in range(5))
        row(what, took, yard_s, "a scan of all captions")


if __name__ == "__main__":
    main()
