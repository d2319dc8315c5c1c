"""What the store does on its own: schema steps, backups, full disks, threads."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from curator.core import caption_edits
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.store import backups, schema
from curator.core.store.connection import Readers, explained, open_writer, transaction
from curator.core.store.writer import LARGE_EDIT, Writer
from tests.helpers.older import insert, older_project
from tests.helpers.projects import fill, made_backups


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    made = open_writer(tmp_path / "project.db")
    yield made
    made.close()


def test_a_migration_step_is_made_whole_or_not_at_all(db: sqlite3.Connection) -> None:
    def breaks(at: sqlite3.Connection) -> None:
        at.execute("CREATE TABLE half(x)")
        raise RuntimeError("power cut")

    steps = [*schema.MIGRATIONS, breaks]
    with pytest.raises(RuntimeError):
        schema.migrate(db, steps)
    assert schema.version(db) == len(schema.MIGRATIONS)
    assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchall()


def test_of_a_caption_in_lines_only_the_first_holds_tags_from_the_fifth_step_on(
    db: sqlite3.Connection,
) -> None:
    schema.migrate(db, schema.MIGRATIONS[:4])
    caption = "a, b\nSo it goes, they say."
    insert(db, "images", id=1, caption=caption, tag_count=3)
    for n, tag in enumerate(["a", "b\nSo it goes", "they say."]):
        db.execute("INSERT INTO tags(id, text, folded) VALUES (?, ?, ?)", (n, tag, tag))
        db.execute("INSERT INTO image_tags(tag_id, image_id) VALUES (?, 1)", (n,))
    schema.migrate(db)
    found = "SELECT text FROM image_tags JOIN tags ON id = tag_id ORDER BY text"
    assert db.execute(found).fetchall() == [("a",), ("b",)]
    assert db.execute("SELECT tag_count, caption FROM images").fetchone() == (2, caption)


def test_an_older_project_is_backed_up_before_it_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.create(tmp_path / "p") as project:
        fill(project, 1, ["kept"])

    def add_column(at: sqlite3.Connection) -> None:
        at.execute("ALTER TABLE images ADD COLUMN mood TEXT")

    monkeypatch.setattr(Writer._upgrade, "__defaults__", ((*schema.MIGRATIONS, add_column),))
    with Project.open(tmp_path / "p") as project:
        assert project.image(1).caption == "kept"
    [backup] = backups.existing(tmp_path / "p" / "backups")
    old = sqlite3.connect(backup)
    assert schema.version(old) == len(schema.MIGRATIONS)
    assert old.execute("SELECT caption FROM images").fetchone() == ("kept",)
    old.close()


def test_a_project_of_version_1_opens_and_keeps_what_it_holds(tmp_path: Path) -> None:
    root = tmp_path / "p"
    with older_project(root, 1) as old:
        old.execute("INSERT INTO settings VALUES ('trigger', 'fr3dd1e')")
        changes = zlib.compress(b'[["setting","trigger","value",null,"fr3dd1e"]]')
        about = {"label": "Change trigger word", "created": 5.0, "change_count": 1}
        insert(old, "journal", changes=changes, **about)
    with pytest.raises(UserError, match="older version"):
        Project.open(root, read_only=True)
    with Project.open(root) as project:
        assert project.settings.trigger == "fr3dd1e"
        [entry] = project.history()
        assert (entry.label, entry.undone, entry.final) == ("Change trigger word", False, False)
        assert project.undo() == "Change trigger word"
        assert project.settings.trigger == ""
    [backup] = backups.existing(root / "backups")
    with closing(sqlite3.connect(backup)) as copy:
        assert schema.version(copy) == 1


def test_a_project_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    Project.create(tmp_path / "p").close()
    newer = sqlite3.connect(tmp_path / "p" / "project.db")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(UserError, match="newer version"):
        Project.open(tmp_path / "p")


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    Project.create(tmp_path / "p").close()
    (tmp_path / "p" / "project.db").write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(UserError, match="damaged"):
        Project.open(tmp_path / "p")


def test_the_last_ten_backups_are_kept(db: sqlite3.Connection, tmp_path: Path) -> None:
    schema.migrate(db)
    made = [backups.make(db, tmp_path / "backups") for _ in range(12)]
    assert backups.existing(tmp_path / "backups") == made[2:]
    assert not list((tmp_path / "backups").glob(".*"))


def test_a_backup_is_made_on_open_once_something_was_edited(tmp_path: Path) -> None:
    root = tmp_path / "p"
    Project.create(root).close()
    assert not backups.existing(root / "backups")
    with Project.open(root) as project:
        fill(project, 1)
    for _ in range(3):
        Project.open(root).close()
    [backup] = backups.existing(root / "backups")
    copy = sqlite3.connect(backup)
    assert copy.execute("SELECT count(*) FROM images").fetchone() == (1,)
    copy.close()


def test_a_backup_is_made_before_a_large_edit(project: Project) -> None:
    images = fill(project, LARGE_EDIT)
    before = len(made_backups(project))
    project.apply(caption_edits.set_caption(images, "all the same"))
    newest = made_backups(project)[before:]
    copy = sqlite3.connect(newest[-1])
    assert copy.execute("SELECT count(*) FROM images WHERE caption <> ''").fetchone() == (0,)
    copy.close()


def test_a_full_disk_is_one_sentence_and_loses_nothing(project: Project) -> None:
    images = fill(project, 20, ["before"])
    writer = project._thread._writer
    assert writer is not None
    db = writer._db
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(UserError, match="disk is full"):
        project.apply(caption_edits.set_caption(images, "a long caption, " * 2000))
    assert project.image(1).caption == "before"
    db.execute("PRAGMA max_page_count = 1000000")
    project.apply(caption_edits.set_caption(images, "after"))
    assert project.image(20).caption == "after"


def test_a_transaction_that_breaks_leaves_nothing(db: sqlite3.Connection, tmp_path: Path) -> None:
    db.execute("CREATE TABLE t(x)")

    def work() -> None:
        with transaction(db, tmp_path):
            db.execute("INSERT INTO t VALUES (1)")
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the very one raised above
        work()
    assert db.execute("SELECT * FROM t").fetchall() == []


def test_a_mistake_in_sql_is_not_blamed_on_the_disk(db: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError), explained(tmp_path):
        db.execute("SELECT nothing FROM nowhere")


def test_each_thread_reads_for_itself_and_ended_ones_are_let_go(tmp_path: Path) -> None:
    Project.create(tmp_path / "p").close()
    readers = Readers(tmp_path / "p" / "project.db")
    seen: list[sqlite3.Connection] = []

    def look() -> None:
        with readers.here() as db:
            seen.append(db)

    look()
    look()
    assert seen[0] is seen[1]
    for _ in range(3):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert len(set(map(id, seen))) >= 2
    assert len(readers._open) <= 2
    readers.close()
    with pytest.raises(UserError, match="was closed"):
        look()
    assert not readers._open
