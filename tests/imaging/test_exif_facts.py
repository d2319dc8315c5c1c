"""What a camera wrote, told shortly; odd and hostile values say nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from curator.imaging.bad_image import BadImage
from curator.imaging.exif_facts import LONGEST, exif_facts
from tests.helpers.pictures import draw

B, G = ExifTags.Base, ExifTags.GPS
MAX_PIXELS = 10_000_000


def written(path: Path, base: dict[int, object], details: dict[int, object] | None = None) -> Path:
    """A picture with these tags."""
    block = Image.Exif()
    block.update(base)
    block.get_ifd(ExifTags.IFD.Exif).update(details or {})
    draw(1).save(path, exif=block)
    return path


def facts(path: Path) -> dict[str, str]:
    return dict(exif_facts(path, MAX_PIXELS))


def test_a_cameras_words_and_numbers(tmp_path: Path) -> None:
    found = facts(
        written(
            tmp_path / "a.jpg",
            {B.Make: "Canon", B.Model: "Canon EOS R5", B.Artist: "Jo"},
            {
                B.ExposureTime: IFDRational(1, 250),
                B.FNumber: 2.8,
                B.ISOSpeedRatings: 400,
                B.FocalLength: 50.0,
                B.FocalLengthIn35mmFilm: 80,
                B.LensModel: "RF 50mm",
            },
        )
    )
    assert found == {
        "Camera": "Canon EOS R5",
        "Lens": "RF 50mm",
        "Exposure": "1/250 s",
        "Aperture": "f/2.8",
        "ISO": "400",
        "Focal length": "50 mm (like 80 mm)",
        "Author": "Jo",
    }


def test_a_position_is_told_in_degrees(tmp_path: Path) -> None:
    block = Image.Exif()
    block.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            G.GPSLatitudeRef: "S",
            G.GPSLatitude: (33.0, 30.0, 36.0),
            G.GPSLongitudeRef: "E",
            G.GPSLongitude: (151.0, 15.0, 0.0),
        }
    )
    draw(1).save(tmp_path / "a.jpg", exif=block)
    assert facts(tmp_path / "a.jpg") == {"Position": "-33.51000, 151.25000"}


def test_a_picture_without_exif_has_no_facts(tmp_path: Path) -> None:
    draw(1).save(tmp_path / "a.png")
    assert exif_facts(tmp_path / "a.png", MAX_PIXELS) == []


def test_long_and_unprintable_values_are_cut_and_cleaned(tmp_path: Path) -> None:
    found = facts(written(tmp_path / "a.jpg", {B.Software: "x" * 5000, B.Artist: "a\x1b[31m\n\tb"}))
    assert len(found["Software"]) == LONGEST
    assert found["Author"] == "a [31m b"


def test_a_number_that_is_none_says_nothing(tmp_path: Path) -> None:
    odd = {B.ExposureTime: IFDRational(1, 0), B.FNumber: IFDRational(0, 1)}
    assert facts(written(tmp_path / "a.jpg", {B.Make: "Canon"}, odd)) == {"Camera": "Canon"}


@given(st.binary(max_size=400), st.integers(0, 400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_damaged_exif_never_fails(tmp_path: Path, noise: bytes, at: int) -> None:
    path = written(tmp_path / "a.jpg", {B.Make: "Canon", B.Model: "R5"}, {B.FNumber: 2.8})
    data = bytearray(path.read_bytes())
    start = data.index(b"Exif\0\0") + 6
    end = min(start + at % 120 + len(noise), start + 160)
    data[start + at % 120 : end] = noise[: max(0, end - start - at % 120)]
    path.write_bytes(data)
    with suppress(BadImage):  # the damage may reach further than the EXIF block
        exif_facts(path, MAX_PIXELS)


def test_what_is_no_picture_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"<html>")
    with pytest.raises(BadImage):
        exif_facts(tmp_path / "a.jpg", MAX_PIXELS)
