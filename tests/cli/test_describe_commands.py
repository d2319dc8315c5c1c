"""The command that describes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.captioners import SAID, chat_server, write_blip
from tests.helpers.commands import CommandLine


@pytest.fixture(autouse=True)
def _models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_model_of_this_machine_describes(
    curator: CommandLine, root: Path, tmp_path: Path
) -> None:
    folder = write_blip(tmp_path / "tiny-blip")
    answer = curator.ask("describe", root, "-tag:*", "--model", folder, "--cpu")
    assert (answer["model"], answer["described"]) == ("tiny-blip", 3)
    assert set(answer["pictures"][0]["caption"].split()) == {SAID}
    again = curator("describe", root, "", "--model", folder, "--cpu")
    assert "1 picture described by tiny-blip, 3 had a text already." in again.out


def test_an_endpoint_is_told_of_and_used(curator: CommandLine, root: Path) -> None:
    with chat_server("A dog.") as (address, answers):
        said = curator(
            *("describe", root, "name:0", "--endpoint", address, "--endpoint-model", "llava"),
            *("--prompt", "What?", "--text", "replace"),
        )
    assert said.err.startswith("Pictures are sent to 127.0.0.1:")
    assert "A dog." in said.out
    assert answers.asked[0]["model"] == "llava"
    row = curator.ask("list", root, "name:0")[0]
    assert row["caption"] == "fr3dd1e, on grass\nA dog."
    curator("undo", root)
    assert curator.ask("list", root, "name:0")[0]["caption"] == "fr3dd1e, on grass"


def test_what_can_not_be_is_told(curator: CommandLine, root: Path, tmp_path: Path) -> None:
    assert "models download" in curator("describe", root, "", code=1).err
    assert "not there" in curator("describe", root, "", "--model", "blip-base", code=1).err
    both = ("--model", tmp_path, "--endpoint", "http://localhost:1/v1")
    assert "go together" in curator("describe", root, "", *both, code=2).err
    nowhere = curator("describe", root, "", "--endpoint", "nowhere", code=1).err
    assert "no address" in nowhere
    assert "are sent" not in nowhere
    gone = curator("describe", root, "", "--endpoint", "http://localhost:1/v1", code=1)
    assert "can't be reached" in gone.err
