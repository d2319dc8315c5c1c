"""Which files beside a picture speak of it, and what they say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import UserError
from curator.core.sidecars import Kind, Told, candidates, is_sidecar_name, pair, read


def test_every_kind_of_sidecar_finds_its_picture_and_the_most_telling_comes_first():
    names = ["a.jpg", "a.xmp", "a.taggui.json", "a.jpg.xmp", "a.jpg.json", "a.jpg.txt", "a.txt"]
    assert pair(names) == {
        "a.jpg": [
            ("a.txt", Kind.CAPTION),
            ("a.jpg.txt", Kind.TAG_LIST),
            ("a.jpg.json", Kind.METADATA),
            ("a.jpg.xmp", Kind.XMP_NAME),
            ("a.xmp", Kind.XMP_STEM),
            ("a.taggui.json", Kind.TAGGUI),
        ]
    }


def test_of_several_caption_files_txt_comes_before_caption_and_cap():
    paired = pair(["a.jpg", "a.cap", "a.caption", "a.txt"])
    assert [name for name, _kind in paired["a.jpg"]] == ["a.txt", "a.caption", "a.cap"]


def test_a_sidecar_without_a_picture_belongs_to_nobody():
    assert pair(["readme.txt", "info.json", "a.jpg"]) == {}


def test_two_pictures_of_one_stem_share_their_caption():
    assert pair(["a.jpg", "a.png", "a.txt"]) == {
        "a.jpg": [("a.txt", Kind.CAPTION)],
        "a.png": [("a.txt", Kind.CAPTION)],
    }


def test_case_is_ignored_unless_it_tells_two_pictures_apart():
    assert pair(["IMG.JPG", "img.TXT"]) == {"IMG.JPG": [("img.TXT", Kind.CAPTION)]}
    assert pair(["A.jpg", "a.jpg", "A.txt", "a.txt"]) == {
        "A.jpg": [("A.txt", Kind.CAPTION)],
        "a.jpg": [("a.txt", Kind.CAPTION)],
    }


def test_accents_may_be_composed_in_one_name_and_not_in_the_other():
    assert pair(["é.jpg", "e\u0301.txt"]) == {"é.jpg": [("e\u0301.txt", Kind.CAPTION)]}


def test_the_full_name_of_a_picture_beats_the_stem_of_another():
    assert pair(["a.jpg", "a.jpg.png", "a.jpg.txt"]) == {"a.jpg": [("a.jpg.txt", Kind.TAG_LIST)]}


@given(st.from_regex(r"[a-zA-Z.]{1,6}\.(jpg|PNG)", fullmatch=True))
def test_every_name_a_sidecar_may_have_is_paired_with_its_picture(name: str):
    for candidate in candidates(name):
        assert is_sidecar_name(candidate)
        assert [found for found, _kind in pair([name, candidate]).get(name, [])] == [candidate]


@pytest.mark.parametrize(
    ("data", "caption"),
    [
        ("un café, 赤\n".encode(), "un café, 赤"),
        (b"\xef\xbb\xbfone, two\r\n", "one, two"),
        ("één".encode("utf-16"), "één"),
        (b"  spaces stay ,,", "  spaces stay ,,"),
        (b" \n\n", ""),
        (b"", ""),
    ],
)
def test_a_caption_is_the_exact_text_without_its_last_line_end(data: bytes, caption: str):
    assert read(Kind.CAPTION, data) == Told(caption=caption)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("a naïve raccoon in a “café”", "cp1252"),
        ("un café", "cp1252"),
        ("アイス", "cp932"),
        ("赤い髪の少女, 桜", "cp932"),
        ("красная лиса, снег", "cp1251"),
        ("红色头发的女孩", "gb18030"),
    ],
)
def test_a_caption_in_another_encoding_is_recognised_and_reported(text: str, encoding: str):
    told = read(Kind.CAPTION, text.encode(encoding))
    assert told.caption == text
    assert encoding in told.warnings[0]


def test_a_caption_of_several_lines_is_kept_whole_with_a_warning():
    told = read(Kind.CAPTION, b"one\r\ntwo\r\n")
    assert told.caption == "one\ntwo"
    assert "first" in told.warnings[0]


@pytest.mark.parametrize("data", [b"a\0b", b"\xff\xfea", b"x" * (1 << 20) + b"y"])
def test_what_is_no_text_is_no_caption(data: bytes):
    with pytest.raises(UserError):
        read(Kind.CAPTION, data)


def test_gallery_dl_tag_lists_become_a_caption():
    assert read(Kind.TAG_LIST, b"raccoon\nred fur\n\n").caption == "raccoon, red fur"


@pytest.mark.parametrize(
    ("tags", "caption"),
    [
        (["a b", "c"], "a b, c"),
        ("a_b c", "a_b, c"),
        ("a b, c", "a b, c"),
        ([{"name": "a"}, {"name": "b"}], "a, b"),
        ({"artist": ["x"], "general": ["y", "z"]}, "x, y, z"),
        ([1, None], ""),
        (None, ""),
    ],
)
def test_gallery_dl_tags_are_read_in_each_of_their_forms(tags: object, caption: str):
    assert read(Kind.METADATA, json.dumps({"tags": tags}).encode()).caption == caption


def test_gallery_dl_tells_where_a_picture_came_from():
    data = json.dumps({"url": "ftp://no", "file_url": "https://example.org/1.jpg"}).encode()
    assert read(Kind.METADATA, data) == Told(source_url="https://example.org/1.jpg")


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000])
def test_broken_json_is_reported(data: bytes):
    with pytest.raises(UserError, match="JSON"):
        read(Kind.METADATA, data)


@pytest.mark.parametrize(
    ("document", "rating"),
    [
        ({"version": 1, "rating": 0.8}, 4),
        ({"version": 1, "rating": 1}, 5),
        ({"version": 1, "rating": 0}, None),
        ({"version": 1, "nodes": [], "state": {}}, None),
        ({"version": 0.4, "rating": 0.4}, None),
        ({"version": 1, "rating": "good"}, None),
        ([1], None),
    ],
)
def test_taggui_ratings_are_stars_and_workflows_are_not(document: object, rating: int | None):
    told = read(Kind.TAGGUI, json.dumps(document).encode())
    assert told.rating == rating
    assert bool(told) is (rating is not None)
