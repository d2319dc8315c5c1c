"""Projects with records in them, for tests that need no real pictures."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from curator.core.edits import add_images
from curator.core.project import Project
from curator.core.records import Image, NewImage, Rating
from curator.core.store import backups


def new_image(id_: int, **found: object) -> NewImage:
    """A record as an import would find it; content and path follow from the id."""
    values: dict[str, object] = {
        "id": id_,
        "path": f"images/{id_}.jpg",
        "name": f"photo {id_}.jpg",
        "source": f"/somewhere/photo {id_}.jpg",
        "sha256": f"{id_:064x}",
        "frame": 0,
        "frames": 1,
        "format": "jpeg",
        "width": 640,
        "height": 480,
        "size_bytes": 1000,
        "added": 1_700_000_000.0 + id_,
    }
    return NewImage(**(values | found))  # type: ignore[arg-type]


def record(id_: int, **decided: object) -> Image:
    """A record as a project holds it, with nothing decided but what is given."""
    found = new_image(id_)
    values: dict[str, object] = {
        "rating": Rating.UNRATED,
        "rejected": False,
        "reject_reason": "",
        "tag_sources": "",
        "set_id": None,
        "removed": False,
        "recipe": "",
    }
    return Image(**({f.name: getattr(found, f.name) for f in fields(found)} | values | decided))  # type: ignore[arg-type]


def fill(project: Project, count: int = 3, captions: Sequence[str] = ()) -> list[Image]:
    """Add `count` images, and return their records."""
    ids = project.new_image_ids(count)
    texts = list(captions) + [""] * (count - len(captions))
    found = [new_image(id_, caption=text) for id_, text in zip(ids, texts, strict=True)]
    project.apply(add_images(ids), facts=found)
    return project.images(ids)


def made_backups(project: Project) -> list[Path]:
    """The backups, once those that were begun are made."""
    writer = project._thread._writer
    assert writer is not None
    writer._after.wait()
    return backups.existing(project.backups_dir)


def dump(project: Project) -> dict[str, list[tuple[object, ...]]]:
    """Everything that undo is answerable for, and what is derived from it."""
    db = sqlite3.connect(project.root / "project.db")
    tables = {
        "images": "SELECT * FROM images ORDER BY id",
        "sets": "SELECT * FROM sets WHERE removed = 0 ORDER BY id",
        "filters": "SELECT * FROM filters WHERE removed = 0 ORDER BY id",
        "settings": "SELECT * FROM settings WHERE value IS NOT NULL ORDER BY name",
        "tags": "SELECT image_id, text FROM image_tags JOIN tags ON tags.id = tag_id ORDER BY 1, 2",
    }
    found = {name: db.execute(sql).fetchall() for name, sql in tables.items()}
    db.close()
    return found
