"""The tag index: derived from captions in the transaction that changes them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from curator.core.captions import differing, split_all

Change = tuple[int, Sequence[str], Sequence[str]]  # image id, its tags before, its tags after

_IDS_PER_TALLY = 20_000  # bounds the memory that a text of their tags takes


def sync(db: sqlite3.Connection, captions: Sequence[tuple[int, str, str]]) -> None:
    """Bring the index from the old to the new caption of each (image id, old, new)."""
    before = split_all(old for _id, old, _new in captions)
    after = split_all(new for _id, _old, new in captions)
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
        less, more = differing(firsts[image_id], lasts[image_id])
        for tag in less:
            gone.setdefault(tag, []).append(image_id)
        for tag in more:
            come.setdefault(tag, []).append(image_id)
    db.executemany(
        "INSERT OR IGNORE INTO tags(text, folded) VALUES (?, ?)",
        [(tag, tag.casefold()) for tag in sorted(come)],
    )
    ids = _ids(db, come.keys() | gone.keys())
    # By the index of that column, which is quick about the few.
    hidden = {id_ for (id_,) in db.execute("SELECT id FROM images WHERE removed > 0")}
    uses: Counter[int] = Counter()
    for sign, some in ((1, come), (-1, gone)):
        for tag, images in some.items():
            uses[ids[tag]] += sign * (len(images) - len(hidden.intersection(images)))
    _count(db, uses)
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


def show(db: sqlite3.Connection, changes: Sequence[tuple[int, bool, bool]]) -> None:
    """Count the tags of images anew of which each (id, was removed, is removed) now."""
    uses: Counter[int] = Counter()
    for step, hidden in ((1, (True, False)), (-1, (False, True))):
        ids = [id_ for id_, *was_and_is in changes if tuple(was_and_is) == hidden]
        for tag_id, number in tally(db, ids).items():
            uses[tag_id] += step * number
    _count(db, uses)


def _count(db: sqlite3.Connection, uses: Mapping[int, int]) -> None:
    rows = [(step, tag_id) for tag_id, step in uses.items() if step]
    db.executemany("UPDATE tags SET uses = uses + ? WHERE id = ?", rows)


def counts(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """(tag, how many images not removed carry it), the most frequent first."""
    return db.execute(
        "SELECT text, uses FROM tags WHERE uses > 0 ORDER BY uses DESC, folded"
    ).fetchall()


def tally(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, int]:
    """How many of these images, of any number, carry each tag, by the tags' ids."""
    # Tags in one long text are counted three times as fast as SQLite sorts and groups them.
    sql = "SELECT group_concat(tag_id) FROM json_each(?) CROSS JOIN image_tags ON image_id = value"
    ordered, found = sorted(ids), Counter[str]()
    for start in range(0, len(ordered), _IDS_PER_TALLY):
        part = json.dumps(ordered[start : start + _IDS_PER_TALLY])
        found.update((db.execute(sql, (part,)).fetchone()[0] or "").split(","))
    return {int(tag_id): number for tag_id, number in found.items() if tag_id}
