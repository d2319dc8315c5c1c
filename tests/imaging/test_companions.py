"""Who is believed about a picture when several speak of it."""

from pathlib import Path

from curator.core.sidecars import Kind
from curator.core.sources import Found
from curator.imaging.companions import consult
from curator.imaging.metadata import Embedded
from tests.helpers.pictures import xmp


def sidecar(folder: Path, name: str, data: bytes, kind: Kind) -> tuple[Found, Kind]:
    (folder / name).write_bytes(data)
    return Found(str(folder / name), len(data)), kind


def test_a_caption_file_beats_tags_and_keywords(tmp_path: Path):
    beside = [
        sidecar(tmp_path, "a.txt", b"mine", Kind.CAPTION),
        sidecar(tmp_path, "a.jpg.txt", b"one\ntwo", Kind.TAG_LIST),
    ]
    answer = consult(beside, Embedded(keywords=("word",)))
    assert answer.caption == "mine"
    assert answer.taken == [str(tmp_path / "a.txt")]
    assert answer.useless == {str(tmp_path / "a.jpg.txt"): "a.txt was taken instead."}
    assert consult([], Embedded(keywords=("one", "two"))).caption == "one, two"


def test_a_sidecar_that_says_unrated_beats_what_the_picture_carries(tmp_path: Path):
    beside = [sidecar(tmp_path, "a.jpg.xmp", xmp(0), Kind.XMP_NAME)]
    answer = consult(beside, Embedded(rating=5))
    assert answer.rating == 0
    assert len(answer.warnings) == 1
    assert answer.taken == []


def test_tags_and_address_of_one_file_are_weighed_apart(tmp_path: Path):
    data = b'{"tags": ["x"], "url": "https://example.org"}'
    beside = [
        sidecar(tmp_path, "a.txt", b"mine", Kind.CAPTION),
        sidecar(tmp_path, "a.jpg.json", data, Kind.METADATA),
    ]
    answer = consult(beside, Embedded())
    assert (answer.caption, answer.source_url) == ("mine", "https://example.org")
    assert len(answer.taken) == 2


def test_a_sidecar_that_vanished_is_faulty(tmp_path: Path):
    answer = consult([(Found(str(tmp_path / "a.txt"), 1), Kind.CAPTION)], Embedded())
    assert "does not exist" in answer.faulty[str(tmp_path / "a.txt")].message
