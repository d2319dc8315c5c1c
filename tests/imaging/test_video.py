"""Videos by content, their size, rotation and frames."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from curator.imaging.bad_image import BadImage
from curator.imaging.load import examine, load, probe
from curator.imaging.video import video_format, video_frames
from tests.helpers import pictures

LIMIT = 10**8


@pytest.mark.parametrize("container", list(pictures.FOURCC))
def test_a_video_is_told_by_its_content(tmp_path: Path, container: str) -> None:
    shots = [pictures.draw(seed) for seed in range(3)]
    path = pictures.write_video(tmp_path / "clip.bin", shots, container=container)
    found = probe(path, LIMIT)
    assert (found.format, found.width, found.height, found.frames, found.is_video) == (
        container, 96, 64, 3, True,
    )  # fmt: skip
    assert pictures.difference(load(path, LIMIT), shots[0]) < 12
    assert examine(path, 48, LIMIT).small.size == (48, 32)
    assert pictures.difference(dict(video_frames(path, LIMIT, 0.1))[2], shots[2]) < 12


def test_pictures_in_the_same_kind_of_container_are_no_videos() -> None:
    for format_ in ("HEIF", "AVIF", "JXL", "JPEG2000", "WEBP", "JPEG"):
        assert video_format(pictures.encode(pictures.draw(), format_)[:1024]) is None, format_


def turned_video(path: Path) -> Path:
    """A film whose header says: show me a quarter turned clockwise."""
    pictures.write_video(path, [pictures.stored_for(pictures.draw(), 6)] * 3)
    data = bytearray(path.read_bytes())
    straight = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    quarter = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 64 << 16, 0, 1 << 30)
    place = data.index(straight, data.index(b"tkhd"))
    data[place : place + 36] = quarter
    path.write_bytes(bytes(data))
    return path


def test_a_turned_video_is_shown_upright(tmp_path: Path) -> None:
    path = turned_video(tmp_path / "a.mp4")
    found = probe(path, LIMIT)
    assert (found.width, found.height) == (96, 64)
    assert pictures.difference(load(path, LIMIT), pictures.draw()) < 12


def test_a_name_with_a_percent_sign_is_only_a_name(tmp_path: Path) -> None:
    path = pictures.write_video(tmp_path / "100%d.mp4", [pictures.draw()] * 2)
    assert probe(path, LIMIT).frames == 2


def test_a_video_without_frames_is_refused(tmp_path: Path) -> None:
    path = pictures.write_video(tmp_path / "a.avi", [pictures.draw()] * 2)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(BadImage, match="damaged"):
        list(video_frames(path, LIMIT, 1))
    with pytest.raises(BadImage, match="damaged"):
        load(path, LIMIT)
