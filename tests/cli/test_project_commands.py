"""Making a project, its settings, its history and its filters, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.commands import CommandLine


def test_new_makes_a_project_once(curator: CommandLine, tmp_path: Path) -> None:
    assert curator.ask("new", tmp_path / "p") == {"project": str(tmp_path / "p")}
    assert (tmp_path / "p" / "project.db").is_file()
    assert "is not empty" in curator("new", tmp_path / "p", code=1).err


def test_settings_are_set_and_shown(curator: CommandLine, root: Path) -> None:
    said = curator.ask("set", root, "trigger=fr3dd1e", "class=dog", "resolution=640", "repeats=7,3")
    assert said["trigger"] == "fr3dd1e"
    assert (said["primary_repeats"], said["supporting_repeats"]) == (7, 3)
    assert curator.ask("set", root) == said
    assert "resolution           640" in curator("set", root).out


def test_one_number_of_repeats_is_for_both(curator: CommandLine, root: Path) -> None:
    said = curator.ask("set", root, "repeats=4")
    assert (said["primary_repeats"], said["supporting_repeats"]) == (4, 4)


def test_a_base_model_is_found_from_anywhere_later(
    curator: CommandLine, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "model.safetensors"
    model.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert curator.ask("set", root, "base=model.safetensors")["base"] == str(model)
    assert curator.ask("set", root, "base=practice")["base"] == "practice"
    assert "no base model at" in curator("set", root, "base=elsewhere", code=1).err


def test_a_wrong_setting_is_a_sentence(curator: CommandLine, root: Path) -> None:
    assert (
        'no setting "tigger". Did you mean trigger?' in curator("set", root, "tigger=x", code=1).err
    )
    assert 'can\'t be "big"' in curator("set", root, "resolution=big", code=1).err
    assert "sets nothing" in curator("set", root, "trigger", code=1).err


def test_undo_and_redo_say_what_they_did(curator: CommandLine, root: Path) -> None:
    curator("rate", root, "1", "")
    assert curator.ask("undo", root) == {"undone": "Rate 4 images primary"}
    assert curator.ask("list", root, "rating:1") == []
    assert "Redone: Rate 4 images primary" in curator("redo", root).out
    assert len(curator.ask("list", root, "rating:1")) == 4
    assert curator.ask("redo", root) == {"redone": None}
    assert "Nothing to redo" in curator("redo", root).out


def test_history_lists_the_newest_first(curator: CommandLine, root: Path) -> None:
    curator("rate", root, "1", "")
    curator("undo", root)
    newest, before = curator.ask("history", root, "--limit", 2)
    assert (newest["label"], newest["undone"]) == ("Rate 4 images primary", True)
    assert not newest["final"]
    assert before["label"] == "Import photos"
    assert "(undone)" in curator("history", root).out


def test_sets_say_what_they_hold(curator: CommandLine, root: Path) -> None:
    curator("group", root, "raincoat", "id:1", "--trigger", "c0at", "--repeats", "4")
    said = {"name": "raincoat", "kind": "concept", "trigger": "c0at", "class": "", "repeats": 4}
    assert curator.ask("sets", root) == [said | {"images": 1}]
    assert "1  raincoat (concept)  trigger=c0at  repeats=4" in curator("sets", root).out


def test_facets_count_what_a_query_finds(curator: CommandLine, root: Path) -> None:
    curator("rate", root, "1", "id:1..2")
    found = curator.ask("facets", root, "-width:>96")
    assert found["total"] == 3
    ratings = next(facet for facet in found["facets"] if facet["title"] == "Rating")
    assert ratings["values"][0] == {"title": "primary", "term": "is:primary", "count": 2}
    assert "2  primary                   is:primary" in curator("facets", root).out


def test_filters_are_kept_changed_and_forgotten(curator: CommandLine, root: Path) -> None:
    assert curator.ask("filter", root, "wide", "width:>64")["matches"] == 3
    assert curator.ask("filter", root, "Wide", "width:>100")["matches"] == 1
    assert curator.ask("filters", root) == [{"name": "Wide", "query": "width:>100"}]
    curator("filter", root, "wide", "--remove")
    assert curator.ask("filters", root) == []
    assert "no saved filter" in curator("filter", root, "wide", "--remove", code=1).err


def test_a_filter_with_a_wrong_query_is_not_kept(curator: CommandLine, root: Path) -> None:
    curator("filter", root, "bad", "width:wide", code=1)
    assert curator.ask("filters", root) == []
