"""Steps between schema versions that count and index the tags of captions anew."""

from __future__ import annotations

import json
import sqlite3

from curator.core.captions import split_tags


def index_first_lines(db: sqlite3.Connection) -> None:
    """From here on tags stand in the first line of a caption, and free text below it."""
    rows = db.execute(
        "SELECT id, caption FROM images WHERE instr(caption, char(10)) > 0"
    ).fetchall()
    for id_, caption in rows:
        found = split_tags(caption)
        db.execute("UPDATE images SET tag_count = ? WHERE id = ?", (len(found), id_))
        kept = "SELECT id FROM tags WHERE text IN (SELECT value FROM json_each(?))"
        db.execute(
            f"DELETE FROM image_tags WHERE image_id = ? AND tag_id NOT IN ({kept})",
            (id_, json.dumps(found)),
        )
        # A tag may have ended at the line's end where it went on before.
        new = [(tag, tag.casefold()) for tag in found]
        db.executemany("INSERT OR IGNORE INTO tags(text, folded) VALUES (?, ?)", new)
        db.execute(
            f"INSERT OR IGNORE INTO image_tags(tag_id, image_id) SELECT id, ? FROM ({kept})",
            (id_, json.dumps(found)),
        )


def count_tags(db: sqlite3.Connection) -> None:
    """From here on how many images that are not removed carry a tag is kept beside it."""
    db.execute("ALTER TABLE tags ADD COLUMN uses INTEGER NOT NULL DEFAULT 0")
    rows = db.execute(
        "SELECT sum(n), tag_id FROM ("
        "SELECT tag_id, count(*) AS n FROM image_tags GROUP BY tag_id UNION ALL "
        "SELECT tag_id, -count(*) FROM images JOIN image_tags ON image_id = images.id "
        "WHERE removed <> 0 GROUP BY tag_id) GROUP BY tag_id"
    ).fetchall()
    db.executemany("UPDATE tags SET uses = ? WHERE id = ?", rows)
