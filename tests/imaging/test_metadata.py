"""Ratings, keywords and times in pictures and sidecars."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from curator.core.errors import UserError
from curator.imaging.load import examine
from curator.imaging.metadata import MAX_XMP_BYTES, Embedded, parse_xmp
from tests.helpers import pictures

LIMIT = 10**8


def carried(path: Path) -> Embedded:
    return examine(path, 32, LIMIT).embedded


PACKET = pictures.xmp(4, ["red hat", "smiling & waving".replace("&", "&amp;")])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.jpg", {"xmp": PACKET}),
        ("a.webp", {"xmp": PACKET}),
        ("a.tif", {"tiffinfo": {700: PACKET}}),
        ("a.avif", {"xmp": PACKET}),
        ("a.heic", {"xmp": PACKET}),
    ],
)
def test_xmp_is_read_from_every_format(
    tmp_path: Path, name: str, options: dict[str, object]
) -> None:
    found = carried(pictures.write(tmp_path / name, **options))
    assert found == Embedded(4, ("red hat", "smiling & waving"))


def test_xmp_is_read_from_a_png(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    for after in (False, True):
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", PACKET.decode())
        path = pictures.write(tmp_path / "a.png", pnginfo=info)
        if after:  # as ExifTool writes it
            data = path.read_bytes()
            start = data.index(b"iTXt") - 4
            end = start + 12 + int.from_bytes(data[start : start + 4], "big")
            path.write_bytes(data[:start] + data[end:-12] + data[start:end] + data[-12:])
        assert carried(path).rating == 4, after


@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "tif", "avif", "heic"])
def test_exif_rating_and_time_are_read_from_every_format(tmp_path: Path, extension: str) -> None:
    block = pictures.exif(rating=2, taken="2024:05:06 07:08:09", offset="+02:00")
    path = pictures.write(tmp_path / f"a.{extension}", exif=block)
    assert carried(path) == Embedded(2, (), 1714972089.0)


def test_a_time_without_an_offset_is_utc_and_a_senseless_one_is_none(tmp_path: Path) -> None:
    for taken, seconds in (
        ("1970:01:02 00:00:00", 86400.0),
        ("0000:00:00 00:00:00", None),
        ("yesterday", None),
    ):
        path = pictures.write(tmp_path / "a.jpg", exif=pictures.exif(taken=taken))
        assert carried(path).taken == seconds


@pytest.mark.parametrize(
    ("percent", "stars"),
    [
        (0, 0),
        (1, 1),
        (12, 1),
        (13, 2),
        (25, 2),
        (37, 2),
        (38, 3),
        (50, 3),
        (75, 4),
        (99, 5),
        (100, 5),
    ],
)
def test_windows_percents_become_stars(tmp_path: Path, percent: int, stars: int) -> None:
    path = pictures.write(tmp_path / "a.jpg", exif=pictures.exif(percent=percent))
    assert carried(path).rating == stars


def test_xmp_goes_before_exif_in_ratings(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a.jpg", xmp=pictures.xmp(5), exif=pictures.exif(rating=1))
    assert carried(path).rating == 5


def test_keywords_of_windows_and_iptc_are_read(tmp_path: Path) -> None:
    block = Image.Exif()
    block[0x9C9E] = "sea;blue sky\0".encode("utf-16-le")
    path = pictures.write(tmp_path / "a.jpg", exif=block.tobytes())
    data = path.read_bytes()
    words = b"".join(
        b"\x1c\x02\x19" + len(word).to_bytes(2, "big") + word
        for word in (b"boat", "blå".encode(), b"sea")
    )
    resource = (
        b"8BIM\x04\x04\0\0" + len(words).to_bytes(4, "big") + words + b"\0" * (len(words) % 2)
    )
    segment = b"Photoshop 3.0\0" + resource
    marker = b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment
    path.write_bytes(data[:2] + marker + data[2:])
    assert carried(path).keywords == ("boat", "blå", "sea", "blue sky")


@pytest.mark.parametrize("rating", [-1, 0, 1, 2, 5])
@pytest.mark.parametrize("elements", [False, True])
def test_a_rating_is_read_as_attribute_and_as_element(rating: int, elements: bool) -> None:
    assert parse_xmp(pictures.xmp(rating, elements=elements)).rating == rating


@pytest.mark.parametrize(("text", "rating"), [("5.0", 5), ("6", None), ("", None), ("good", None),
                                              ("2.5", None), ("nan", None)])  # fmt: skip
def test_odd_ratings(text: str, rating: int | None) -> None:
    assert parse_xmp(pictures.xmp(text)).rating == rating


def test_keywords_in_trees_give_their_last_word_once() -> None:
    data = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
      <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:digiKam="http://www.digikam.org/ns/1.0/"
        xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
        xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/" MicrosoftPhoto:Rating="75">
       <dc:subject><rdf:Bag><rdf:li>hat</rdf:li><rdf:li> </rdf:li></rdf:Bag></dc:subject>
       <digiKam:TagsList><rdf:Seq><rdf:li>Clothes/hat</rdf:li><rdf:li>Place/sea</rdf:li></rdf:Seq>
       </digiKam:TagsList>
       <lr:hierarchicalSubject><rdf:Bag><rdf:li>Place|sea</rdf:li><rdf:li>Who|Ann</rdf:li>
       </rdf:Bag></lr:hierarchicalSubject>
      </rdf:Description></rdf:RDF></x:xmpmeta>"""
    assert parse_xmp(data) == Embedded(4, ("hat", "sea", "Ann"))


def test_the_rating_of_something_inside_is_not_the_pictures() -> None:
    inner = pictures.xmp(None, ["x"]).replace(
        b"<rdf:li>x</rdf:li>",
        b'<rdf:li><rdf:Description xmp:Rating="5"/></rdf:li>',
    )
    assert parse_xmp(inner).rating is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        PACKET[:150],
        b'<?xml version="1.0" encoding="no-such-code"?><a/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b" " * (MAX_XMP_BYTES + 1),
    ],
    ids=["empty", "text", "cut", "encoding", "entity", "outside", "oversized"],
)
def test_damaged_dangerous_and_oversized_xmp_is_refused(data: bytes) -> None:
    with pytest.raises(UserError, match="XMP data is"):
        parse_xmp(data)


def test_damaged_metadata_does_not_cost_the_picture(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a.jpg", xmp=PACKET[:200], exif=pictures.exif(rating=3))
    found = carried(path)
    assert found.rating == 3
    assert len(found.warnings) == 1
    path = pictures.write(tmp_path / "b.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert carried(path) == Embedded()


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_xmp(b"<a>" + data + b"</a>")
    except UserError as error:
        assert error.message  # noqa: PT017 - both outcomes are right
