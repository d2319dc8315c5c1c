"""How long captions take: 50,000 pictures with 30 tags each, of which taggers gave half.

Run: python bench/captions.py. Each row is the median of several runs and the ratio to a yardstick
of the same run: for counts and filters a scan of all captions by SQLite; for rules the captions
split at their commas, each tag searched with a regex, and joined; for bulk edits a bare executemany
of the captions and sources (no journal, tag index, token count or backup).
"""

from __future__ import annotations

import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from projects import filled

from curator.core.caption_context import project_context
from curator.core.caption_diffs import counts_of, diffs_of, edit_of
from curator.core.caption_edits import give_scored_tags
from curator.core.captions import split_tags
from curator.core.installed_tag_lists import known_tags
from curator.core.line_rules import Add, Deduplicate, Limit, Sort
from curator.core.pattern_rule import Regex
from curator.core.project import Project
from curator.core.project_lint import lint_records
from curator.core.records import Image
from curator.core.rule_context import CaptionRule
from curator.core.spelling_rules import Underscores
from curator.core.tag_index import TagIndex
from curator.core.tag_rules import Delete

ROWS = 50_000
BULK = 10_000
PREVIEWS: dict[str, Sequence[CaptionRule]] = {
    "regex in one tag of 200": [Regex(r"^tag17(\d)$", r"thing \1")],
    "regex in every tag": [Regex("tag", "thing")],
    "delete *7*": [Delete("*7*")],
    "six rules": [
        Delete("*7*"),
        Regex("tag1", "thing1"),
        Underscores("underscores"),
        Deduplicate(),
        Sort("frequency"),
        Limit(75),
    ],
}
BULKS: dict[str, Sequence[CaptionRule]] = {
    "add a tag": [Add("added")],
    "regex in one tag of 200": [Regex(r"^tag17(\d)$", r"thing \1")],
    "delete *7*": [Delete("*7*")],
}


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median_s(work: Callable[[], object], times: int = 3) -> float:
    return statistics.median(seconds(work) for _ in range(times))


def row(what: str, took_s: float, yard_s: float, yardstick: str) -> None:
    print(f"{what:52} {took_s * 1000:9.1f} ms   {took_s / yard_s:6.1f} x {yardstick}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with filled(folder / "project", ROWS) as project:
            tagged(project)
            counts(project, folder / "project" / "project.db")
            previews(project)
            bulk(project, folder)


def tagged(project: Project) -> None:
    for start in range(1, ROWS + 1, BULK):
        images = project.images(range(start, start + BULK))
        given = {i: (i.caption, dict.fromkeys(split_tags(i.caption)[::2], 0.5)) for i in images}
        project.apply(give_scored_tags("Tag", given, "wd-vit-v3", group="tag"))


def counts(project: Project, database: Path) -> None:
    db = sqlite3.connect(database)
    yard_s = median_s(lambda: db.execute("SELECT sum(length(caption)) FROM images").fetchall())
    db.close()
    scan = "a scan of all captions"
    row(f"tag counts of {ROWS:,}", median_s(project.tag_counts), yard_s, scan)
    for query in ("tag:tag17", "tag:tag17 -tag:tag3", "tag:tag1?"):
        row(f"filter {query}", median_s(lambda q=query: project.select(q)), yard_s, scan)
    index = TagIndex(known_tags()[0], project.tag_counts())
    for typed in ("t", "ta", "tag17", "eed lin"):
        row(f"completion of {typed}", median_s(lambda t=typed: index.complete(t)), yard_s, scan)


def bare_regex_s(images: Sequence[Image]) -> float:
    pattern = re.compile("tag")

    def once() -> None:
        for image in images:
            tags = (part.strip() for part in image.caption.split(","))
            ", ".join(pattern.sub("thing", tag) for tag in tags)

    return seconds(once)


def previews(project: Project) -> None:
    images = project.images(range(1, ROWS + 1))
    context = project_context(project, images)
    yard_s, yardstick = bare_regex_s(images), "a regex on each tag"
    for what, rules in PREVIEWS.items():
        diffs = diffs_of(images, rules, context)
        took = median_s(lambda r=rules: diffs_of(images, r, context))
        row(f"{what}, as a diff  ({len(diffs):,} of {ROWS:,})", took, yard_s, yardstick)
    row("counts of the last diff", median_s(lambda: counts_of(diffs)), yard_s, yardstick)
    row(f"lint of {ROWS:,}", median_s(lambda: lint_records(project, images)), yard_s, yardstick)


def bare_update_s(folder: Path, images: Sequence[Image]) -> float:
    db = sqlite3.connect(folder / "bulk.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, caption, sources)")
    db.execute("BEGIN")
    db.executemany("INSERT INTO t VALUES (?, ?, ?)", [(i.id, i.caption, "") for i in images])
    db.execute("COMMIT")
    rows = [(f"{i.caption}!", f"{i.tag_sources}!", i.id) for i in images]

    def once() -> None:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("UPDATE t SET caption = ?, sources = ? WHERE id = ?", rows)
        db.execute("COMMIT")

    took = median_s(once)
    db.close()
    return took


def bulk(project: Project, folder: Path) -> None:
    images = project.images(range(1, BULK + 1))
    context = project_context(project, images)
    yard_s, yardstick = bare_update_s(folder, images), "a bare executemany"
    for what, rules in BULKS.items():
        diffs = diffs_of(images, rules, context)
        built = median_s(lambda d=diffs: edit_of("Rules", d, images))
        edit = edit_of("Rules", diffs, images)
        first = seconds(lambda e=edit: project.apply(e))
        back, forth = [], []
        for _ in range(2):
            back.append(seconds(project.undo))
            forth.append(seconds(project.redo))
        back.append(seconds(project.undo))
        title = f"{what}, {len(diffs):,} pictures"
        row(f"{title}: the edit is built", built, yard_s, yardstick)
        row(f"{title}: applied, with a backup", first, yard_s, yardstick)
        row(f"{title}: applied again", statistics.median(forth), yard_s, yardstick)
        row(f"{title}: undone", statistics.median(back), yard_s, yardstick)


if __name__ == "__main__":
    main()
