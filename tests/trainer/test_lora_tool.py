"""`python -m trainer lora`: each word from files to files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from tests.helpers.loras import TO_K, layer, write_base, write_lora
from trainer.__main__ import main
from trainer.lora_files.deltas import change
from trainer.lora_files.reading import read
from trainer.perform import EXIT_USER

TAGS = {"ss_tag_frequency": '{"10_fred": {"fr3dd1e": 4}}', "ss_training_comment": "fr3dd1e"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    layers = {
        TO_K["sd1"]: layer("lora", 8, 768),
        "lora_te_text_model_encoder_layers_0_self_attn_q_proj": layer("lora", 8, 8),
    }
    return write_lora(tmp_path / "a.safetensors", layers, TAGS)


def effect(path: Path) -> torch.Tensor:
    return change(read(path).layers[TO_K["sd1"]])


def test_a_file_is_shown_as_text_and_as_json(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lora", "show", str(path)]) == 0
    text = capsys.readouterr().out
    for part in ("Stable Diffusion 1.x", "LoRA (2 layers)", "dim 2", "fr3dd1e 4", "ComfyUI: yes"):
        assert part in text
    assert main(["lora", "show", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["blocks"]["IN01"] == {"layers": 1, "ranks": [2], "alphas": [1.0]}
    assert found["tags"] == {"fr3dd1e": 4}
    assert list(found["blocks"]) == ["TE", "IN01"]


def test_metadata_of_strangers_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {"ss_training_comment": "\x1b[2J\x1b]0;hello\x07"}
    path = write_lora(tmp_path / "b.safetensors", {TO_K["sd1"]: layer("lora", 8, 768)}, known)
    assert main(["lora", "show", str(path)]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "program", "answer"),
    [("ia3", "ComfyUI", "no"), ("loha", "diffusers", "no"), ("dora", "diffusers", "without")],
)
def test_it_says_which_programs_read_a_type(
    tmp_path: Path, kind: str, program: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_lora(tmp_path / "b.safetensors", {TO_K["sd1"]: layer(kind, 8, 768)})
    main(["lora", "show", str(path), "--json"])
    assert json.loads(capsys.readouterr().out)["programs"][program].startswith(answer)


def test_new_files_are_made_from_others(path: Path, tmp_path: Path) -> None:
    out, before = str(tmp_path / "out.safetensors"), effect(path)

    def lora(*words: str) -> torch.Tensor:
        assert main(["lora", *words]) == 0
        return effect(Path(out))

    assert torch.equal(lora("rescale", str(path), "--by", ".5", "-o", out), before / 2)
    merged = lora("merge", str(path), str(path), "--weights", "1", ".5", "-o", out)
    assert torch.allclose(merged, 1.5 * before, atol=1e-5)
    assert torch.allclose(lora("resize", str(path), "--rank", "2", "-o", out), before, atol=1e-5)
    assert torch.equal(lora("convert", str(path), "-o", out), before)
    known = read(Path(out)).metadata
    assert known["ss_network_dim"] == "2"
    assert known["ss_training_comment"] == "fr3dd1e"
    assert torch.equal(lora("edit", str(path), "--set", "ss_x=1=2", "-o", out), before)
    assert read(Path(out)).metadata["ss_x"] == "1=2"
    assert main(["lora", "share-safe", str(path)]) == 0
    assert "10_fred" not in str(read(tmp_path / "a-shared.safetensors").metadata)


def test_a_lora_goes_into_a_base_model_and_comes_out_again(path: Path, tmp_path: Path) -> None:
    base, tuned = write_base(tmp_path / "base.safetensors"), tmp_path / "tuned.safetensors"
    out = tmp_path / "out.safetensors"
    assert main(["lora", "merge-into", str(base), str(path), "-o", str(tuned)]) == 0
    words = ["--tuned", str(tuned), "--base", str(base), "--rank", "2", "--precision", "float"]
    assert main(["lora", "extract", *words, "-o", str(out)]) == 0
    assert torch.allclose(effect(out), effect(path), atol=1e-5)
    known = read(out).metadata
    assert (known["ss_base_model_version"], known["ss_sd_model_name"]) == ("sd_v1", base.name)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["resize", "FILE", "-o", "x"], "nothing to resize"),
        (["edit", "FILE", "--set", "x"], "KEY=VALUE"),
        (["show", "missing.safetensors"], "missing.safetensors"),
        (["merge-into", "FILE", "FILE", "-o", "x"], "not a whole base model"),
    ],
)
def test_a_mistake_is_one_sentence_and_the_users_exit_code(
    path: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lora", *(str(path) if it == "FILE" else it for it in words)]) == EXIT_USER
    assert message in capsys.readouterr().err


def test_numbers_that_make_no_sense_are_refused(path: Path) -> None:
    for words in (["--by", "nan"], ["--by", "x"]):
        with pytest.raises(SystemExit):
            main(["lora", "rescale", str(path), *words, "-o", "x"])
