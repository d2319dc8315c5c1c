"""Projects of every older version, brought up to date."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from curator.core.project import Project
from curator.core.recipe import Recipe, Turn
from curator.core.store import schema
from curator.core.store.connection import open_writer
from tests.helpers.older import insert, older_project

VERSIONS = range(1, len(schema.MIGRATIONS))
Rows = dict[str, list[dict[str, Any]]]


def fill(db: sqlite3.Connection) -> None:
    """Two pictures, a row in each table, and a number that is not given again."""
    turned = Recipe((Turn(1),)).to_json()
    for id_, recipe in ((1, ""), (2, turned), (7, "")):
        size = {"width": 300, "height": 200, "removed": 0, "recipe": recipe}
        insert(db, "images", id=id_, sha256=f"{id_:064x}", format="jpeg", **size)
    db.execute("UPDATE images SET name = CAST(x'ff612e6a7067' AS TEXT) WHERE id = 1")
    db.execute("DELETE FROM images WHERE id = 7")
    for table in _tables(db):
        parents = db.execute(f"PRAGMA foreign_key_list({table})").fetchall()
        if table == "journal":
            insert(db, table, id=1, changes=zlib.compress(b"[]"))
        elif table != "images":
            insert(db, table, **_key(db, table), **{row[3]: 1 for row in parents})


def _key(db: sqlite3.Connection, table: str) -> dict[str, object]:
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    return {"id": 1} if any(c[1] == "id" and c[2] == "INTEGER" for c in columns) else {}


def _tables(db: sqlite3.Connection) -> list[str]:
    found = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
    return [name for (name,) in db.execute(found).fetchall()]


def rows(db: sqlite3.Connection) -> Rows:
    found: Rows = {}
    for table in [*_tables(db), "sqlite_sequence"]:
        cursor = db.execute(f"SELECT * FROM {table} ORDER BY 1")
        names = [column[0] for column in cursor.description]
        found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def holds(after: Rows, before: Rows) -> None:
    for table, wanted in before.items():
        for row, old in zip(after[table], wanted, strict=True):
            assert {name: row[name] for name in old} == old


def check_whole(db: sqlite3.Connection) -> None:
    assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_project_of_every_version_is_brought_up_to_date_and_loses_nothing(
    tmp_path: Path, version: int
) -> None:
    root = tmp_path / "p"
    with older_project(root, version) as db:
        fill(db)
        before = rows(db)
        check_whole(db)
    with closing(open_writer(root / "project.db")) as db:
        schema.migrate(db)
        assert schema.version(db) == len(schema.MIGRATIONS)
        after = rows(db)
        check_whole(db)
        db.execute("BEGIN")  # what refers to a picture goes along with it, as before
        db.execute("DELETE FROM images WHERE id = 1")
        assert db.execute("SELECT * FROM image_tags").fetchall() == []
        db.execute("ROLLBACK")
        with closing(sqlite3.connect(":memory:")) as new:
            schema.migrate(new)
            assert _tables(db) == _tables(new)
    holds(after, before)
    if version <= 7:  # from then on they are kept by what writes recipes
        sizes = [(row["shown_width"], row["shown_height"]) for row in after["images"]]
        assert sizes == [(300, 200), (200, 300)]
    with Project.open(root) as project:
        assert [*project.select("")] == [1, 2]
        assert project.image(1).name == "\udcffa.jpg"
        assert [*project.new_image_ids(1)] == [8]


@pytest.mark.parametrize(
    ("version", "at"),
    [(7, "DROP INDEX images_measured"), (8, "DROP TABLE images"), (8, "ALTER TABLE images_new")],
)
def test_a_step_that_is_killed_half_way_leaves_the_project_as_it_was(
    tmp_path: Path, version: int, at: str
) -> None:
    """The files are copied while the step is under way, as a killed process leaves them."""
    left = tmp_path / "left"
    left.mkdir()

    def copy(sql: str) -> None:
        if sql.startswith(at):
            for path in (tmp_path / "p").glob("project.db*"):
                if not path.name.endswith("-shm"):
                    shutil.copy(path, left)

    with older_project(tmp_path / "p", version) as db:
        fill(db)
        for id_ in range(10, 60):
            insert(db, "images", id=id_, sha256=f"{id_:064x}", caption="long " * 400)
        before = rows(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA cache_size = 1")  # so that pages are on the disk before the commit
        db.set_trace_callback(copy)
        schema.migrate(db)
        db.set_trace_callback(None)
    assert (left / "project.db-wal").stat().st_size > 0
    with closing(open_writer(left / "project.db")) as db:
        assert schema.version(db) == version
        assert rows(db) == before
        check_whole(db)
        schema.migrate(db)
        holds(rows(db), before)
        check_whole(db)
