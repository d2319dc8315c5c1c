"""The command that finds duplicates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.commands import CommandLine
from tests.helpers.copied import original, scraped
from tests.helpers.pictures import write


@pytest.fixture
def root(curator: CommandLine, tmp_path: Path) -> Path:
    """A project with four pictures, a copy of each, and one without."""
    scraped(tmp_path / "photos")
    folder = tmp_path / "project"
    curator("new", folder)
    curator("import", folder, tmp_path / "photos")
    return folder


def test_groups_are_printed_with_a_keeper_among_them(curator: CommandLine, root: Path) -> None:
    groups = curator.ask("duplicates", root)
    assert [group["kind"] for group in groups] == ["pixels", "reencoded", "edited", "edited"]
    for group in groups:
        assert list(group) == ["kind", "keeper", "members", "paths", "scores"]
        assert group["keeper"] in group["members"]
        assert group["members"] == sorted(group["members"])
        assert [Path(path).is_absolute() for path in group["paths"]] == [True, True]
        assert all(Path(path).is_file() for path in group["paths"])
    assert "1 small.jpg" in [Path(path).name for path in groups[1]["paths"]]
    assert curator.ask("duplicates", root) == groups


def test_kinds_are_chosen_and_an_unknown_one_is_a_sentence(
    curator: CommandLine, root: Path
) -> None:
    groups = curator.ask("duplicates", root, "--kinds", "bytes, pixels")
    assert [group["kind"] for group in groups] == ["pixels"]
    said = curator("duplicates", root, "--kinds", "pixels,similar", code=1)
    assert said.err.startswith('There is no kind "similar". Use some of bytes, pixels, ')
    assert "No kind is named" in curator("duplicates", root, "--kinds", ",", code=1).err


def test_groups_are_read_by_people(curator: CommandLine, root: Path) -> None:
    lines = curator("duplicates", root).out.splitlines()
    assert "2 pictures: saved again or resized" in lines
    assert any("keep" in line and "1.png  (more pixels" in line for line in lines)
    assert lines[-1].startswith("4 groups, 4 pictures beside those to keep.")


def test_one_of_each_is_kept_in_one_step(curator: CommandLine, root: Path) -> None:
    dry = curator("duplicates", root, "--apply", "largest", "--dry-run").out
    assert dry.splitlines()[-1] == "4 pictures would be rejected."
    assert not curator.ask("list", root, "is:rejected")
    curator("duplicates", root, "--apply", "largest")
    assert len(curator.ask("list", root, "reason:duplicate")) == 4
    assert curator("duplicates", root).out == "No duplicates are left to decide about.\n"
    assert curator("duplicates", root, "--apply", "best").out.startswith("No duplicates are left")
    curator("undo", root)
    assert len(curator.ask("duplicates", root)) == 4
    assert curator("duplicates", root, "--dry-run", code=2).err


def test_what_can_not_be_read_is_told(curator: CommandLine, root: Path) -> None:
    (root / "images" / "4.png").write_bytes(b"spoilt")
    said = curator("duplicates", root, "--json")
    assert len(said.json) == 4
    assert "4.png: " in said.err
    assert "4.png: " in curator("duplicates", root).err


def test_what_is_elsewhere_is_told_if_it_is_here(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    write(tmp_path / "more" / "again.jpg", original(4))
    write(tmp_path / "more" / "stranger.jpg", original(9))
    (tmp_path / "more" / "broken.jpg").write_bytes(b"spoilt")
    more = tmp_path / "more"
    said = curator("duplicates", root, "--against", more)
    assert said.out.splitlines() == [
        f"{more / 'again.jpg'}: 4.png (saved again or resized)",
        "Here already: 1 picture; new: 1.",
    ]
    assert str(more / "broken.jpg") in said.err
    (row,) = curator.ask("duplicates", root, "--against", more)
    assert list(row) == ["path", "kind", "of", "name"]
    assert (row["path"], row["kind"], row["name"]) == (
        str(more / "again.jpg"),
        "reencoded",
        "4.png",
    )
    curator("duplicates", root, "--against", more, "--apply", "best", code=2)
