"""Lists of tags that the person adds, and what is kept of large ones."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from curator.core import installed_tag_lists
from curator.core.errors import UserError
from curator.core.installed_tag_lists import install, installed, known_tags, remove
from curator.core.tag_categories import Category
from curator.core.tag_index import TagIndex

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="XDG is for other systems"
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "curator" / "tags.npz"


def written(folder: Path, text: str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def large(folder: Path) -> Path:
    fill = "x" * 190
    lines = (f'word number {n},4,{n},"alias of {n},{fill}"' for n in range(6000))
    return written(folder, "\n".join(lines), "large.csv")


def test_an_added_list_is_a_copy_and_can_be_removed(tmp_path: Path) -> None:
    source = written(tmp_path, "grue,3,7\n")
    assert install(source).tags == ("grue",)
    source.unlink()
    assert [one.name for one in installed()] == ["mine"]
    assert TagIndex(known_tags()[0]).category_of("grue") == Category.COPYRIGHT
    remove("mine")
    assert installed() == []
    assert TagIndex(known_tags()[0]).category_of("grue") is None


def test_a_list_of_the_same_name_takes_the_place_of_the_first(tmp_path: Path) -> None:
    install(written(tmp_path, "grue,3,7\n"))
    install(written(tmp_path, "grue,4,7\n"))
    assert TagIndex(known_tags()[0]).category_of("grue") == Category.CHARACTER


def test_what_is_no_list_is_not_added(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        install(written(tmp_path, "\0\n"))
    assert installed() == []


def test_removing_what_is_not_there_names_what_is(tmp_path: Path) -> None:
    install(written(tmp_path, "grue,3,7\n"))
    with pytest.raises(UserError) as refused:
        remove("yours")
    assert "mine" in refused.value.hint


def test_a_damaged_list_is_told_and_keeps_none_of_the_others_away(tmp_path: Path) -> None:
    install(written(tmp_path, "grue,3,7\n"))
    install(written(tmp_path, "zork,3,7\n", "other.csv"))
    installed()[0].path.write_bytes(b"\0")
    known, errors = known_tags()
    assert [str(installed()[0].path) in str(error) for error in errors] == [True]
    assert known.row_of("zork") is not None


def test_what_large_lists_amount_to_is_kept(tmp_path: Path, cache: Path) -> None:
    install(large(tmp_path))
    first = known_tags()[0]
    kept_at = cache.stat().st_mtime_ns
    second = known_tags()[0]
    assert cache.stat().st_mtime_ns == kept_at
    for known in (first, second):
        found = TagIndex(known).complete("alias of 5999")
        assert [one.tag for one in found] == ["word number 5999"]
    assert second.tags.raw == first.tags.raw
    assert second.counts.tolist() == first.counts.tolist()


def test_another_list_is_not_missed_because_something_is_kept(tmp_path: Path) -> None:
    install(large(tmp_path))
    known_tags()
    install(written(tmp_path, "grue,3,7\n"))
    assert known_tags()[0].row_of("grue") is not None


def test_a_damaged_cache_is_made_again(tmp_path: Path, cache: Path) -> None:
    install(large(tmp_path))
    known_tags()
    for damage in (b"", b"PK", cache.read_bytes()[:-5000]):
        cache.write_bytes(damage)
        known, errors = known_tags()
        assert (known.row_of("word number 7") is not None, errors) == (True, [])


def test_a_cache_that_can_t_be_written_is_told(tmp_path: Path, cache: Path) -> None:
    install(large(tmp_path))
    cache.parent.parent.mkdir()
    cache.parent.write_text("in the way")
    known, errors = known_tags()
    assert len(errors) == 1
    assert known.row_of("word number 7") is not None


def test_the_starter_list_ships_with_the_program() -> None:
    assert list(installed_tag_lists.STARTER.glob("*.csv"))
    known, errors = known_tags()
    assert errors == []
    assert len(known.tags) >= 1500
