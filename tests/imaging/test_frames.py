"""Frames of animations, pages, and videos."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.imaging.frames import frames
from curator.imaging.load import probe
from tests.helpers import pictures

LIMIT = 10**8


def numbers(path: Path, every: float) -> list[int]:
    return [number for number, _ in frames(path, probe(path, LIMIT), every, LIMIT)]


@pytest.mark.parametrize("extension", ["gif", "webp", "png", "tif", "avif", "heic"])
def test_every_nth_frame_of_an_animation_looks_as_drawn(tmp_path: Path, extension: str) -> None:
    drawn = [pictures.draw(seed) for seed in range(5)]
    path = tmp_path / f"a.{extension}"
    pictures.write(path, drawn[0], save_all=True, append_images=drawn[1:])
    found = dict(frames(path, probe(path, LIMIT), 2, LIMIT))
    assert list(found) == [0, 2, 4]
    for number, picture in found.items():
        assert pictures.difference(picture.convert("RGB"), drawn[number]) < 12, number
    assert numbers(path, 1) == [0, 1, 2, 3, 4]
    assert numbers(path, 100) == [0]


def test_frames_of_an_animation_are_turned_upright(tmp_path: Path) -> None:
    drawn = [pictures.draw(seed) for seed in range(2)]
    stored = [pictures.stored_for(picture, 8) for picture in drawn]
    path = tmp_path / "a.webp"
    pictures.write(path, stored[0], save_all=True, append_images=stored[1:], exif=pictures.exif(8))
    for number, picture in frames(path, probe(path, LIMIT), 1, LIMIT):
        assert pictures.difference(picture.convert("RGB"), drawn[number]) < 12


def test_a_still_picture_has_one_frame(tmp_path: Path) -> None:
    assert numbers(pictures.write(tmp_path / "a.jpg"), 1) == [0]


def test_frames_before_the_damage_are_given(tmp_path: Path) -> None:
    drawn = [pictures.photo(seed, (96, 64)) for seed in range(4)]
    path = tmp_path / "a.gif"
    pictures.write(path, drawn[0], save_all=True, append_images=drawn[1:])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 5 // 8])
    found = numbers(path, 1)
    assert found[:2] == [0, 1]
    assert len(found) < 4


def test_a_video_gives_a_frame_every_so_many_seconds(tmp_path: Path) -> None:
    shots = [pictures.draw(number) for number in range(6) for _ in range(5)]
    path = pictures.write_video(tmp_path / "a.mp4", shots, fps=5)
    found = dict(frames(path, probe(path, LIMIT), 2, LIMIT))
    assert list(found) == [0, 10, 20]
    for number, picture in found.items():
        assert pictures.difference(picture, shots[number]) < 12


def test_frames_of_a_video_that_look_like_the_one_before_are_left_out(tmp_path: Path) -> None:
    shots = [pictures.draw(seed) for seed in (1, 1, 1, 2, 2, 1) for _ in range(5)]
    path = pictures.write_video(tmp_path / "a.mp4", shots, fps=5)
    assert numbers(path, 1) == [0, 15, 25]
