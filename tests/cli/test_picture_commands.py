"""Deciding about pictures from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.commands import CommandLine
from tests.helpers.pictures import draw, write


def ratings(curator: CommandLine, root: Path) -> list[int]:
    return [row["rating"] for row in curator.ask("list", root)]


def test_list_gives_the_promised_fields(curator: CommandLine, root: Path, photos: Path) -> None:
    row = curator.ask("list", root, "name:*0*")[0]
    digest = row.pop("sha256")
    assert len(digest) == 64
    assert row == {
        "id": 1,
        "path": "images/photo 0.jpg",
        "source": str(photos / "photo 0.jpg"),
        "width": 96,
        "height": 64,
        "format": "jpeg",
        "rating": 0,
        "rejected": False,
        "caption": "fr3dd1e, on grass",
        "tags": ["fr3dd1e", "on grass"],
        "set": None,
    }


def test_list_tells_in_lines_too(curator: CommandLine, root: Path) -> None:
    curator("group", root, "outdoors", "tag:fr3dd1e")
    curator("rate", root, "reject", "tag:fr3dd1e")
    lines = curator("list", root, "is:rejected").out.splitlines()
    assert lines == [
        "     1  rejected          96x64  photo 0.jpg [outdoors]  fr3dd1e, on grass",
        "1 picture",
    ]


def test_a_query_may_be_several_words_and_begin_with_a_dash(
    curator: CommandLine, root: Path
) -> None:
    assert [row["id"] for row in curator.ask("list", root, "-tag:fr3dd1e", "width:96")] == [3]
    assert [row["id"] for row in curator.ask("list", root, "width:96 -tag:fr3dd1e")] == [3]


@pytest.mark.parametrize(
    ("value", "rating"),
    [("1", 1), ("primary", 1), ("2", 2), ("Supporting", 2), ("0", 0), ("unrated", 0)],
)
def test_every_word_for_a_rating_is_understood(
    curator: CommandLine, root: Path, value: str, rating: int
) -> None:
    curator("rate", root, "2" if rating != 2 else "1", "")
    assert curator.ask("rate", root, value, "")["changed"] == 4
    assert ratings(curator, root) == [rating] * 4


def test_rejecting_with_a_reason_and_taking_back(curator: CommandLine, root: Path) -> None:
    curator("rate", root, "reject:wrong-subject", "width:128")
    assert len(curator.ask("list", root, "is:rejected")) == 1
    curator("rate", root, "unreject", "is:rejected")
    assert curator.ask("list", root, "is:rejected") == []


@pytest.mark.parametrize("value", ["3", "great", "1:blurry", "reject:ugly", "unreject:blurry", ""])
def test_a_wrong_rating_is_a_sentence_and_changes_nothing(
    curator: CommandLine, root: Path, value: str
) -> None:
    said = curator("rate", root, value, "", code=1)
    assert "Use " in said.err
    assert len(curator.ask("history", root)) == 1


def test_nothing_found_is_no_error(curator: CommandLine, root: Path) -> None:
    assert "No picture matches" in curator("rate", root, "1", "tag:nowhere").out
    assert curator.ask("rate", root, "1", "tag:nowhere")["matched"] == 0


def test_rating_again_says_what_was_so_already(curator: CommandLine, root: Path) -> None:
    curator("rate", root, "1", "width:96")
    assert (
        curator("rate", root, "1", "").out == "Done: Rate 4 images primary (2 were so already).\n"
    )


def test_group_makes_the_set_and_changes_it(curator: CommandLine, root: Path) -> None:
    curator("group", root, "Red coat", "width:96", "--trigger", "r3d", "--repeats", 9)
    rows = curator.ask("list", root, 'set:"Red coat"')
    assert [row["set"] for row in rows] == ["Red coat"] * 2
    curator("group", root, "red coat", "width:128", "--kind", "outfit", "--class", "coat")
    assert len(curator.ask("list", root, 'set:"red coat"')) == 3
    curator("group", root, "", "width:128")
    assert len(curator.ask("list", root, 'set:"red coat"')) == 2


def test_making_a_set_and_filling_it_is_one_undo(curator: CommandLine, root: Path) -> None:
    curator("group", root, "outfit", "")
    curator("undo", root)
    assert {row["set"] for row in curator.ask("list", root)} == {None}
    curator("group", root, "outfit", "", "--repeats", 0)
    assert {row["set"] for row in curator.ask("list", root)} == {"outfit"}


def test_caption_gives_this_very_text(curator: CommandLine, root: Path) -> None:
    text = 'photo of fr3dd1e, "quoted", 犬 \\(dog\\)'
    curator("caption", root, "width:96", text)
    assert [row["caption"] for row in curator.ask("list", root, "width:96")] == [text] * 2


def test_turning_back_leaves_no_trace(curator: CommandLine, root: Path) -> None:
    curator("turn", root, "right", "width:96")
    curator("turn", root, "left", "width:96")
    curator("render", root, root.parent / "out", "width:96")
    curator("turn", root, "around", "", code=1)
    assert len(list((root.parent / "out").glob("*.png"))) == 2


def test_removed_pictures_come_back(curator: CommandLine, root: Path) -> None:
    curator("remove", root, "width:96")
    assert [row["id"] for row in curator.ask("list", root)] == [2, 4]
    curator("restore", root, "tag:fr3dd1e")
    assert [row["id"] for row in curator.ask("list", root)] == [1, 2, 4]
    curator("restore", root)
    assert len(curator.ask("list", root)) == 4


def test_frames_of_one_file_are_told_apart(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    frames = [draw(number) for number in range(50, 53)]
    write(tmp_path / "moving.gif", frames[0], save_all=True, append_images=frames[1:])
    curator("import", root, tmp_path / "moving.gif", "--explode", "1")
    lines = curator("list", root, "format:gif").out.splitlines()
    names = [line.partition("96x64  ")[2] for line in lines[:3]]
    assert names == ["moving.gif", "moving.gif frame 1", "moving.gif frame 2"]
