"""What must be true of a project after a kill -9: each check ends the script at the first loss."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from PIL import Image as Pillow
from safetensors import safe_open

from curator.core.export_folder import MANIFEST
from curator.core.files import TEMP_PREFIX
from curator.core.project import Project
from curator.core.store import backups

ENDED = ", to the last word"  # closes every caption that the editing writes
EDITED = 28  # pictures in the project that is edited


class Lost(SystemExit):
    """Something that should have survived did not."""


def demand(kept: bool, what: str) -> None:
    if not kept:
        raise Lost(f"LOST: {what}")


def check_database(root: Path) -> None:
    Project.open(root).close()
    for database in (root / "project.db", *backups.existing(root / "backups")):
        db = sqlite3.connect(database)
        demand(
            db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], f"{database} is damaged"
        )
        demand(not db.execute("PRAGMA foreign_key_check").fetchall(), f"{database}: dangling rows")
        db.close()


def check_pictures(folder: Path) -> None:
    """Every file under its final name is whole."""
    for path in folder.rglob("*"):
        if not path.is_file() or path.name.startswith(TEMP_PREFIX):
            continue
        if path.suffix in (".jpg", ".png", ".webp", ".bmp"):
            with Pillow.open(path) as picture:
                picture.load()  # raises where a byte is missing
        elif path.suffix == ".txt":
            text = path.read_text("utf-8")
            demand(bool(text) and text.strip() == text, f"{path} is half a caption")
            demand("number" not in text or text.endswith(ENDED), f"{path} is cut off")


def check_copies(root: Path, acknowledged: Sequence[int]) -> int:
    """Every acknowledged picture, and every other one in the database, is there byte for byte."""
    with Project.open(root) as project:
        shown = set(project.select())
        demand(shown.issuperset(acknowledged), "a picture that the import had reported")
        for image in project.images(shown):
            digest = hashlib.sha256((root / image.path).read_bytes()).hexdigest()
            demand(digest == image.sha256, f"{image.path} differs from its source")
        return len(shown)


def check_captions(root: Path, last: int) -> None:
    with Project.open(root) as project:
        ids = project.select()
        demand(len(ids) == EDITED, "a picture of the edited project")
        for number in range(max(1, last - len(ids) + 1), last + 1):
            image = project.image(ids[number % len(ids)])
            if not image.caption.startswith("number"):
                raise Lost(f"LOST: caption {number} of image {image.id} is {image.caption!r}")
            demand(int(image.caption.split()[1].rstrip(",")) >= number, f"caption {number}")
        project.redo()  # the kill may have come between an undo and its redo
        demand(project.undo() is not None and project.redo() is not None, "the undo")


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST  # it holds times
    }


def weights(path: Path) -> dict[str, str]:
    """A digest of each tensor; raises where the file is not whole."""
    with safe_open(path, framework="np") as file:
        return {
            key: hashlib.sha256(file.get_tensor(key).tobytes()).hexdigest()
            for key in file.keys()  # noqa: SIM118 - the file is no dict
        }
