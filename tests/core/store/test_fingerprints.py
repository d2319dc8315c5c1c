"""The cache of fingerprints, which may be lost at any time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curator.core.errors import UserError
from curator.core.store.fingerprints import NAME, FingerprintCache

ROW = ("a-0", b"hashes", b"words", b"features")


def test_what_was_put_is_read_part_by_part(tmp_path: Path) -> None:
    with FingerprintCache(tmp_path, 1) as cache:
        cache.put([ROW, ("b-0", b"1", b"2", b"3")])
        cache.put([("b-0", b"4", b"5", b"6")])
    with FingerprintCache(tmp_path, 1) as cache:
        assert cache.known(["a-0", "b-0", "c-0"]) == {"a-0", "b-0"}
        assert cache.hashes(["a-0", "b-0"]) == {"a-0": b"hashes", "b-0": b"4"}
        assert cache.words(["b-0", "c-0"]) == {"b-0": b"5"}
        assert cache.features(["a-0"]) == {"a-0": b"features"}


def test_thousands_are_asked_for_at_once(tmp_path: Path) -> None:
    keys = [f"{n}-0" for n in range(1700)]
    with FingerprintCache(tmp_path, 1) as cache:
        cache.put([(key, b"", b"", b"") for key in keys])
        assert cache.known(keys) == set(keys)
        assert cache.known([]) == set()


def test_another_version_is_begun_anew(tmp_path: Path) -> None:
    with FingerprintCache(tmp_path, 1) as cache:
        cache.put([ROW])
    with FingerprintCache(tmp_path, 2) as cache:
        assert cache.known(["a-0"]) == set()
        cache.put([ROW])
    with FingerprintCache(tmp_path, 2) as cache:
        assert cache.known(["a-0"]) == {"a-0"}


@given(st.binary(min_size=1, max_size=5000))
@settings(max_examples=15)
def test_what_is_no_database_is_begun_anew(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    (folder / NAME).write_bytes(data)
    with FingerprintCache(folder, 1) as cache:
        assert cache.known(["a-0"]) == set()
        cache.put([ROW])
        assert cache.known(["a-0"]) == {"a-0"}


def test_a_table_of_another_shape_is_begun_anew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / NAME)) as db:
        db.execute("CREATE TABLE fingerprints(key TEXT)")
        db.commit()
    with FingerprintCache(tmp_path, 1) as cache:
        cache.put([ROW])
        assert cache.known(["a-0"]) == {"a-0"}


def test_pages_that_are_damaged_are_begun_anew(tmp_path: Path) -> None:
    with FingerprintCache(tmp_path, 1) as cache:
        cache.put([(f"{n}-0", b"h" * 24, b"w" * 512, b"f" * 30_000) for n in range(50)])
    path = tmp_path / NAME
    data = bytearray(path.read_bytes())
    data[2000:] = bytes(len(data) - 2000)
    path.write_bytes(data)
    with FingerprintCache(tmp_path, 1) as cache:
        cache.put([ROW])
        assert "a-0" in cache.known(["a-0"])


def test_one_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    with FingerprintCache(tmp_path, 1) as cache:
        cache.put([ROW])
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UserError):
            FingerprintCache(tmp_path, 1)
        other.execute("ROLLBACK")
    with FingerprintCache(tmp_path, 1) as cache:
        assert cache.known(["a-0"]) == {"a-0"}


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        FingerprintCache(tmp_path / "nowhere", 1)
