"""Reading lists of tags that anybody may have written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core.errors import UserError
from curator.core.tag_categories import Category
from curator.core.tag_lists import MAX_BYTES, TagList


def listed(folder: Path, text: str | bytes, name: str = "list.csv") -> TagList:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return TagList.load(path)


def test_a_list_is_read_with_its_categories_counts_and_aliases(tmp_path: Path) -> None:
    found = listed(tmp_path, '1girl,0,6008644,"1girls,sole_female"\nhatsune_miku,4,98,\n')
    assert found.tags == ("1girl", "hatsune_miku")
    assert found.categories == [Category.GENERAL, Category.CHARACTER]
    assert found.counts == (6008644, 98)
    assert found.aliases == (("1girls", "sole_female"), ())
    assert (found.title, found.unread) == ("list", 0)


def test_columns_are_found_by_their_titles(tmp_path: Path) -> None:
    found = listed(tmp_path, "tag_id,name,category,count\n9,solo,0,5\n8,rabbit,4,7\n")
    assert found.tags == ("solo", "rabbit")
    assert found.counts == (5, 7)


@pytest.mark.parametrize("text", ["solo\ncat\n", "solo,0\ncat,0\r\n", "\ufeffsolo,0,\ncat,0,0,\n"])
def test_columns_may_be_missing(tmp_path: Path, text: str) -> None:
    found = listed(tmp_path, text)
    assert found.tags == ("solo", "cat")
    assert (found.counts, found.unread) == ((0, 0), 0)


def test_quoted_names_are_read(tmp_path: Path) -> None:
    found = listed(tmp_path, '"a, b",0,3,"c ""d"",e"\n')
    assert found.tags == ("a, b",)
    assert found.aliases == (('c "d"', "e"),)


def test_lines_that_say_nothing_are_passed_over_and_counted(tmp_path: Path) -> None:
    bad = ["cat,zero,1", ",0,5", f"{'x' * 300},0,1", "a\0b,0,1", "dog,0,many", "bird,0,inf"]
    found = listed(tmp_path, "\n".join(["solo,0,1", *bad, "tree,0,-4"]))
    assert found.tags == ("solo", "tree")
    assert found.counts == (1, 0)
    assert found.unread == len(bad)


def test_a_line_that_is_no_utf8_is_passed_over(tmp_path: Path) -> None:
    found = listed(tmp_path, b"solo,0,1\ncaf\xe9,0,2\n")
    assert (found.tags, found.unread) == (("solo",), 1)


def test_an_unclosed_quote_spoils_its_own_line_alone(tmp_path: Path) -> None:
    assert "tree" in listed(tmp_path, 'solo,0,1,"a,b\ntree,0,2\n').tags


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xff\xfe\x00\x01", b"name,category,count\n"])
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(UserError, match="no list of tags"):
        listed(tmp_path, raw)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UserError, match="larger than"):
        TagList.load(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="can't be read"):
        TagList.load(tmp_path / "none.csv")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_file_makes_it_fail_otherwise(tmp_path: Path, raw: bytes) -> None:
    try:
        found = listed(tmp_path, raw)
    except UserError:
        return
    assert len(found.tags) == len(found.counts) == len(found.categories) == len(found.aliases)
