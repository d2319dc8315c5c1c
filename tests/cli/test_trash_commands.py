"""The trash, from the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.commands import REPOSITORY, CommandLine

pytestmark = pytest.mark.usefixtures("system_trash")


def answered(root: Path, answer: str) -> tuple[int, str]:
    """Empty the trash in a terminal, and answer the question; the code and all that was shown."""
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, str(REPOSITORY / "main.py"), "trash", str(root), "--empty"]
    with subprocess.Popen(
        command, stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        os.write(leader, f"{answer}\n".encode())
        shown = process.communicate(timeout=60)[0]
    os.close(leader)
    os.close(follower)
    return process.returncode, shown


def test_the_trash_says_what_it_holds(curator: CommandLine, root: Path) -> None:
    assert curator("trash", root).out == "The trash is empty.\n"
    curator("remove", root, "id:1..2")
    size = sum((root / "images" / f"photo {n}.jpg").stat().st_size for n in (0, 1))
    assert curator.ask("trash", root) == {
        "images": 2,
        "copies": 2,
        "in_place": 0,
        "crops": 0,
        "size_bytes": size,
    }
    assert (
        curator("trash", root).out == f"2 pictures in the trash: 2 copies ({size / 1000:.1f} kB).\n"
    )


def test_emptying_tells_the_numbers_and_the_history_says_that_undo_ends(
    curator: CommandLine, root: Path, system_trash: Path
) -> None:
    curator("remove", root, "id:1..2")
    said = curator.ask("trash", root, "--empty", "--yes")
    assert (said["images"], said["copies"], said["kept"]) == (2, 2, [])
    assert {path.name for path in system_trash.iterdir()} == {
        "photo 0.jpg",
        "photo 0.txt",
        "photo 1.jpg",
    }
    newest, removal, *_ = curator.ask("history", root)
    assert (newest["label"], newest["final"]) == ("Empty the trash: 2 images", True)
    assert removal["final"]
    assert "Empty the trash: 2 images  (can't be undone)" in curator("history", root).out
    assert curator.ask("restore", root)["matched"] == 0
    assert curator.ask("undo", root) == {"undone": "Import photos"}
    assert curator("trash", root, "--empty", "--yes").out.startswith("2 pictures forgotten, 2 cop")
    assert "0 pictures forgotten" in curator("trash", root, "--empty").out


def test_pictures_in_place_are_forgotten(
    curator: CommandLine, tmp_path: Path, photos: Path
) -> None:
    root = tmp_path / "in place"
    curator("new", root)
    curator("import", root, photos, "--in-place")
    curator("remove", root, "")
    assert curator("trash", root).out == "4 pictures in the trash: 4 in place.\n"
    code, shown = answered(root, "y")
    assert code == 0
    assert "Forget 4 pictures in place? There is no undo. [y/N]" in shown
    assert "4 pictures forgotten" in shown
    assert len(list(photos.glob("*.jpg"))) == 4


def test_without_a_terminal_it_is_refused_unless_told_so(curator: CommandLine, root: Path) -> None:
    curator("remove", root, "id:1")
    said = curator("trash", root, "--empty", code=1)
    assert said.err.startswith("Emptying the trash asks first, and nobody is here to answer.")
    assert "--yes" in said.err
    curator("trash", root, "--yes", code=2)
    assert curator.ask("trash", root)["images"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_one_question_names_the_numbers_and_no_is_taken_for_an_answer(
    curator: CommandLine, root: Path
) -> None:
    curator("remove", root, "id:1..2")
    code, shown = answered(root, "n")
    assert code == 0
    assert "Move 2 copies (" in shown
    assert "kB) to the system trash? There is no undo. [y/N]" in shown
    assert "Nothing was done." in shown
    assert curator.ask("trash", root)["images"] == 2


def test_what_stays_is_told_with_the_reason(
    curator: CommandLine, root: Path, system_trash: Path
) -> None:
    curator("remove", root, "id:1")
    system_trash.parent.write_text("a file in the way")
    said = curator("trash", root, "--empty", "--yes")
    assert said.out.startswith("0 pictures forgotten")
    assert "photo 0.jpg stays in the trash: " in said.err
