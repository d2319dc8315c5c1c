"""LoRA files of every naming, and files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from tests.helpers.loras import TO_K, drawn, layer, write_lora
from trainer.errors import TrainerError
from trainer.lora_files.deltas import change
from trainer.lora_files.layers import alpha_of
from trainer.lora_files.reading import read

DOWN, UP = drawn(2, 768), drawn(8, 2)
MODULE = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k"


@pytest.mark.parametrize("family", TO_K)
def test_the_family_is_known_from_the_width_of_the_text(tmp_path: Path, family: str) -> None:
    wide = {"sd1": 768, "sd2": 1024, "sdxl": 2048}[family]
    layers = {TO_K[family]: layer("lora", 8, wide)}
    found = read(write_lora(tmp_path / "a.safetensors", layers))
    assert (found.family, found.style, found.precision) == (family, "kohya", "float")
    assert set(found.layers) == {TO_K[family]}


@pytest.mark.parametrize(
    ("down", "up", "style"),
    [
        (f"unet.{MODULE}.lora_A.weight", f"unet.{MODULE}.lora_B.weight", "diffusers"),
        (f"unet.{MODULE}.lora.down.weight", f"unet.{MODULE}.lora.up.weight", "diffusers"),
        (
            f"unet.{MODULE}_lora.down.weight".replace("attn2.", "attn2.processor."),
            f"unet.{MODULE}_lora.up.weight".replace("attn2.", "attn2.processor."),
            "diffusers",
        ),
        (
            f"base_model.model.{MODULE}.lora_A.weight",
            f"base_model.model.{MODULE}.lora_B.weight",
            "peft",
        ),
    ],
)
def test_all_namings_lead_to_the_same_layer(tmp_path: Path, down: str, up: str, style: str) -> None:
    save_file({down: DOWN, up: UP}, tmp_path / "a.safetensors")
    found = read(tmp_path / "a.safetensors")
    assert found.style == style
    assert torch.equal(change(found.layers[TO_K["sd1"]]), UP @ DOWN)


def test_the_alpha_of_peft_comes_from_its_settings(tmp_path: Path) -> None:
    tensors = {
        f"unet.{MODULE}.lora_A.weight": DOWN,
        f"unet.{MODULE}.lora_B.weight": UP,
        "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_A.weight": drawn(2, 6),
        "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_B.weight": drawn(6, 2),
    }
    settings = {"unet.lora_alpha": 4, "unet.alpha_pattern": {"attn2.to_k": 8}, "unet.r": 2}
    path = tmp_path / "a.safetensors"
    save_file(tensors, path, {"lora_adapter_metadata": json.dumps(settings)})
    layers = read(path).layers
    assert alpha_of(layers[TO_K["sd1"]]) == 8
    assert alpha_of(layers["lora_te_text_model_encoder_layers_0_self_attn_q_proj"]) == 2

    save_file({name.replace("unet", "base_model.model"): it for name, it in tensors.items()}, path)
    (tmp_path / "adapter_config.json").write_text('{"lora_alpha": 3, "use_rslora": true}')
    assert alpha_of(read(path).layers[TO_K["sd1"]]) == pytest.approx(3 * 2**0.5)
    (tmp_path / "adapter_config.json").write_text("{")
    with pytest.raises(TrainerError, match="settings"):
        read(path)


def test_what_peft_writes_otherwise_is_turned_into_the_usual_form(tmp_path: Path) -> None:
    name = f"base_model.model.{MODULE}"
    path = tmp_path / "a.safetensors"
    save_file({f"{name}.ia3_l": torch.tensor([[1.5], [1.0]])}, path)
    (parts,) = read(path).layers.values()
    assert parts["ia3"].tolist() == [0.5, 0.0]
    assert not parts["on_input"]
    magnitude = {f"{name}.lora_magnitude_vector": drawn(8).abs()}
    save_file({f"{name}.lora_A.weight": DOWN, f"{name}.lora_B.weight": UP} | magnitude, path)
    (parts,) = read(path).layers.values()
    assert parts["dora_scale"].shape == (8, 1)


def test_other_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    with pytest.raises(TrainerError, match="any program"):
        read(tmp_path / "a.pt")
    save_file({"model.diffusion_model.x.weight": drawn(2, 2)}, path)
    with pytest.raises(TrainerError, match="holds no LoRA"):
        read(path)
    write_lora(path, {"lora_unet_x": layer("lora") | {"lora_up": torch.full((8, 2), torch.nan)}})
    with pytest.raises(TrainerError, match="not finite"):
        read(path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(TrainerError, match="damaged"):
        read(path)
