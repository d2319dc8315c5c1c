"""Ratings that other programs gave, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.commands import CommandLine
from tests.helpers.pictures import draw, write, xmp


@pytest.fixture
def rated(curator: CommandLine, tmp_path: Path) -> Path:
    """A project with four pictures in place that were rated elsewhere; the first is rated here."""
    for seed, rating in enumerate([5, 3, -1, None]):
        write(tmp_path / "mine" / f"{seed}.jpg", draw(seed), xmp=xmp(rating))
    curator("new", tmp_path / "p")
    curator("import", tmp_path / "p", tmp_path / "mine", "--in-place", "--ratings", "none")
    curator("rate", tmp_path / "p", "2", "id:1")
    return tmp_path / "p"


def ratings(curator: CommandLine, root: Path) -> list[object]:
    rows = curator.ask("list", root)
    return ["rejected" if row["rejected"] else row["rating"] for row in rows]


def test_ratings_are_read_again_but_not_over_those_given_here(
    curator: CommandLine, rated: Path
) -> None:
    said = curator("read-ratings", rated).out.splitlines()
    assert said == [
        "Ratings found in files, read as stars:",
        "  -1: 1 -> rejected",
        "  3: 1 -> supporting",
        "  5: 1 -> primary",
        "2 ratings taken over, 1 left: rated here already (see --replace).",
    ]
    assert ratings(curator, rated) == [2, 2, "rejected", 0]
    assert curator.ask("undo", rated) == {"undone": "Take over ratings from files"}
    assert ratings(curator, rated) == [2, 0, 0, 0]


def test_ratings_given_here_are_replaced_when_asked_to(curator: CommandLine, rated: Path) -> None:
    said = curator.ask("read-ratings", rated, "--replace")
    assert said == {
        "found": {"-1": 1, "3": 1, "5": 1},
        "mapping": "stars",
        "mirrored": {},
        "problems": [],
        "changed": {"1": "primary", "2": "supporting", "3": "rejected"},
        "left": [],
    }
    assert ratings(curator, rated) == [1, 2, "rejected", 0]


def test_a_dry_run_changes_nothing(curator: CommandLine, rated: Path) -> None:
    asked = ("read-ratings", rated, "-id:3", "--ratings", "3=reject,5=primary", "--dry-run")
    said = curator(*asked).out
    assert "read as 3=rejected,5=primary" in said
    assert "1 rating would be taken over, 1 left" in said
    assert ratings(curator, rated) == [2, 0, 0, 0]


def test_the_projects_setting_says_how_they_are_read(curator: CommandLine, rated: Path) -> None:
    curator("set", rated, "ratings=3=primary")
    assert curator.ask("read-ratings", rated)["changed"] == {"2": "primary"}


def test_what_could_not_be_read_is_told(curator: CommandLine, rated: Path, tmp_path: Path) -> None:
    (tmp_path / "mine" / "3.jpg").unlink()
    (rated / "images" / "2.xmp").write_bytes(xmp(2))
    said = curator("read-ratings", rated).out
    assert f"{tmp_path / 'mine' / '3.jpg'}: " in said
    assert "Written into this project's sidecars by other programs: 1 supporting" in said


def test_a_wrong_mapping_is_a_sentence(curator: CommandLine, rated: Path) -> None:
    assert "Use one of guess" in curator("read-ratings", rated, "--ratings", "5", code=1).err
