"""LoRAs into base models and out of them, and types that depend on one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.helpers.loras import TO_K, UNET, base_tensors, drawn, layer, write_base, write_lora
from trainer.errors import TrainerError
from trainer.lora_files import bases
from trainer.lora_files.baking import bake
from trainer.lora_files.converting import convert
from trainer.lora_files.deltas import change
from trainer.lora_files.extracting import extract
from trainer.lora_files.names import of_base
from trainer.lora_files.reading import LoraFile, read
from trainer.lora_files.resizing import Limit
from trainer.lora_files.saving import save_lora

WIDE = {"sd1": 768, "sd2": 1024, "sdxl": 2048}
TEXT = {
    "sd1": "lora_te_text_model_encoder_layers_0_self_attn_q_proj",
    "sd2": "lora_te_text_model_encoder_layers_0_self_attn_v_proj",
    "sdxl": "lora_te2_text_model_encoder_layers_0_self_attn_k_proj",
}


def lora(tmp_path: Path, family: str, kind: str = "lora") -> LoraFile:
    layers = {TO_K[family]: layer(kind, 8, WIDE[family]), TEXT[family]: layer(kind, 8, 8)}
    return read(write_lora(tmp_path / f"{kind}.safetensors", layers))


@pytest.mark.parametrize("family", WIDE)
def test_what_was_merged_into_a_base_is_extracted_again(tmp_path: Path, family: str) -> None:
    base, file = (
        bases.find(write_base(tmp_path / "base.safetensors", family)),
        lora(tmp_path, family),
    )
    done = bake(base, [(file, 0.5), (file, 0.25)], tmp_path / "tuned.safetensors")
    assert (done.changed, done.homeless) == (2, ())
    before, after = load_file(base.path), load_file(tmp_path / "tuned.safetensors")
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert len(changed) == 2
    found = extract(bases.find(tmp_path / "tuned.safetensors"), base, Limit(rank=2), Limit(rank=2))
    assert set(found.layers) == set(file.layers)
    assert found.kept.share == pytest.approx(1, abs=1e-6)
    for name, parts in file.layers.items():
        expected = 0.75 * change(parts)
        assert (change(found.layers[name]) - expected).norm() < 1e-5 * expected.norm()


def test_each_tensor_keeps_its_precision_or_gets_the_one_that_was_asked_for(tmp_path: Path) -> None:
    half = {k: v.half() if v.is_floating_point() else v for k, v in base_tensors("sd1").items()}
    save_file(half, tmp_path / "half.safetensors")
    base, file = bases.find(tmp_path / "half.safetensors"), lora(tmp_path, "sd1")
    bake(base, [(file, 1)], tmp_path / "same.safetensors")
    bake(base, [(file, 1)], tmp_path / "float.safetensors", "float")
    same, wide = load_file(tmp_path / "same.safetensors"), load_file(tmp_path / "float.safetensors")
    assert {k: v.dtype for k, v in same.items()} == {k: v.dtype for k, v in half.items()}
    assert {v.dtype for k, v in wide.items()} == {torch.float32, torch.int64}
    key = f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
    assert torch.equal(wide[key], half[key].float() + change(file.layers[TO_K["sd1"]]))
    assert torch.equal(same[key], wide[key].half())


def test_a_model_folder_becomes_a_folder(tmp_path: Path, practice: Path) -> None:
    base = bases.find(practice)
    name = next(it for it in base.weights if it.endswith("attn2_to_k"))
    out, wide = base.weights[name].shape
    file = read(write_lora(tmp_path / "a.safetensors", {name: layer("lora", out, wide)}))
    bake(base, [(file, 1)], tmp_path / "tuned")
    assert {it.relative_to(practice) for it in practice.rglob("*")} == {
        it.relative_to(tmp_path / "tuned") for it in (tmp_path / "tuned").rglob("*")
    }
    found = extract(bases.find(tmp_path / "tuned"), base, Limit(rank=2))
    assert set(found.layers) == {name}
    assert torch.allclose(change(found.layers[name]), change(file.layers[name]), atol=1e-5)
    with pytest.raises(TrainerError, match="exists"):
        bake(base, [(file, 1)], tmp_path / "tuned")
    with pytest.raises(TrainerError, match="named as a file"):
        bake(base, [(file, 1)], tmp_path / "tuned.safetensors")


def test_diffusers_comes_to_the_same_weights(tmp_path: Path, practice: Path, pipeline: Any) -> None:
    base = bases.find(practice)
    names = [it for it in base.weights if it.endswith(("attn2_to_k", "0_proj_in", "mlp_fc1"))]
    layers = {
        name: layer("loha", base.weights[name].shape[0], base.weights[name].shape[1])
        for name in names
    }
    file = read(write_lora(tmp_path / "a.safetensors", layers))
    bake(base, [(file, 1)], tmp_path / "tuned")
    save_lora(tmp_path / "plain.safetensors", convert(file).layers, {}, "float")
    pipeline.load_lora_weights(tmp_path, weight_name="plain.safetensors")
    pipeline.fuse_lora()
    tuned = bases.find(tmp_path / "tuned")
    with bases.opened(tuned, base) as reader:
        known = {**fused(pipeline.unet, "unet"), **fused(pipeline.text_encoder, "text_encoder")}
        for name, place in tuned.weights.items():
            if name in known:
                assert torch.allclose(known[name], reader.weight(place), atol=1e-5)
        assert set(names) <= set(known)


def fused(module: Any, part: str) -> dict[str, torch.Tensor]:
    """The weights of a part of a pipeline by Kohya's names."""
    return {
        name: weight
        for tensor, weight in module.state_dict().items()
        for name, end, _ in of_base(tensor.replace(".base_layer", ""), part, "sd1")
        if end == "weight" and "lora_" not in tensor
    }


