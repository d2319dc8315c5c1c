"""Exit codes, streams, and the ways a command line is misused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from curator.cli.app import COMMANDS
from curator.core.project import Project
from tests.helpers.commands import REPOSITORY, CommandLine, child
from tests.helpers.pictures import draw, encode


def test_without_a_command_there_is_help(curator: CommandLine) -> None:
    shown = curator().out
    assert all(f"  {name} " in shown for name in COMMANDS)
    assert curator("--help").out == shown


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_json_or_says_why_not(curator: CommandLine, name: str) -> None:
    assert "--json" in curator(name, "--help").out


@pytest.mark.parametrize(
    "arguments",
    [["lst"], ["list"], ["rate", "p", "1"], ["list", "p", "--jsn"], ["train", "p", "--bas", "x"],
     ["caption", "p", "q"], ["--verbose"]],
)  # fmt: skip
def test_wrong_usage_ends_with_2(curator: CommandLine, arguments: list[str]) -> None:
    said = curator(*arguments, code=2)
    assert said.out == ""
    assert said.err


def test_a_folder_that_is_no_project_is_a_sentence(curator: CommandLine, tmp_path: Path) -> None:
    for command in (["list"], ["rate", "1", ""], ["export", "out"], ["undo"], ["train"]):
        said = curator(command[0], tmp_path, *command[1:], code=1)
        assert said.err == (
            f"{tmp_path} is not a Curator project. Make one with: curator new FOLDER\n"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_query_says_where(curator: CommandLine, root: Path) -> None:
    said = curator("list", root, "width:wide", code=1)
    assert "at character 7" in said.err
    assert len(said.err.splitlines()) == 1


def test_an_open_project_can_be_looked_at_but_not_changed(curator: CommandLine, root: Path) -> None:
    with Project.open(root):
        assert len(curator.ask("list", root)) == 4
        for arguments in (("rate", root, "1", ""), ("undo", root), ("set", root, "trigger=x")):
            assert "is open in another window" in curator(*arguments, code=1).err
    assert curator.ask("list", root, "rating:1") == []


def test_a_fault_of_the_program_shows_where(
    curator: CommandLine, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("deliberate")

    monkeypatch.setattr(Project, "select", broken)
    said = curator("list", root, code=70)
    assert "Traceback" in said.err
    assert "ZeroDivisionError: deliberate" in said.err
    assert said.out == ""


def test_names_that_begin_with_a_dash_work_after_two_of_them(
    curator: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-photos").mkdir()
    (tmp_path / "-photos" / "-1.jpg").write_bytes(encode(draw()))
    curator("new", "--", "-p")
    curator("import", "--", "-p", "-photos")
    assert [row["path"] for row in curator.ask("list", "./-p")] == ["images/1.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_names_that_are_no_text_are_shown_with_escapes(root: Path, tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / os.fsdecode(b"caf\xe9\n.jpg")).write_bytes(encode(draw(9)))
    (tmp_path / "odd" / os.fsdecode(b"bad\xff.jpg")).write_text("<html>", "utf-8")
    said = child(
        ["import", str(root), str(tmp_path / "odd")],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert said.returncode == 0, said.stderr
    assert b"1 new" in said.stdout
    rows = json.loads(child(["list", str(root), "--json"]).stdout)
    assert len(rows) == 5
    listed = child(["list", str(root)], env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert listed.returncode == 0
    assert len(listed.stdout.splitlines()) == 6


@pytest.mark.skipif(os.name == "nt", reason="arguments are text there")
def test_a_caption_that_is_no_text_is_a_sentence(root: Path) -> None:
    said = child(["caption", str(root), "", b"caf\xe9"])
    assert (said.returncode, said.stdout) == (1, b"")
    assert b"no text" in said.stderr
    assert b"Traceback" not in said.stderr


@pytest.mark.skipif(os.name == "nt", reason="there is no head")
def test_a_reader_that_leaves_is_no_fault(root: Path) -> None:
    command = f'"{sys.executable}" "{REPOSITORY / "main.py"}" list "{root}" | head -n 1'
    said = subprocess.run(command, shell=True, capture_output=True, check=False, timeout=300)
    assert said.stderr == b""
    assert len(said.stdout.splitlines()) == 1


def test_looking_needs_neither_torch_nor_opencv(root: Path) -> None:
    code = f"""
import sys
from curator.cli import main
main(["list", {str(root)!r}])
print(sorted({{"torch", "cv2", "PySide6", "diffusers"}} & set(sys.modules)))
"""
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=REPOSITORY, text=True
    )
    assert said.stdout.splitlines()[-1] == "[]"


def test_the_list_of_commands_cuts_no_sentence_off(curator: CommandLine) -> None:
    assert "..." not in curator("--help").out.partition("Commands:")[2]


def test_usage_names_what_the_user_typed(
    curator: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURATOR_COMMAND", "./run.sh")
    assert "Usage: ./run.sh rate " in curator("rate", "p", code=2).err
    assert "./run.sh new FOLDER" in curator("list", "no-such-project", code=1).err
