"""A video, frame by frame."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from curator.imaging.bad_image import BadImage
from curator.imaging.video import frames_at, video_frames
from curator.imaging.video_reader import VideoReader
from tests.helpers.pictures import FOURCC, write_video

LIMIT = 10**8


def film(folder: Path, container: str = "mp4", count: int = 90) -> Path:
    """Frames whose brightness tells their number."""
    shades = [Image.new("RGB", (64, 48), (2 * n + 20,) * 3) for n in range(count)]
    return write_video(folder / f"film.{container}", shades, fps=25, container=container)


@pytest.mark.parametrize("container", sorted(FOURCC))
def test_any_frame_can_be_had_in_any_order(tmp_path: Path, container: str) -> None:
    path = film(tmp_path, container)
    reader, frames = VideoReader(path, LIMIT), dict(video_frames(path, LIMIT, 0.04))
    assert reader.count == len(frames) == 90
    for number in (0, 1, 2, 1, 50, 49, 48, 20, 89, 88, 0, 3):
        shown = reader.read(number)
        assert shown.number == number
        assert shown.picture.tobytes() == frames[number].tobytes(), number
        assert shown.moment_ms == pytest.approx(number * 40, abs=1)
    reader.close()


def test_beyond_the_ends_is_the_end(tmp_path: Path) -> None:
    reader = VideoReader(film(tmp_path), LIMIT)
    assert reader.read(-5).number == 0
    assert reader.read(500).number == 89
    reader.close()


@pytest.mark.parametrize("container", sorted(FOURCC))
def test_what_was_seen_is_what_is_taken(tmp_path: Path, container: str) -> None:
    path = film(tmp_path, container)
    reader = VideoReader(path, LIMIT)
    seen = [reader.read(n) for n in (60, 7, 31)]
    reader.close()
    taken = dict(frames_at(path, LIMIT, [one.moment_ms for one in seen]))
    assert sorted(taken) == [7, 31, 60]
    assert all(taken[one.number].tobytes() == one.picture.tobytes() for one in seen)
    everything = dict(video_frames(path, LIMIT, 0.04))
    assert all(taken[n].tobytes() == everything[n].tobytes() for n in taken)


def test_few_frames_are_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curator.imaging.video_reader.KEPT_BYTES", 3 * 64 * 48 * 3)
    path = film(tmp_path)
    reader, frames = VideoReader(path, LIMIT), dict(video_frames(path, LIMIT, 0.04))
    for number in (0, 40, 10, 11, 9):
        assert reader.read(number).picture.tobytes() == frames[number].tobytes()
    reader.close()


def test_what_is_no_video_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.mp4").write_bytes(b"\0\0\0\x18ftypisom" + b"x" * 100)
    with pytest.raises(BadImage):
        VideoReader(tmp_path / "no.mp4", LIMIT)
