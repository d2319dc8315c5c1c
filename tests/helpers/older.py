"""Projects as older versions of the program left them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from curator.core.project import Project
from curator.core.store import schema
from curator.core.store.connection import open_writer


@contextmanager
def older_project(root: Path, version: int) -> Iterator[sqlite3.Connection]:
    """The database of an empty project as this schema version made it, to be filled."""
    Project.create(root).close()
    (root / "project.db").unlink()
    with closing(open_writer(root / "project.db")) as db:
        schema.migrate(db, schema.MIGRATIONS[:version])
        yield db


def insert(db: sqlite3.Connection, table: str, **values: object) -> None:
    """One row; what is needed beside the values is 0 or empty."""
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    needed = {
        name: "" if kind == "TEXT" else b"" if kind == "BLOB" else 0
        for _, name, kind, is_needed, usual, _ in columns
        if is_needed and usual is None
    }
    row = needed | values
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table}({names}) VALUES ({marks})", [*row.values()])
