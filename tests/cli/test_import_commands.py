"""Importing from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.commands import CommandLine
from tests.helpers.pictures import draw, write


def test_every_file_is_in_exactly_one_list(
    curator: CommandLine, tmp_path: Path, photos: Path
) -> None:
    (photos / "page.jpg").write_text("<html>not found</html>", "utf-8")
    (photos / "notes.md").write_text("notes", "utf-8")
    curator("new", tmp_path / "p")
    said = curator.ask("import", tmp_path / "p", photos)
    assert [Path(row["source"]).name for row in said["accepted"]] == [
        f"photo {n}.jpg" for n in range(4)
    ]
    wanted = ("id", "path", "width", "height", "format", "frames")
    assert {name: said["accepted"][0][name] for name in wanted} == {
        "id": 1, "path": "images/photo 0.jpg", "width": 96, "height": 64, "format": "jpeg",
        "frames": 1,
    }  # fmt: skip
    assert [(Path(row["source"]).name, row["id"]) for row in said["captions"]] == [
        ("photo 0.txt", 1)
    ]
    met = [
        row["source"]
        for name in ("accepted", "known", "captions", "skipped", "rejected")
        for row in said[name]
    ]
    assert sorted(Path(source).name for source in met) == sorted(p.name for p in photos.iterdir())


def test_importing_again_knows_everything(curator: CommandLine, root: Path, photos: Path) -> None:
    write(photos / "new.png", draw(77))
    said = curator.ask("import", root, photos)
    assert [Path(row["source"]).name for row in said["accepted"]] == ["new.png"]
    assert len(said["known"]) == 4


def test_in_place_leaves_the_files_where_they_are(
    curator: CommandLine, tmp_path: Path, photos: Path
) -> None:
    before = {path: path.read_bytes() for path in photos.iterdir()}
    curator("new", tmp_path / "p")
    curator("import", tmp_path / "p", photos, "--in-place", "--licence", "CC0")
    assert [row["path"] for row in curator.ask("list", tmp_path / "p")] == [
        str(photos / f"photo {n}.jpg") for n in range(4)
    ]
    curator("caption", tmp_path / "p", "", "everywhere the same")
    assert {path: path.read_bytes() for path in photos.iterdir()} == before


def test_the_summary_is_short(curator: CommandLine, root: Path, photos: Path) -> None:
    (photos / "page.jpg").write_text("<html>not found</html>", "utf-8")
    lines = curator("import", root, photos).out.splitlines()
    assert lines[0].startswith("0 new, 4 known already")
    assert "page.jpg" in lines[1]


def test_wrong_wishes_are_sentences(curator: CommandLine, root: Path, photos: Path) -> None:
    assert "0" in curator("import", root, photos, "--explode", "0", code=1).err
    assert "Use one of" in curator("import", root, photos, "--ratings", "many", code=1).err
    said = curator.ask("import", root, photos / "nowhere")
    assert len(said["rejected"]) + len(said["skipped"]) == 1
