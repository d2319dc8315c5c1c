"""Names of copies, under which no two pictures share a mirror file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.copy_names import CopyNames, extension_for


@pytest.fixture
def names(tmp_path: Path) -> CopyNames:
    """An empty folder's, in a project where image 7 is in place."""
    return CopyNames(tmp_path, lambda image_id: image_id == 7, set)


def test_a_stem_is_given_once_whatever_the_extension_and_case(names: CopyNames):
    chosen = [names.choose("a", ".jpg"), names.choose("a", ".png"), names.choose("A", ".jpg")]
    assert chosen == ["a.jpg", "a-2.png", "A-3.jpg"]


def test_what_is_in_the_folder_is_taken_mirrors_included(tmp_path: Path):
    (tmp_path / "a.txt").touch()
    assert CopyNames(tmp_path, lambda _id: False, set).choose("a", ".jpg") == "a-2.jpg"


def test_a_copy_and_a_picture_in_place_never_share_a_mirrors_name(names: CopyNames):
    assert names.choose("7", ".jpg") == "7-2.jpg"
    assert names.choose("8", ".jpg") == "8.jpg"
    assert names.choose("007", ".jpg") == "007.jpg"
    assert not names.take_id(8)
    assert names.take_id(9)
    assert names.choose("9", ".jpg") == "9-2.jpg"


@given(st.lists(st.text(max_size=150), max_size=20))
def test_any_names_at_all_give_stems_that_differ(stems: list[str]):
    names = CopyNames(Path(__file__).parent / "store", lambda _id: True, set)
    chosen = [names.choose(stem, ".jpg") for stem in stems]
    assert len({name.casefold() for name in chosen}) == len(stems)
    assert all(name.endswith(".jpg") and "/" not in name for name in chosen)


@pytest.mark.parametrize(
    ("image_format", "name", "extension"),
    [
        ("jpeg", "a.JPEG", ".jpeg"),
        ("jpeg", "a.png", ".jpg"),
        ("png", "a", ".png"),
        ("webp", "a.webp", ".webp"),
        ("heif", "a.HEIC", ".heic"),
    ],
)
def test_the_extension_tells_what_a_file_is(image_format: str, name: str, extension: str):
    assert extension_for(image_format, name) == extension


def test_only_a_stranger_with_the_same_content_is_adopted(tmp_path: Path):
    for name, data in {"a.jpg": b"same", "b.jpg": b"else", "c.jpg": b"same"}.items():
        (tmp_path / name).write_bytes(data)
    names = CopyNames(tmp_path, lambda _id: False, lambda: {"c.jpg"})
    sha256 = "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5"
    assert names.adopt("a", ".jpg", sha256, 4) == "a.jpg"
    assert names.adopt("a", ".jpg", sha256, 4) is None
    assert names.adopt("b", ".jpg", sha256, 4) is None
    assert names.adopt("c", ".jpg", sha256, 4) is None
    assert names.adopt("d", ".jpg", sha256, 4) is None
