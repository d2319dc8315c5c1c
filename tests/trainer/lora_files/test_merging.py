"""Several LoRAs as one: applied at once they do what they did one after another."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.loras import TO_K, drawn, layer, write_lora
from trainer.errors import TrainerError
from trainer.lora_files.deltas import change
from trainer.lora_files.layers import plain
from trainer.lora_files.merging import merge, total
from trainer.lora_files.reading import LoraFile, read
from trainer.lora_files.resizing import Limit

KINDS = ("lora", "loha", "lokr")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.floats(-2, 2)), min_size=1, max_size=4),
    st.integers(0, 99),
)
def test_merged_and_applied_is_applied_and_added(terms: list[tuple[str, float]], seed: int) -> None:
    layers = [layer(kind, seed=seed + at) for at, (kind, _) in enumerate(terms)]
    weights = [weight for _, weight in terms]
    found = total([plain(parts) for parts in layers], weights)
    added = sum(w * change(parts) for w, parts in zip(weights, layers, strict=True))
    x = drawn(6)
    assert torch.allclose(found.product() @ x, added @ x, atol=1e-5 * (1 + float(added.norm())))


def files(tmp_path: Path, *kinds: str) -> list[LoraFile]:
    found = []
    for at, kind in enumerate(kinds):
        layers = {TO_K["sd1"]: layer(kind, 8, 768, seed=at), f"lora_unet_{at}": layer("lora")}
        found.append(read(write_lora(tmp_path / f"{at}.safetensors", layers)))
    return found


def test_ranks_add_up_and_each_layer_of_any_file_is_there(tmp_path: Path) -> None:
    found, _ = merge(files(tmp_path, "lora", "loha"), [1, 0.5])
    assert set(found) == {TO_K["sd1"], "lora_unet_0", "lora_unet_1"}
    assert found[TO_K["sd1"]]["lora_down"].shape == (2 + 4, 768)
    cut, kept = merge(files(tmp_path, "lora", "loha"), [1, 0.5], Limit(rank=3))
    assert cut[TO_K["sd1"]]["lora_down"].shape == (3, 768)
    assert 0.3 < kept.share < 1


def test_what_depends_on_a_base_or_is_for_another_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"DoRA.*Convert"):
        merge(files(tmp_path, "lora", "dora"), [1, 1])
    other = read(write_lora(tmp_path / "x.safetensors", {TO_K["sdxl"]: layer("lora", 8, 2048)}))
    with pytest.raises(TrainerError, match="different base models"):
        merge([*files(tmp_path, "lora"), other], [1, 1])
    with pytest.raises(TrainerError, match="1 weights"):
        merge(files(tmp_path, "lora", "lora"), [1])
    with pytest.raises(TrainerError, match="another size"):
        total([plain(layer("lora")), plain(layer("lora", 10))], [1, 1], "x")


def test_a_linear_layer_and_a_convolution_of_one_pixel_are_the_same(tmp_path: Path) -> None:
    parts = layer("lora")
    as_conv = parts | {name: parts[name][..., None, None] for name in ("lora_down", "lora_up")}
    found = total([plain(parts), plain(as_conv)], [1, 1])
    assert found.parts()["lora_down"].shape == (4, 6, 1, 1)
    assert torch.allclose(found.product(), 2 * change(parts))
