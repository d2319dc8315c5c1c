"""Importing from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.helpers.commands import CommandLine
from tests.helpers.copied import original
from tests.helpers.pictures import draw, write, xmp


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


def test_a_source_that_is_not_there_is_a_sentence(
    curator: CommandLine, root: Path, photos: Path
) -> None:
    nowhere = photos / "nowhere"
    said = curator("import", root, nowhere, "--json", code=1)
    assert [row["source"] for row in said.json["rejected"]] == [str(nowhere)]
    assert said.err.startswith(f"There is no file or folder {nowhere}.")
    assert len(said.err.splitlines()) == 1
    assert curator("import", root, nowhere, code=1).out == ""
    assert "None of the 2 files" in curator("import", root, nowhere, photos / "no", code=1).err


def test_one_missing_source_does_not_hinder_the_others(
    curator: CommandLine, root: Path, photos: Path
) -> None:
    said = curator.ask("import", root, photos / "nowhere", photos)
    assert (len(said["rejected"]), len(said["known"])) == (1, 4)


def test_hundreds_of_bad_files_do_not_hide_the_counts(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    for number in range(250):
        (bad / f"{number}.jpg").write_text("<html>not found</html>", "utf-8")
    lines = curator("import", root, bad).out.splitlines()
    assert lines[0].endswith("250 rejected.")
    assert lines[1].startswith(f"  {bad / '0.jpg'} is a web page")
    assert lines[-2] == "  ... and 230 more."
    written = Path(lines[-1].partition(": ")[2]).read_text("utf-8")
    assert str(bad / "249.jpg") in written


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that refuses even root")
def test_what_came_in_is_told_even_where_no_report_can_be_saved(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    write(tmp_path / "more" / "new.png", draw(77))
    for report in (root / "logs").iterdir():
        report.unlink()
    (root / "logs").rmdir()
    (root / "logs").symlink_to("/proc")
    said = curator("import", root, tmp_path / "more", "--json")
    assert len(said.json["accepted"]) == 1
    assert "report of the import could not be saved" in said.err


def test_ratings_can_be_read_number_by_number(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    write(tmp_path / "rated" / "a.jpg", draw(8), xmp=xmp(4))
    said = curator.ask("import", root, tmp_path / "rated", "--ratings", "4=reject")
    assert said["ratings"] == {"found": {"4": 1}, "mapping": "4=rejected"}
    assert said["accepted"][0]["rating"] == 4
    assert len(curator.ask("list", root, "is:rejected")) == 1


def test_copies_are_left_out_by_choice(curator: CommandLine, tmp_path: Path) -> None:
    for n in range(3):
        write(tmp_path / "mine" / f"{n}.png", original(n))
    copy = write(tmp_path / "more" / "copy.jpg", original(0).resize((120, 90)))
    curator("new", tmp_path / "p")
    curator("import", tmp_path / "p", tmp_path / "mine")
    report = curator.ask("import", tmp_path / "p", tmp_path / "more", "--skip-copies")
    assert report["accepted"] == []
    assert report["skipped"] == [
        {
            "source": str(copy),
            "reason": "It is already here as 0.png (saved again or resized).",
        }
    ]
    assert len(curator.ask("import", tmp_path / "p", tmp_path / "more")["accepted"]) == 1