@pytest.mark.parametrize("kind", ["dora", "ia3", "full"])
def test_types_that_fill_the_weight_are_approximated(tmp_path: Path, kind: str) -> None:
    base, file = bases.find(write_base(tmp_path / "base.safetensors")), lora(tmp_path, "sd1", kind)
    with pytest.raises(TrainerError, match="fills the whole weight" if kind == "full" else "base"):
        convert(file)
    done = convert(file, Limit(rank=8), base)
    with bases.opened(base) as reader:
        for name, parts in file.layers.items():
            expected = change(parts, reader.weight(base.weights[name]))
            assert torch.allclose(change(done.layers[name]), expected, atol=1e-4)
    assert done.kept.share == pytest.approx(1)


@pytest.mark.parametrize("kind", ["lora", "loha", "lokr"])
def test_types_of_two_matrices_are_converted_exactly(tmp_path: Path, kind: str) -> None:
    file = lora(tmp_path, "sd1", kind)
    for name, parts in convert(file).layers.items():
        assert torch.allclose(change(parts), change(file.layers[name]), atol=1e-5)
        assert kind != "lora" or all(
            torch.equal(it, file.layers[name][k]) for k, it in parts.items()
        )
    assert kind == "lora" or convert(file, Limit(rank=1)).kept.share < 1


def test_what_no_lora_holds_is_named(tmp_path: Path) -> None:
    layers = {
        TO_K["sd1"]: layer("lora", 8, 768) | {"diff_b": drawn(8)},
        "lora_unet_n": {"w_norm": drawn(8)},
    }
    file = read(write_lora(tmp_path / "a.safetensors", layers))
    assert convert(file).left_out == (f"{TO_K['sd1']} (bias)", "lora_unet_n")
    with pytest.raises(TrainerError, match=r"OFT, which no program"):
        convert(lora(tmp_path, "sd1", "oft"), Limit(rank=1))


def test_models_and_loras_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    base = bases.find(write_base(tmp_path / "base.safetensors"))
    with pytest.raises(TrainerError, match="another family"):
        bake(base, [(lora(tmp_path, "sdxl"), 1)], tmp_path / "x.safetensors")
    wrong = read(write_lora(tmp_path / "w.safetensors", {TO_K["sd1"]: layer("lora", 10, 768)}))
    with pytest.raises(TrainerError, match="does not fit"):
        bake(base, [(wrong, 1)], tmp_path / "x.safetensors")
    strange = read(write_lora(tmp_path / "s.safetensors", {"lora_unet_x": layer("lora")}))
    with pytest.raises(TrainerError, match="No layer"):
        bake(base, [(strange, 1)], tmp_path / "x.safetensors")
    with pytest.raises(TrainerError, match="overwritten"):
        bake(base, [(lora(tmp_path, "sd1"), 1)], base.path)
    with pytest.raises(TrainerError, match="too large"):
        bake(base, [(lora(tmp_path, "sd1"), 1e6)], tmp_path / "x.safetensors", "fp16")
    assert not (tmp_path / "x.safetensors").exists()
    with pytest.raises(TrainerError, match="do not differ"):
        extract(base, base, Limit(rank=1))
    other = bases.find(write_base(tmp_path / "xl.safetensors", "sdxl"))
    with pytest.raises(TrainerError, match="different kinds"):
        extract(other, base, Limit(rank=1))
