"""Finished networks for other programs, and states to resume from."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from torch import nn

from trainer import checkpoint
from trainer.base_files import find_base
from trainer.checkpoint import State
from trainer.config import RunConfig
from trainer.errors import TrainerError
from trainer.families import sd1
from trainer.network import make_network
from trainer.noise import generator

TENSORS = {"a.lora_up.weight": torch.linspace(-1, 1, 8).reshape(2, 4), "a.alpha": torch.tensor(2.0)}
METADATA = {"ss_output_name": "fred", "modelspec.title": "fred"}
STATE = State(
    step=7,
    identity={"seed": 1, "learning_rate": 1e-4},
    network=TENSORS,
    optimizer={"0.step": torch.tensor(7.0), "0.exp_avg": torch.randn(2, 4)},
    scaler={"scale": 65536.0},
    saved=("fred-000001.safetensors",),
    started=1.5e9,
    session="123",
)


@pytest.mark.parametrize(
    ("precision", "kind"),
    [("fp16", torch.float16), ("bf16", torch.bfloat16), ("float", torch.float32)],
)
def test_a_network_is_saved_in_the_format_that_was_asked_for(
    tmp_path: Path, precision: str, kind: torch.dtype
) -> None:
    checkpoint.save_network(tmp_path / "a.safetensors", TENSORS, precision, METADATA)
    loaded = checkpoint.load_network(tmp_path / "a.safetensors")
    assert {one.dtype for one in loaded.values()} == {kind}
    assert torch.allclose(
        loaded["a.lora_up.weight"].float(), TENSORS["a.lora_up.weight"], atol=0.01
    )


def test_the_hash_is_that_of_all_that_follows_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    checkpoint.save_network(path, TENSORS, "fp16", METADATA)
    data = path.read_bytes()
    (header,) = struct.unpack("<Q", data[:8])
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    assert metadata["sshs_model_hash"] == hashlib.sha256(data[8 + header :]).hexdigest()
    assert metadata["modelspec.title"] == "fred"


@pytest.mark.parametrize(("value", "precision"), [(float("nan"), "float"), (1e6, "fp16")])
def test_a_broken_network_never_replaces_a_good_one(
    tmp_path: Path, value: float, precision: str
) -> None:
    path = tmp_path / "a.safetensors"
    checkpoint.save_network(path, TENSORS, precision, METADATA)
    good = path.read_bytes()
    with pytest.raises(TrainerError, match="not finite"):
        checkpoint.save_network(path, {"a": torch.tensor([value])}, precision, METADATA)
    assert path.read_bytes() == good
    assert list(tmp_path.iterdir()) == [path]


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    checkpoint.save_state(tmp_path / "state", STATE)
    for path in (tmp_path / "state", tmp_path / "state" / checkpoint.STATE_FILE):
        loaded = checkpoint.load_state(path)
        without = {"network": {}, "optimizer": {}}
        assert replace(loaded, **without) == replace(STATE, **without)  # type: ignore[arg-type]
        assert torch.equal(loaded.optimizer["0.exp_avg"], STATE.optimizer["0.exp_avg"])
        assert torch.equal(loaded.network["a.alpha"], TENSORS["a.alpha"])


def test_a_new_state_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    checkpoint.save_state(tmp_path, STATE)
    checkpoint.save_state(tmp_path, replace(STATE, step=8))
    assert checkpoint.load_state(tmp_path).step == 8
    assert [path.name for path in tmp_path.iterdir()] == [checkpoint.STATE_FILE]


@pytest.mark.parametrize("broken", ["network", "optimizer"])
def test_a_broken_state_never_takes_the_place_of_a_good_one(tmp_path: Path, broken: str) -> None:
    checkpoint.save_state(tmp_path, STATE)
    worse = {**getattr(STATE, broken), "b": torch.tensor([float("nan")])}
    with pytest.raises(TrainerError, match="no state was saved"):
        checkpoint.save_state(tmp_path, replace(STATE, step=8, **{broken: worse}))  # type: ignore[arg-type]
    assert checkpoint.load_state(tmp_path).step == 7


def test_a_state_kept_apart_is_removed_by_its_own_run_alone(tmp_path: Path) -> None:
    checkpoint.save_state(tmp_path, STATE)
    checkpoint.copy_state(tmp_path, tmp_path / "000001")
    assert checkpoint.load_state(tmp_path / "000001").step == 7
    checkpoint.remove_state(tmp_path / "000001", "another")
    assert (tmp_path / "000001").is_dir()
    checkpoint.remove_state(tmp_path / "000001", "123")
    assert [path.name for path in tmp_path.iterdir()] == [checkpoint.STATE_FILE]
    checkpoint.remove_state(tmp_path / "000001", "123")  # nothing is there any more


def test_a_missing_state_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="no saved state"):
        checkpoint.load_state(tmp_path)


@pytest.mark.parametrize("keep", [0, 5, 200])
def test_a_damaged_state_is_told(tmp_path: Path, keep: int) -> None:
    checkpoint.save_state(tmp_path, STATE)
    path = tmp_path / checkpoint.STATE_FILE
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(TrainerError, match="damaged"):
        checkpoint.load_state(tmp_path)


def test_a_network_is_no_state(tmp_path: Path) -> None:
    checkpoint.save_network(tmp_path / "a.safetensors", TENSORS, "fp16", METADATA)
    with pytest.raises(TrainerError, match="damaged or of another version"):
        checkpoint.load_state(tmp_path / "a.safetensors")


def test_what_differs_between_two_runs_is_named() -> None:
    now = {"seed": 1, "learning_rate": 1e-3, "network_dim": 8}
    with pytest.raises(TrainerError, match="learning_rate, network_dim changed"):
        checkpoint.check_identity(Path("state"), STATE.identity, now)
    checkpoint.check_identity(Path("state"), STATE.identity, dict(STATE.identity))


@pytest.mark.parametrize("content", [b"", b"{}", json.dumps({"a": 1}).encode() * 20])
def test_a_network_that_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(TrainerError, match="cannot be read"):
        checkpoint.load_network(tmp_path / "a.safetensors")


def test_diffusers_loads_a_network_and_gives_what_we_give(
    pipeline: Any, practice: Path, tmp_path: Path
) -> None:
    model = sd1.FAMILY.load(find_base(practice), torch.float32, None)
    config = RunConfig(network_dim=4, network_alpha=2, conv_dim=3)
    lora = make_network(config, sd1.FAMILY.targets(model), generator(1))
    for part in ("unet", "text_encoder"):
        for group in lora.parameters(part):  # type: ignore[arg-type]
            for parameter in group.parameters:
                nn.init.normal_(parameter, std=0.2)
    path = tmp_path / "fred.safetensors"
    checkpoint.save_network(path, lora.state_dict(), "float", METADATA)

    def guess(unet: Any, text_encoder: Any) -> torch.Tensor:
        with torch.no_grad():
            states = text_encoder(sd1.FAMILY.tokenize(["fr3dd1e"])[0]).last_hidden_state
            latents = torch.ones(1, 4, 8, 8)
            found: torch.Tensor = unet(latents, torch.tensor([500]), states).sample
            return found

    plain = guess(pipeline.unet, pipeline.text_encoder)
    pipeline.load_lora_weights(path)
    theirs = guess(pipeline.unet, pipeline.text_encoder)
    assert not torch.allclose(theirs, plain, atol=0.05)
    assert torch.allclose(theirs, guess(model.unet, model.text_encoders[0]), atol=1e-4)
