"""The tables of `project.db`, and the steps from each schema version to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from curator.core.errors import UserError
from curator.core.store import crops, shown_sizes, tag_steps

VERSION_1 = """
CREATE TABLE sets(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT 'concept',
    "trigger" TEXT NOT NULL DEFAULT '',
    class_word TEXT NOT NULL DEFAULT '',
    repeats INTEGER,
    removed INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX sets_by_name ON sets(name COLLATE NOCASE) WHERE removed = 0;
CREATE TABLE filters(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL DEFAULT '',
    query TEXT NOT NULL DEFAULT '',
    removed INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX filters_by_name ON filters(name COLLATE NOCASE) WHERE removed = 0;
CREATE TABLE imports(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started REAL NOT NULL,
    sources TEXT NOT NULL,
    note TEXT NOT NULL,
    licence TEXT NOT NULL,
    consent TEXT NOT NULL,
    rating_mapping TEXT NOT NULL
);
CREATE TABLE images(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    source TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    frame INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    added REAL NOT NULL,
    taken REAL,
    import_id INTEGER REFERENCES imports(id),
    source_url TEXT NOT NULL,
    rating INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    reject_reason TEXT NOT NULL DEFAULT '',
    caption TEXT NOT NULL,
    caption_folded TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    path_folded TEXT NOT NULL,
    source_folded TEXT NOT NULL,
    tag_sources TEXT NOT NULL,
    set_id INTEGER REFERENCES sets(id),
    removed INTEGER NOT NULL DEFAULT 1,
    recipe TEXT NOT NULL DEFAULT '',
    tag_count INTEGER NOT NULL,
    token_count INTEGER NOT NULL,
    UNIQUE(sha256, frame)
);
CREATE INDEX images_shown ON images(removed);
CREATE INDEX images_judged ON images(removed, rating, rejected, set_id);
CREATE INDEX images_by_name ON images(removed, name_key);
-- Filters read these instead of the wide rows, and the id keeps them in order without a sort.
CREATE INDEX images_measured ON images(
    removed, id, rating, rejected, reject_reason, set_id, width, height, format, frames, tag_count,
    token_count, size_bytes, added, taken
);
CREATE INDEX images_texts ON images(removed, id, caption_folded);
CREATE INDEX images_places ON images(removed, id, name_folded, path_folded, source_folded);
CREATE TABLE tags(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, folded TEXT NOT NULL);
CREATE INDEX tags_folded ON tags(folded);
CREATE TABLE image_tags(
    image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags(id),
    PRIMARY KEY (tag_id, image_id)
) WITHOUT ROWID;
CREATE INDEX image_tags_by_image ON image_tags(image_id);
CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE facts(kind TEXT, key TEXT, value BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE mirror_due(image_id INTEGER PRIMARY KEY REFERENCES images(id) ON DELETE CASCADE);
CREATE TABLE mirror_states(
    image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (image_id, kind)
) WITHOUT ROWID;
CREATE TABLE journal(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    label TEXT NOT NULL,
    edit_group TEXT NOT NULL,
    created REAL NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    change_count INTEGER NOT NULL,
    changes BLOB NOT NULL
);
CREATE INDEX journal_undone ON journal(undone, id);
"""

VERSION_2 = "ALTER TABLE journal ADD COLUMN final INTEGER NOT NULL DEFAULT 0"

QUALITY = """
CREATE TABLE quality(
    image_id INTEGER PRIMARY KEY REFERENCES images(id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    sharpness REAL,
    jpeg_quality REAL,
    blocking REAL,
    upscaled REAL,
    noise REAL,
    clipped REAL,
    contrast REAL,
    colourfulness REAL,
    border REAL,
    text REAL,
    page REAL,
    faces REAL,
    face REAL,
    hue REAL
);
-- Beside the numbers, which are read without them.
CREATE TABLE likeness(
    image_id INTEGER PRIMARY KEY REFERENCES images(id) ON DELETE CASCADE,
    place INTEGER,
    descriptor BLOB NOT NULL
);
CREATE TABLE reject_guesses(
    image_id INTEGER PRIMARY KEY REFERENCES images(id) ON DELETE CASCADE,
    score REAL NOT NULL,
    reasons TEXT NOT NULL
);
"""

DUPLICATES = """
CREATE TABLE pairs(
    a INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,
    b INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    likeness REAL NOT NULL,
    changed REAL NOT NULL,
    covers_a REAL NOT NULL,
    covers_b REAL NOT NULL,
    m0 REAL NOT NULL, m1 REAL NOT NULL, m2 REAL NOT NULL,
    m3 REAL NOT NULL, m4 REAL NOT NULL, m5 REAL NOT NULL,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX pairs_by_second ON pairs(b, kind);
CREATE TABLE compared(
    image_id INTEGER PRIMARY KEY REFERENCES images(id) ON DELETE CASCADE,
    version INTEGER NOT NULL
);
CREATE TABLE verdicts(id TEXT PRIMARY KEY, verdict TEXT) WITHOUT ROWID;
CREATE VIEW open_pairs AS
    SELECT pairs.* FROM pairs
    JOIN images AS one ON one.id = a JOIN images AS other ON other.id = b
    WHERE one.removed = 0 AND other.removed = 0 AND one.rejected = 0 AND other.rejected = 0
    AND NOT EXISTS (
        SELECT 1 FROM verdicts WHERE id = a || '-' || b AND verdict IS NOT NULL
    );
"""

TAG_SCORES = """
CREATE TABLE taggers(
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    tags TEXT NOT NULL
);
CREATE TABLE tag_scores(
    image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,
    tagger_id INTEGER NOT NULL REFERENCES taggers(id),
    recipe TEXT NOT NULL,
    cut_general REAL NOT NULL,
    cut_character REAL NOT NULL,
    scores BLOB NOT NULL,
    PRIMARY KEY (image_id, tagger_id, recipe)
) WITHOUT ROWID;
CREATE TABLE safety(
    image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,
    recipe TEXT NOT NULL,
    rating TEXT NOT NULL,
    PRIMARY KEY (image_id, recipe)
) WITHOUT ROWID;
"""

Migration = Callable[[sqlite3.Connection], None]


def _run(script: str) -> Migration:
    def migrate(db: sqlite3.Connection) -> None:
        for statement in script.split(";"):
            if statement.strip():
                db.execute(statement)

    return migrate


# The step at index n leads from version n to n + 1; a step is never changed once it was released.
MIGRATIONS: Sequence[Migration] = (
    _run(VERSION_1),
    _run(VERSION_2),
    _run(QUALITY),
    _run(DUPLICATES),
    tag_steps.index_first_lines,
    tag_steps.count_tags,
    _run(TAG_SCORES),
    shown_sizes.add_columns,
    crops.make_room,
)


def version(db: sqlite3.Connection) -> int:
    """The schema version the database has; 0 for an empty one."""
    row = db.execute("PRAGMA user_version").fetchone()
    return int(row[0])


def migrate(db: sqlite3.Connection, steps: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the database to the newest version, each step with its number in one transaction."""
    kept = db.execute("PRAGMA foreign_keys").fetchone()[0]
    db.execute("PRAGMA foreign_keys = OFF")  # for steps that rebuild a table
    try:
        for number in range(version(db), len(steps)):
            _make(db, number, steps[number])
    finally:
        db.execute(f"PRAGMA foreign_keys = {kept}")


def _make(db: sqlite3.Connection, number: int, step: Migration) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        step(db)
        db.execute(f"PRAGMA user_version = {number + 1}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def refuse_newer(found: int, root: Path, steps: Sequence[Migration] = MIGRATIONS) -> None:
    """Raise UserError for a schema version that this program does not know."""
    if found > len(steps):
        raise UserError(
            f"{root} was written by a newer version of Curator.", "Update Curator to open it."
        )


def check_readable(db: sqlite3.Connection, root: Path) -> None:
    """Raise UserError for a version that can't be read as it is."""
    found = version(db)
    refuse_newer(found, root)
    if found < len(MIGRATIONS):
        raise UserError(
            f"{root} was written by an older version of Curator, or its making was cut off.",
            "Open it once for writing, which brings it up to date.",
        )
