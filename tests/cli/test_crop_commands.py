"""More crops of a picture from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.commands import CommandLine


def test_a_crop_has_a_name_a_box_and_a_caption_of_its_own(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    made = curator.ask("crop", root, "name:*0*", "--name", "head", "--box", "8,4,40,36")["crops"]
    assert made == [{"id": 5, "name": "photo 0 head.jpg", "crop_of": 1}]
    curator("caption", root, "is:crop", "close-up")
    rows = curator.ask("list", root)
    assert [row["id"] for row in rows] == [1, 5, 2, 3, 4]
    assert [row["caption"] for row in rows[:2]] == ["fr3dd1e, on grass", "close-up"]
    assert rows[1]["crop_of"] == 1
    curator("render", root, tmp_path / "out", "is:crop")
    with Image.open(tmp_path / "out" / "5.png") as picture:
        assert picture.size == (32, 32)
    assert {path.name for path in (root / "images").glob("*.txt")} == {"photo 0.txt"}


def test_a_crop_to_a_shape_follows_the_picture(curator: CommandLine, root: Path) -> None:
    curator("crop", root, "", "--to", "square")
    said = curator("crop", root, "", "--to", "round", code=1)
    assert "no ratio" in said.err
    assert len(curator.ask("list", root, "is:crop")) == 4


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "10,0,10,20", "0,0,97,64", "-1,0,5,5"])
def test_a_box_outside_the_picture_is_a_sentence(
    curator: CommandLine, root: Path, box: str
) -> None:
    said = curator("crop", root, "name:*0*", f"--box={box}", code=1)
    assert "box" in said.err
    assert len(curator.ask("list", root)) == 4


def test_removing_a_source_asks_about_its_crops(curator: CommandLine, root: Path) -> None:
    curator("crop", root, "id:1")
    said = curator("remove", root, "id:1", code=1)
    assert "One picture has 1 crop in the project. Remove it too?" in said.err
    curator("remove", root, "id:1", "--keep-crops")
    assert [row["id"] for row in curator.ask("list", root, "")] == [2, 3, 4, 5]
    curator("undo", root)
    assert curator.ask("remove", root, "id:1", "--crops")["changed"] == 2
    assert curator("trash", root).out.startswith("2 pictures in the trash: 1 copy")


def test_the_trash_keeps_a_picture_whose_crop_stays(
    curator: CommandLine, root: Path, system_trash: Path
) -> None:
    curator("crop", root, "id:1")
    curator("remove", root, "id:1", "--keep-crops")
    said = curator("trash", root, "--empty", "--yes")
    assert "photo 0.jpg stays in the trash: crops of it are in the project" in said.err
    curator("remove", root, "is:crop")
    assert curator.ask("trash", root, "--empty", "--yes")["images"] == 2
    assert {path.name for path in system_trash.iterdir()} == {"photo 0.jpg", "photo 0.txt"}
    assert [row["id"] for row in curator.ask("list", root)] == [2, 3, 4]


def test_crops_are_exported_beside_their_source_and_are_no_duplicates(
    curator: CommandLine, root: Path
) -> None:
    curator("rate", root, "1", "id:1")
    curator("crop", root, "id:1", "--name", "head", "--box", "8,4,40,36")
    exported = curator.ask("export", root, root / "dataset")
    folder = Path(exported["folders"][0]["path"])
    files = {path.name for path in (root / "dataset" / folder).iterdir()}
    assert {"photo 0.jpg", "photo 0 head.png", "photo 0.txt", "photo 0 head.txt"} <= files
    assert curator.ask("duplicates", root) == []
