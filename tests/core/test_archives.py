"""What is read from archives, and what is not believed."""

import gzip
import io
import random
import struct
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from curator.core import archives
from curator.core.archives import Archive, open_archive
from curator.core.errors import UserError
from curator.core.sources import Sources

FILES = {"b/2.jpg": b"two", "b/10.jpg": b"ten" * 1000, "a.txt": b"caption"}


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("b")
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def write_tar(path: Path, files: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            add(archive, name, data)
    return path


def add(archive: tarfile.TarFile, name: str, data: bytes, kind: bytes = tarfile.REGTYPE) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.type, member.linkname = len(data), kind, "/etc/passwd"
    archive.addfile(member, io.BytesIO(data))


def opened(path: Path) -> Archive:
    archive = open_archive(path, lambda: path.with_name("scratch"))
    assert archive is not None
    return archive


def contents(path: Path) -> dict[str, bytes]:
    archive = opened(path)
    found = {}
    for entry in archive.entries():
        with archive.open(entry) as file:
            found[entry.name] = file.read()
    archive.close()
    return found


def refusals(path: Path) -> dict[str, str]:
    archive = opened(path)
    found = {entry.name: entry.refused for entry in archive.entries()}
    archive.close()
    return found


def test_a_zip_gives_its_files(tmp_path: Path):
    assert contents(write_zip(tmp_path / "x.zip", FILES)) == FILES


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_gives_its_files_however_it_is_packed(tmp_path: Path, mode: str):
    assert contents(write_tar(tmp_path / "named-wrongly.zip", FILES, mode)) == FILES
    assert not (tmp_path / "scratch").exists()


def test_what_is_no_archive_is_left_to_others(tmp_path: Path):
    for name, data in {"a": b"", "b": b"\xff\xd8\xff", "c": gzip.compress(b"text" * 200)}.items():
        (tmp_path / name).write_bytes(data)
        assert open_archive(tmp_path / name, lambda: tmp_path / "scratch") is None


def test_entries_are_read_by_several_threads_at_once(tmp_path: Path):
    files = {f"{n}.jpg": bytes([n]) * 300_000 for n in range(20)}
    for path in (write_zip(tmp_path / "x.zip", files), write_tar(tmp_path / "x.tar", files)):
        archive = opened(path)
        wrong: list[str] = []

        def compare(archive: Archive = archive, wrong: list[str] = wrong) -> None:
            for entry in archive.entries():
                with archive.open(entry) as file:
                    if file.read() != files[entry.name]:
                        wrong.append(entry.name)

        threads = [threading.Thread(target=compare) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        archive.close()
        assert wrong == []


def test_links_and_devices_in_archives_are_refused(tmp_path: Path):
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        for name, kind in (
            ("soft", tarfile.SYMTYPE),
            ("hard", tarfile.LNKTYPE),
            ("pipe", tarfile.FIFOTYPE),
            ("device", tarfile.CHRTYPE),
        ):
            add(archive, name, b"", kind)
        add(archive, "a.jpg", b"x")
    found = refusals(tmp_path / "x.tar")
    assert found.pop("a.jpg") == ""
    assert set(found) == {"soft", "hard", "pipe", "device"}
    assert all(found.values())
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        link = zipfile.ZipInfo("link.jpg")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    assert refusals(tmp_path / "x.zip")["link.jpg"]


def test_an_entry_that_needs_a_password_is_refused(tmp_path: Path):
    path = write_zip(tmp_path / "x.zip", {"a.jpg": b"secret"})
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")  # the last central header; bit 0 of its flags says so
    data[central + 8] |= 1
    path.write_bytes(data)
    assert "password" in refusals(path)["a.jpg"]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "HARMLESS_BYTES", 1 << 20)
    monkeypatch.setattr(archives, "HARMLESS_ENTRY_BYTES", 1 << 18)
    zeros = {"a.jpg": bytes(8 << 20)}
    for path in (
        write_zip(tmp_path / "x.zip", zeros),
        write_tar(tmp_path / "x.tar.gz", zeros, "w:gz"),
    ):
        with pytest.raises(UserError, match="far more"):
            opened(path)
    assert not (tmp_path / "scratch").exists()
    monkeypatch.setattr(archives, "HARMLESS_BYTES", 1 << 30)
    assert "far more" in refusals(tmp_path / "x.zip")["a.jpg"]


def test_an_entry_that_lies_about_its_size_gives_no_more_than_it_says(tmp_path: Path):
    path = write_zip(tmp_path / "x.zip", {"a.jpg": bytes(1 << 20)})
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    archive = opened(path)
    with pytest.raises(UserError, match="damaged"), archive.open(next(archive.entries())) as file:
        file.read()
    archive.close()


def test_damaged_archives_are_told_in_a_sentence(tmp_path: Path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    (tmp_path / "x.tar").write_bytes(bytes(257) + b"ustar" + b"x" * 1000)
    for name in ("x.zip", "x.tar"):
        with pytest.raises(UserError, match="damaged"):
            opened(tmp_path / name)


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_of_an_archive_that_was_cut_off_what_is_there_is_taken(tmp_path: Path, mode: str):
    path = tmp_path / "x.tar"
    noise = {f"{n}.jpg": random.Random(n).randbytes(200_000) for n in range(10)}
    data = write_tar(path, noise, mode).read_bytes()
    path.write_bytes(data[: len(data) // 2])
    archive = opened(path)
    *whole, last, end = archive.entries()
    assert end.refused
    assert end.hint
    assert 3 <= len(whole) <= 5
    for entry in whole:
        with archive.open(entry) as file:
            assert file.read() == noise[entry.name]
    with pytest.raises(UserError, match="ends"), archive.open(last) as file:
        file.read()
    archive.close()


def test_archives_among_folders_are_looked_into_but_not_archives_inside_them(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    inner = write_zip(tmp_path / "inner.zip", FILES).read_bytes()
    path = write_zip(folder / "x.zip", {**FILES, "inner.zip": inner, "../up.jpg": b"up"})
    with Sources((), lambda: tmp_path / "scratch", lambda: None) as sources:
        sources.add([folder])
        assert [found.source for found in sources.files] == [
            f"{path}!/../up.jpg",
            f"{path}!/a.txt",
            f"{path}!/b/2.jpg",
            f"{path}!/b/10.jpg",
        ]
        assert sources.files[0].name == "up.jpg"
        assert sources.files[2].folder == f"{path}!/b/"
        assert [(u.source, u.rejected) for u in sources.unusable] == [(f"{path}!/inner.zip", False)]


def test_a_file_with_an_archives_name_is_what_it_is(tmp_path: Path):
    (tmp_path / "photo.zip").write_bytes(b"\xff\xd8\xff")
    with Sources((), lambda: tmp_path / "scratch", lambda: None) as sources:
        sources.add([tmp_path / "photo.zip"])
        assert [found.name for found in sources.files] == ["photo.zip"]
