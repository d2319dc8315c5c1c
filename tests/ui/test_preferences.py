"""Preferences: kept in a file, read again, and stronger than what stands in it by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.errors import UserError
from curator.ui.preferences import MOST_RECENT, Liking, Preferences


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "window.ini"


def test_what_is_liked_is_found_again(file: Path) -> None:
    first = Preferences(file)
    assert first.liking == Liking()
    heard: list[str] = []
    first.changed.connect(lambda: heard.append(first.liking.theme))
    first.like(theme="light", thumbnail_cache_mb="500")
    first.save()
    assert heard == ["light"]
    assert Preferences(file).liking == Liking(theme="light", thumbnail_cache_mb=500)


def test_a_value_that_does_not_fit_changes_nothing(file: Path) -> None:
    preferences = Preferences(file)
    for wrong in ({"theme": "pink"}, {"picture_memory_mb": "5"}, {"picture_memory_mb": "much"}):
        with pytest.raises(UserError):
            preferences.like(**wrong)
    assert preferences.liking == Liking()


def test_a_file_edited_by_hand_is_taken_as_far_as_it_makes_sense(file: Path) -> None:
    file.write_text(
        "[General]\nkeys={{{\n[liking]\ntheme=pink\nauto_advance=no\n"
        "[window]\nrecent_projects=nonsense\nbase_models=17\n"
    )
    preferences = Preferences(file)
    assert preferences.liking == Liking(auto_advance="no")
    assert preferences.keys == {}
    assert preferences.recent_projects == []
    assert preferences.base_models == []


def test_recent_projects_are_few_and_the_newest_is_first(file: Path) -> None:
    preferences = Preferences(file)
    roots = [file.parent / f"project {n}" for n in range(MOST_RECENT + 3)]
    for root in (*roots, roots[5]):
        preferences.remember_project(root)
    preferences.save()
    recent = Preferences(file).recent_projects
    assert recent[:2] == [roots[5], roots[-1]]
    assert len(recent) == len(set(recent)) == MOST_RECENT


def test_base_models_and_keys_are_kept(file: Path) -> None:
    preferences = Preferences(file)
    for base in ("practice", "/models/one.safetensors", "practice"):
        preferences.remember_base(base)
    preferences.rebind({"reject": ["R", "Alt+R"], "find": []})
    preferences.save()
    again = Preferences(file)
    assert again.base_models == ["practice", "/models/one.safetensors"]
    assert again.keys == {"reject": ["R", "Alt+R"], "find": []}


def test_small_things_about_the_window_are_kept_by_name(file: Path) -> None:
    preferences = Preferences(file)
    assert preferences.remembered("cell", 168) == 168
    preferences.remember("cell", 200)
    preferences.save()
    assert int(Preferences(file).remembered("cell")) == 200
