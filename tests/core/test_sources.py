"""What is met when a user names files, folders and archives."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from curator.core.sources import Found, Sources

Look = Callable[..., Sources]


@pytest.fixture
def look(tmp_path: Path) -> Iterator[Look]:
    opened: list[Sources] = []

    def looking(*named: Path, own: tuple[Path, ...] = ()) -> Sources:
        sources = Sources(own, lambda: tmp_path / "scratch", lambda: None)
        opened.append(sources)
        sources.add(named)
        return sources

    yield looking
    for sources in opened:
        sources.__exit__()


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def read(found: Found) -> bytes:
    with found.open() as file:
        return file.read()


def names(sources: Sources) -> list[str]:
    return [found.name for found in sources.files]


def reasons(sources: Sources) -> dict[str, tuple[str, bool]]:
    return {u.source.rpartition("/")[2]: (u.reason, u.rejected) for u in sources.unusable}


def test_folders_are_walked_to_the_bottom_in_natural_order(tmp_path: Path, look: Look):
    folder = make(tmp_path / "in", "img10.jpg", "img2.jpg", "b/IMG3.jpg", "b/img1.jpg", "a 1/x.jpg")
    found = look(folder)
    assert names(found) == ["x.jpg", "img1.jpg", "IMG3.jpg", "img2.jpg", "img10.jpg"]
    assert found.files[0].source == str(folder / "a 1" / "x.jpg")
    assert found.unusable == []


def test_every_kind_of_name_is_met(tmp_path: Path, look: Look):
    odd = [b"new\nline.jpg", "🦝.jpg".encode(), b"-rf.jpg", b"n" * 250, b"caf\xe9.jpg", b"A.jpg"]
    folder = tmp_path / "in"
    folder.mkdir()
    for name in [*odd, b"a.jpg"]:
        (folder / os.fsdecode(name)).write_bytes(name)
    found = look(folder)
    assert {read(f) for f in found.files} == {*odd, b"a.jpg"}


def test_a_link_that_loops_is_skipped_and_the_rest_is_met_once(tmp_path: Path, look: Look):
    folder = make(tmp_path / "in", "a.jpg", "sub/b.jpg")
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "self").symlink_to("self")
    found = look(folder)
    assert names(found) == ["a.jpg", "b.jpg"]
    assert {name: rejected for name, (_reason, rejected) in reasons(found).items()} == {
        "up": False,
        "self": False,
    }


def test_links_to_files_and_other_folders_are_followed(tmp_path: Path, look: Look):
    folder = make(tmp_path / "in", "a.jpg")
    other = make(tmp_path / "other", "b.jpg")
    (folder / "more").symlink_to(other)
    (folder / "z.jpg").symlink_to(folder / "a.jpg")
    assert names(look(folder)) == ["a.jpg", "b.jpg", "z.jpg"]


def test_a_dangling_link_and_a_missing_source_are_rejected(tmp_path: Path, look: Look):
    folder = make(tmp_path / "in", "a.jpg")
    (folder / "gone.jpg").symlink_to(folder / "nowhere")
    found = look(folder, tmp_path / "missing")
    assert reasons(found)["gone.jpg"] == ("The link leads to a file that does not exist.", True)
    assert reasons(found)["missing"][1]


def test_pipes_and_sockets_are_skipped_unopened(
    tmp_path: Path, look: Look, monkeypatch: pytest.MonkeyPatch
):
    folder = make(tmp_path / "in", "a.jpg")
    monkeypatch.chdir(folder)  # a socket's address is short
    os.mkfifo(folder / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.jpg")
        found = look(folder)
    assert names(found) == ["a.jpg"]
    assert reasons(found) == {
        "pipe.jpg": ("It is a pipe, not a file.", False),
        "socket.jpg": ("It is a socket, not a file.", False),
    }


def test_an_unreadable_folder_is_rejected_and_the_rest_is_met(
    tmp_path: Path, look: Look, monkeypatch: pytest.MonkeyPatch
):
    folder = make(tmp_path / "in", "a.jpg", "locked/b.jpg")
    listing = os.listdir

    def refusing(path: str) -> list[str]:  # the superuser may read every folder
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "listdir", refusing)
    found = look(folder)
    assert names(found) == ["a.jpg"]
    assert reasons(found)["locked"][1]


def test_the_projects_own_folders_are_never_entered(tmp_path: Path, look: Look):
    folder = make(tmp_path / "in", "a.jpg", "project/images/b.jpg", "project/project.db")
    own = (folder / "project" / "images", folder / "project" / "project.db")
    found = look(folder, own=own)
    assert names(found) == ["a.jpg"]
    assert set(reasons(found)) == {"images", "project.db"}
    assert names(look(own[0], own[0] / "b.jpg", own=own)) == []


def test_a_picture_named_alone_brings_its_sidecars(tmp_path: Path, look: Look):
    folder = make(tmp_path, "a.jpg", "a.txt", "a.jpg.json", "a.taggui.json", "b.txt")
    found = look(folder / "a.jpg", folder / "a.txt")
    assert sorted(names(found)) == ["a.jpg", "a.jpg.json", "a.taggui.json", "a.txt"]


def test_a_file_that_is_named_twice_is_met_once(tmp_path: Path, look: Look):
    folder = make(tmp_path / "in", "a.jpg", "sub/b.jpg")
    assert sorted(names(look(folder, folder / "sub", folder / "a.jpg"))) == ["a.jpg", "b.jpg"]
