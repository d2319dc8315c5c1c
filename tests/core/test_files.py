"""Atomic writes, their errors, and safe names."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import UserError
from curator.core.files import (
    NAME_BYTES,
    TEMP_PREFIX,
    folded_name,
    remove_leftovers,
    safe_name,
    sha256_of,
    sync_files,
    temp_path,
    write_atomic,
)
from tests.helpers.processes import python_without_root

ROOT = Path(__file__).parents[2]


def test_a_written_file_replaces_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomic(path, b"old")
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_the_hash_is_that_of_all_bytes(tmp_path: Path) -> None:
    data = os.urandom(3_000_000)
    (tmp_path / "a").write_bytes(data)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(data).hexdigest()


def test_many_files_are_synced_at_once_and_a_lost_one_is_noticed(tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(30)]
    for path in paths:
        path.touch()
    sync_files(paths)
    sync_files([])
    with pytest.raises(FileNotFoundError):
        sync_files([*paths, tmp_path / "lost"])


def test_a_new_file_has_the_permissions_that_the_user_gives_new_files(tmp_path: Path) -> None:
    write_atomic(tmp_path / "ours", b"")
    (tmp_path / "theirs").touch()
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "theirs").stat().st_mode


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_sentence_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    write_atomic(path, b"old")
    real_open = Path.open

    def open_full(self: Path, mode: str = "r", **options: int) -> object:
        """The same call on a device that is always full, so that the write truly fails."""
        if self.name.startswith(TEMP_PREFIX):
            real_open(self, mode).close()
            return real_open(Path("/dev/full"), "wb", **options)
        return real_open(self, mode, **options)

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(UserError, match=r"a\.txt could not be written: the disk is full\."):
        write_atomic(path, b"new" * 10_000)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_without_permission_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    code = (
        "from pathlib import Path\n"
        "from curator.core.errors import UserError\n"
        "from curator.core.files import write_atomic\n"
        "try: write_atomic(Path('closed/a'), b'')\n"
        "except UserError as error: print(error)"
    )
    assert "permission is denied" in python_without_root(code, tmp_path)


def test_a_name_that_is_too_long_and_a_missing_folder_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the name is too long"):
        write_atomic(tmp_path / ("x" * 300), b"")
    with pytest.raises(UserError, match="the folder does not exist"):
        write_atomic(tmp_path / "missing" / "a", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_has_no_hash(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="gone does not exist"):
        sha256_of(tmp_path / "gone")


def test_a_write_that_is_broken_off_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "a", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_kill_leaves_whole_files_and_leftovers_that_can_be_removed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from curator.core.files import write_atomic\n"
        "n = 0\n"
        "while True:\n"
        "    n += 1\n"
        "    write_atomic(Path(sys.argv[1], f'{n % 3}'), bytes([n % 256]) * 2_000_000)\n"
    )
    for delay in (0.02, 0.05, 0.09):
        child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT)
        while not any(tmp_path.iterdir()):
            time.sleep(0.005)
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
    left = [p for p in tmp_path.iterdir() if p.name.startswith(TEMP_PREFIX)]
    assert remove_leftovers(tmp_path) == len(left)
    assert list(tmp_path.iterdir())
    for path in tmp_path.iterdir():
        data = path.read_bytes()
        assert len(data) == 2_000_000
        assert len(set(data)) == 1


def test_what_this_process_is_writing_is_no_leftover(tmp_path: Path) -> None:
    being_written = temp_path(tmp_path, ".jpg")
    being_written.touch()
    (tmp_path / f"{TEMP_PREFIX}{os.getpid() + 1}-0123.jpg").touch()
    assert remove_leftovers(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [being_written]


def test_only_our_own_leftovers_are_removed(tmp_path: Path) -> None:
    inner = tmp_path / "ab"
    inner.mkdir()
    (inner / f"{TEMP_PREFIX}0123").touch()
    (inner / ".tmp-of-another").touch()
    assert remove_leftovers(tmp_path) == 1
    assert [p.name for p in inner.iterdir()] == [".tmp-of-another"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("cat.jpg", "cat.jpg"),
        ("two\nlines.jpg", "two-lines.jpg"),
        ("-rf.png", "rf.png"),
        ("...", "unnamed"),
        (".hidden.png", "hidden.png"),
        (".jpg", "unnamed.jpg"),
        ("a/b\\c:d.webp", "a-b-c-d.webp"),
        ("CON.png", "CON-file.png"),
        ("lpt1.tar.gz", "lpt1.tar-file.gz"),
        ("🐱‍👤 ünï.jpg", "🐱‍👤 ünï.jpg"),
        ("\udcff\udcfe.jpg", "unnamed.jpg"),
        ("trailing . .jpg", "trailing.jpg"),
        ("gpj.\u202eexe", "gpj.-exe"),
    ],
)
def test_odd_names_become_safe(name: str, safe: str) -> None:
    assert safe_name(name, set()) == safe


def test_names_equal_but_for_case_or_normalisation_are_told_apart() -> None:
    taken: set[str] = set()
    names = ["Cat.jpg", "cat.JPG", "é.png", "e\u0301.png"]
    assert [safe_name(n, taken) for n in names] == ["Cat.jpg", "cat-2.JPG", "é.png", "é-2.png"]


def test_ten_thousand_equal_names_are_numbered() -> None:
    taken: set[str] = set()
    names = [safe_name("x.jpg", taken) for _ in range(10_000)]
    assert names[0] == "x.jpg"
    assert names[-1] == "x-10000.jpg"


@given(st.lists(st.text(min_size=0, max_size=200), max_size=20))
def test_any_names_become_unique_names_that_a_file_system_takes(names: list[str]) -> None:
    taken: set[str] = set()
    safe = [safe_name(name, taken) for name in names]
    assert len({folded_name(name) for name in safe}) == len(names)
    for name in safe:
        assert 0 < len(name.encode()) <= NAME_BYTES
        assert not name.startswith(("-", "."))
        assert not name.endswith((" ", "."))
        assert not set(name) & set('<>:"/\\|?*\n\r\t\0')


def test_a_long_name_is_cut_between_characters_and_keeps_its_extension(tmp_path: Path) -> None:
    name = safe_name("👩‍🚀" * 60 + ".jpeg", set())
    assert name.endswith(".jpeg")
    assert "\u200d." not in name
    write_atomic(tmp_path / name, b"")


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match="could not be written"):
        write_atomic(tmp_path / "file" / "in it", b"x")
