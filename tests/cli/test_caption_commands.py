"""tags, retag, lint and tokens, as a user types them and a program reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curator.core.caption_recipes import CaptionRecipe, recipes_text
from curator.core.tag_rules import Delete
from tests.helpers.commands import CommandLine


@pytest.fixture
def tagged(curator: CommandLine, root: Path) -> Path:
    """Four pictures, three of them with tags."""
    curator("set", root, "trigger=fr3dd1e")
    for number, caption in enumerate(("fr3dd1e, red_hat, sea", "fr3dd1e, sea, cap", "hat"), 1):
        curator("caption", root, f"id:{number}", caption)
        curator("rate", root, "1", f"id:{number}")
    curator("caption", root, "id:4", "")
    return root


def captions(curator: CommandLine, root: Path) -> list[str]:
    return [row["caption"] for row in curator.ask("list", root)]


def test_tags_are_counted_in_all_pictures_or_in_some(curator: CommandLine, tagged: Path) -> None:
    assert curator.ask("tags", tagged) == {
        "fr3dd1e": 2,
        "sea": 2,
        "cap": 1,
        "hat": 1,
        "red_hat": 1,
    }
    assert list(curator.ask("tags", tagged, "-tag:cap", "tag:sea")) == ["fr3dd1e", "red_hat", "sea"]
    assert "2  sea" in curator("tags", tagged).out


def test_a_dry_run_shows_the_difference_and_changes_nothing(
    curator: CommandLine, tagged: Path
) -> None:
    before = captions(curator, tagged)
    said = curator("retag", tagged, "", "--remove", "*hat", "--replace", "sea=ocean", "--dry-run")
    assert "photo 0.jpg  -red_hat  -sea  +ocean" in said.out
    assert "     2  -sea" in said.out
    assert "Would change 3 of 4 pictures." in said.out
    assert captions(curator, tagged) == before


def test_rules_change_tags_as_one_step(curator: CommandLine, tagged: Path) -> None:
    before = captions(curator, tagged)
    found = curator.ask(
        *("retag", tagged, "-tag:cap", "tag:*"),
        *("--regex", r"^(\w+)_hat$=hat, \1", "--add", "new", "--remove", "fr3dd1e"),
    )
    assert found == {
        "label": "Change tags of 2 images",
        "matched": 2,
        "changed": 2,
        "dry_run": False,
        "removed": {"red_hat": 1},
        "added": {"new": 2, "hat": 1, "red": 1},
        "changes": [
            {
                "id": 1,
                "name": "photo 0.jpg",
                "removed": ["red_hat"],
                "added": ["hat", "red", "new"],
                "old": "fr3dd1e, red_hat, sea",
                "new": "fr3dd1e, hat, red, sea, new",
            },
            {
                "id": 3,
                "name": "photo 2.jpg",
                "removed": [],
                "added": ["new"],
                "old": "hat",
                "new": "hat, new",
            },
        ],
    }
    curator("undo", tagged)
    assert captions(curator, tagged) == before


def test_rules_come_from_recipes_and_files(
    curator: CommandLine, tagged: Path, tmp_path: Path
) -> None:
    curator("retag", tagged, "", "--recipe", "underscores")
    curator("retag", tagged, "", "--recipe", "booru")
    assert captions(curator, tagged)[0] == "fr3dd1e, red hat, sea"
    file = tmp_path / "rules.json"
    file.write_text('[{"rule": "sort"}]', "utf-8-sig")
    said = curator("retag", tagged, "", "--rules", file, "--add", "cap")
    assert "Changed 3 of 4 pictures." in said.out or "Changed 4 of 4" in said.out
    assert captions(curator, tagged)[1] == "fr3dd1e, cap, sea"


def test_a_retag_that_says_nothing_sensible_is_refused(
    curator: CommandLine, tagged: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(b"\xff\xff")
    for options, says in (
        ((), "Nothing says what to change"),
        (("--replace", "hat"), "has no ="),
        (("--regex", "(=x"), "at character 2"),
        (("--recipe", "nope"), 'no caption recipe "nope"'),
        (("--rules", bad), "no text in UTF-8"),
        (("--rules", tmp_path / "none.json"), "can't be read"),
    ):
        assert says in curator("retag", tagged, "", *options, code=1).err


def test_a_recipe_is_chosen_by_name(curator: CommandLine, tagged: Path) -> None:
    own = recipes_text([CaptionRecipe("mine", rules=(Delete("sea"),))])
    curator("set", tagged, f"recipes={own}", "recipe=sd1=booru, sdxl=mine")
    assert curator.ask("set", tagged)["recipe"] == "sd1=booru, sdxl=mine"
    assert "nope" in curator("set", tagged, "recipe=nope", code=1).err
    assert "mine" in curator("set", tagged, "recipes=", code=1).err
    curator("set", tagged, "recipe=mine")
    report = curator.ask("export", tagged, tagged / "dataset")
    texts = {p.read_text("utf-8") for p in (tagged / "dataset" / "img").rglob("*.txt")}
    assert report["captioned"] == 3
    assert texts == {"fr3dd1e, red_hat", "fr3dd1e, cap", "hat"}


def test_lint_tells_and_mends(curator: CommandLine, tagged: Path) -> None:
    curator("caption", tagged, "id:2", "fr3dd1e, sea, Sea, name (x")
    found = curator.ask("lint", tagged)
    assert found["images"] == 4
    kinds = {row["kind"]: row for row in found["findings"]}
    assert kinds["missing trigger"] == {
        "kind": "missing trigger",
        "images": [3],
        "words": '1 caption without the trigger "fr3dd1e".',
        "tags": ["fr3dd1e"],
        "fixable": True,
        "fixed": False,
    }
    assert set(kinds) == {"empty", "missing trigger", "repeated tag", "parentheses"}
    assert "would be mended" in curator("lint", tagged, "--fix", "all", "--dry-run").out
    curator("lint", tagged, "--fix", "missing trigger")
    assert captions(curator, tagged)[2] == "fr3dd1e, hat"
    assert "mended" in curator("lint", tagged, "--fix", "all").out
    assert {row["kind"] for row in curator.ask("lint", tagged)["findings"]} == {
        "empty",
        "parentheses",
    }
    assert "None of these" in curator("lint", tagged, "--fix", "all").err
    assert "nothing that lint tells" in curator("lint", tagged, "--fix", "x", code=1).err


def test_tokens_say_where_the_first_chunk_ends(curator: CommandLine, tagged: Path) -> None:
    curator("caption", tagged, "id:1", ", ".join(f"tag{n}" for n in range(9)) * 4)
    rows = json.loads(curator("tokens", tagged, "id:1..2", "--json").out)
    assert rows[0]["tokens"] > 75
    assert rows[0]["chunks"] == 2
    assert rows[0]["chunk_1_ends_after"].startswith("tag")
    assert rows[1] == {
        "id": 2,
        "name": "photo 1.jpg",
        "tokens": 9,
        "tags": 3,
        "chunks": 1,
        "chunk_1_ends_after": None,
    }
    assert "2 pictures, 1 over 75 tokens." in curator("tokens", tagged, "id:1..2").out
