"""`python -m trainer settings`: explains, converts, and never writes over a file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from trainer.__main__ import main
from trainer.config import load_run
from trainer.interop.folders import folders_in
from trainer.interop.settings import read_settings

KOHYA = '{"LoRA_type": "Standard", "network_dim": 8, "caption_extension": "", "bogus": 7}'
EASY = """
[general_args.args]
seed = 5
[[subsets]]
image_dir = "pictures"
num_repeats = 3
caption_extension = ".txt"
"""


@pytest.fixture
def kohya(tmp_path: Path) -> Path:
    path = tmp_path / "mine.json"
    path.write_text(KOHYA)
    return path


def test_it_says_what_was_understood_changed_and_ignored(
    kohya: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["settings", str(kohya)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Read: settings of kohya_ss.")
    assert "Mind:\n  caption_extension is empty" in shown
    assert "Ignored:\n  bogus: not known here." in shown
    assert "Understood:" in shown
    assert "network_dim = 8" in shown


def test_a_run_file_is_written_whole(kohya: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = kohya.with_name("run.toml")
    assert main(["settings", str(kohya), "--output", str(run)]) == 0
    assert load_run(run).network_dim == 8
    assert f"Written: {run}" in capsys.readouterr().out
    before = run.read_bytes()
    assert main(["settings", str(kohya), "--output", str(run)]) == 1
    assert "already a file" in capsys.readouterr().err
    assert run.read_bytes() == before
    assert sorted(it.name for it in run.parent.iterdir()) == ["mine.json", "run.toml"]


def test_without_an_output_the_text_is_printed_by_itself(
    kohya: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["settings", str(kohya), "--to", "sd-scripts"]) == 0
    shown = capsys.readouterr()
    assert read_settings(shown.out).options["network_dim"] == 8
    assert shown.err.startswith("Read: settings of kohya_ss.")


def test_folders_get_a_file_beside(tmp_path: Path) -> None:
    easy, run = tmp_path / "easy.toml", tmp_path / "out" / "run.toml"
    easy.write_text(EASY)
    assert main(["settings", str(easy), "--output", str(run)]) == 0
    config = load_run(run)
    assert config.dataset_config == tmp_path / "out" / "run-dataset.toml"
    assert config.dataset_config.is_file()
    back = tmp_path / "back.toml"
    assert main(["settings", str(easy), "--to", "easy", "--output", str(back)]) == 0
    assert folders_in(read_settings(back).dataset) == folders_in(read_settings(easy).dataset)
    assert not back.with_name("back-dataset.toml").exists()


def test_pasted_text_comes_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"look: {KOHYA} nice"))
    assert main(["settings", "-", "--json", "--to", "kohya"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["options"]["network_dim"] == 8
    assert found["form"] == "settings of kohya_ss"
    assert json.loads(found["text"])["network_dim"] == 8
    assert {"understood", "changed", "ignored", "warnings", "left_out", "dataset"} <= set(found)


def test_a_folder_is_a_queue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queue, out = tmp_path / "queue_store", tmp_path / "out"
    queue.mkdir()
    for name in ("1", "2"):
        (queue / f"{name}.toml").write_text(EASY)
    assert main(["settings", str(queue), "--output", str(out)]) == 0
    assert {it.name for it in out.iterdir()} == {
        *("1.toml", "2.toml", "1-dataset.toml", "2-dataset.toml")
    }
    capsys.readouterr()
    assert main(["settings", str(queue), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_what_cannot_be_read_is_the_users_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["settings", str(tmp_path / "none.json")]) == 1
    assert "Cannot read" in capsys.readouterr().err
