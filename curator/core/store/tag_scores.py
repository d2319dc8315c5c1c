"""What taggers found in pictures, and how safe for whom they are."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache

from curator.core.tagger_records import Scored, Tagger

# A row is about a picture as one recipe shows it; what another recipe shows is another picture.
_NOW = "JOIN images ON images.id = image_id AND images.recipe = {}.recipe"
_TAGGER = "(SELECT id FROM taggers WHERE sha256 = ?)"


def insert_taggers(db: sqlite3.Connection, found: Sequence[Tagger]) -> None:
    """Record taggers, over what was known of them."""
    db.executemany(
        "INSERT INTO taggers(sha256, name, tags) VALUES (?, ?, ?) ON CONFLICT(sha256) "
        "DO UPDATE SET name = excluded.name, tags = excluded.tags",
        [(one.sha256, one.name, _written(one.tags, one.groups)) for one in found],
    )


def insert(db: sqlite3.Connection, found: Sequence[Scored]) -> None:
    """Record scores, over older ones; of an image that was forgotten meanwhile none."""
    there = "SELECT id, {} FROM images WHERE id = ?"
    db.executemany(
        "INSERT OR REPLACE INTO tag_scores(image_id, recipe, cut_general, cut_character, scores, "
        f"tagger_id) {there.format(f'?, ?, ?, ?, {_TAGGER}')}",
        [(one.recipe, *one.cuts, one.scores, one.sha256, one.image_id) for one in found],
    )
    db.executemany(
        f"INSERT OR REPLACE INTO safety(image_id, recipe, rating) {there.format('?, ?')}",
        [(one.recipe, one.safety, one.image_id) for one in found if one.safety],
    )


def taggers(db: sqlite3.Connection) -> list[Tagger]:
    """All taggers that have scored pictures, the latest known first."""
    rows = db.execute("SELECT sha256, name, tags FROM taggers ORDER BY id DESC")
    return [Tagger(sha256, name, *_read(text)) for sha256, name, text in rows]


def rows(
    db: sqlite3.Connection, sha256: str, ids: Iterable[int] | None
) -> list[tuple[int, float, float, bytes]]:
    """(image id, cuts, packed scores) by one tagger of pictures as they are now, by id.

    `ids` None means all that are not removed.
    """
    select = (
        f"SELECT image_id, cut_general, cut_character, scores FROM tag_scores {_NOW} "
        f"WHERE tagger_id = {_TAGGER}"
    ).format("tag_scores")
    if ids is None:
        return db.execute(f"{select} AND removed = 0 ORDER BY image_id", (sha256,)).fetchall()
    wanted = json.dumps(list(ids))
    chosen = "AND image_id IN (SELECT value FROM json_each(?)) ORDER BY image_id"
    return db.execute(f"{select} {chosen}", (sha256, wanted)).fetchall()


def scored_ids(db: sqlite3.Connection, sha256: str) -> set[int]:
    """The pictures that a tagger has scored as they are now."""
    found = f"SELECT image_id FROM tag_scores {_NOW} WHERE tagger_id = {_TAGGER}"
    return {row[0] for row in db.execute(found.format("tag_scores"), (sha256,))}


def _written(tags: tuple[str, ...], groups: tuple[str, ...]) -> str:
    return json.dumps([tags, groups], ensure_ascii=False)


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    tags, groups = json.loads(text)
    return tuple(tags), tuple(groups)
