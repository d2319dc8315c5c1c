"""The tag index: derived from captions in the transaction that changes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from curator.core.captions import split_all

Change = tuple[int, Sequence[str], Sequence[str]]  # image id, its tags before, its tags after


def sync(db: sqlite3.Connection, captions: Sequence[tuple[int, str, str]]) -> None:
    """Bring the index from the old to the new caption of each (image id, old, new)."""
    before, after = (split_all(row[n] for row in captions) for n in (1, 2))
    sync_tags(db, list(zip([row[0] for row in captions], before, after, strict=True)))


def sync_tags(db: sqlite3.Connection, changes: Sequence[Change]) -> None:
    """Bring the index from the old to the new tags of each image."""
    firsts: dict[int, Sequence[str]] = {}
    lasts: dict[int, Sequence[str]] = {}
    for image_id, old, new in changes:  # a caption may change twice in one edit
        firsts.setdefault(image_id, old)
        lasts[image_id] = new
    gone: dict[str, list[int]] = {}
    come: dict[str, list[int]] = {}
    for image_id in sorted(lasts):
        before, after = set(firsts[image_id]), set(lasts[image_id])
        for tag in before - after:
            gone.setdefault(tag, []).append(image_id)
        for tag in after - before:
            come.setdefault(tag, []).append(image_id)
    db.executemany(
        "INSERT OR IGNORE INTO tags(text, folded) VALUES (?, ?)",
        [(tag, tag.casefold()) for tag in sorted(come)],
    )
    ids = _ids(db, come.keys() | gone.keys())
    # In the order of the index, which is written twice as fast so.
    db.executemany("DELETE FROM image_tags WHERE tag_id = ? AND image_id = ?", _rows(gone, ids))
    db.executemany("INSERT INTO image_tags(tag_id, image_id) VALUES (?, ?)", _rows(come, ids))


def _rows(images: Mapping[str, Sequence[int]], ids: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    for tag in sorted(images, key=ids.__getitem__):
        tag_id = ids[tag]
        yield from ((tag_id, image_id) for image_id in images[tag])


def _ids(db: sqlite3.Connection, texts: Iterable[str]) -> dict[str, int]:
    cursor = db.cursor()
    find = "SELECT id FROM tags WHERE text = ?"
    return {text: cursor.execute(find, (text,)).fetchone()[0] for text in texts}


def counts(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """(tag, how many images not removed carry it), the most frequent first."""
    # Counting along the primary key and taking off what removed images carry is ten times faster
    # than asking each of the many rows whether its image is there.
    return db.execute(
        "SELECT text, n FROM (SELECT tag_id, sum(n) AS n FROM ("
        "SELECT tag_id, count(*) AS n FROM image_tags GROUP BY tag_id UNION ALL "
        "SELECT tag_id, -count(*) FROM images JOIN image_tags ON image_id = images.id "
        "WHERE removed = 1 GROUP BY tag_id) GROUP BY tag_id) "
        "JOIN tags ON tags.id = tag_id WHERE n > 0 ORDER BY n DESC, folded"
    ).fetchall()
