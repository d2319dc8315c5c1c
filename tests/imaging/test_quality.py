"""All measures of one file, from one decode."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from curator.core.measures import Measures
from curator.imaging.bad_image import BadImage
from curator.imaging.quality import measure_file, measure_picture
from tests.helpers.degraded import blurred, fine, framed
from tests.helpers.pictures import draw, exif, photo, stored_for, write, write_video

PIXELS = 10_000_000


def of(path: Path) -> Measures:
    return measure_file(1, path, PIXELS).measures


def test_a_jpeg_has_all_measures_but_those_of_faces(tmp_path: Path) -> None:
    found = measure_file(7, write(tmp_path / "a.jpg", photo(1, (640, 480)), quality=70), PIXELS)
    assert found.image_id == 7
    assert found.measures.jpeg_quality == 70
    assert found.measures.faces is found.measures.face is None
    known = [getattr(found.measures, name) for name in Measures.__slots__]
    assert sum(value is not None for value in known) == len(known) - 2


@pytest.mark.parametrize("suffix", [".png", ".webp", ".bmp", ".heic", ".gif"])
def test_other_formats_have_no_jpeg_quality(tmp_path: Path, suffix: str) -> None:
    assert of(write(tmp_path / f"a{suffix}", draw(1))).jpeg_quality is None


def test_a_video_is_measured_by_its_first_frame(tmp_path: Path) -> None:
    film = write_video(tmp_path / "a.avi", [photo(n, (320, 240)) for n in range(3)])
    assert (of(film).sharpness or 0) > 5


def test_a_border_changes_no_other_measure_much() -> None:
    picture = photo(1, (800, 600))
    plain = measure_picture(1, picture, None).measures
    boxed = measure_picture(1, framed(picture, 100), None).measures
    assert boxed.border == pytest.approx(25, abs=1)
    for name in ("sharpness", "contrast", "colourfulness", "clipped"):
        assert getattr(boxed, name) == pytest.approx(getattr(plain, name), abs=2)


def test_the_scale_of_training_decides_about_sharpness() -> None:
    large = fine(2, (1536, 1024))
    slightly, very = (
        measure_picture(1, blurred(large, sigma), None).measures.sharpness or 0
        for sigma in (0.7, 8)
    )
    assert slightly > 0.8 * (measure_picture(1, large, None).measures.sharpness or 0) > 2 * very


def test_turned_and_transparent_files_are_measured_as_they_are_seen(tmp_path: Path) -> None:
    turned = write(tmp_path / "t.jpg", stored_for(draw(1, (300, 200)), 6), exif=exif(6))
    clear = write(tmp_path / "c.png", draw(1, (300, 200), alpha=True))
    assert (of(turned).contrast or 0) > 10
    assert (of(clear).contrast or 0) > 10


def test_a_broken_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(BadImage):
        of(tmp_path / "a.jpg")


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (9, 9)])
def test_the_smallest_pictures_are_measured(size: tuple[int, int]) -> None:
    assert measure_picture(1, Image.new("RGB", size, "red"), None).measures.sharpness is not None
