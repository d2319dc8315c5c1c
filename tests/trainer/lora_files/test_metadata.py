"""Metadata: edited without touching a tensor, and shared without telling of its maker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save

from tests.helpers.loras import TO_K, layer, write_lora
from trainer.errors import TrainerError
from trainer.headers import read_header
from trainer.lora_files import metadata, sharing
from trainer.metadata import safetensors_hashes

TAGS = {
    "10_fr3dd1e at home": {"fr3dd1e": 9, "sofa": 3, "a cat that sits on my blue sofa": 3, "rare": 1}
}
KNOWN = {
    "ss_tag_frequency": json.dumps(TAGS),
    "ss_training_comment": "fr3dd1e",
    "ss_sd_model_name": r"C:\models\private\sd15.safetensors",
    "ss_network_alpha": "4",
    "ss_network_args": json.dumps({"preset": "/mnt/me/preset.toml", "conv_dim": "4"}),
    "ss_datasets": json.dumps([{"subsets": [{"image_dir": "fr3dd1e at home", "num_repeats": 3}]}]),
    "ss_sample_prompts": "a photo",
    "ss_notes": "from /mnt/me/pictures",
    "modelspec.implementation": "https://github.com/Stability-AI/generative-models",
    "modelspec.architecture": "stable-diffusion-v1/lora",
    "workflow": "{}",
    "ss_title": "Größe",
}


def test_edited_metadata_leaves_the_tensors_and_renews_the_hashes(tmp_path: Path) -> None:
    path = write_lora(tmp_path / "a.safetensors", {TO_K["sd1"]: layer("lora", 400, 768)}, KNOWN)
    before = path.read_bytes()[read_header(path).start :]
    found = metadata.edit(path, {"ss_title": "Fred ☺"}, ["workflow"])
    assert path.read_bytes()[read_header(path).start :] == before
    expected = {name: text for name, text in KNOWN.items() if name != "workflow"}
    spec = {k: v for k, v in (expected | {"ss_title": "Fred ☺"}).items() if k.startswith("ss_")}
    assert found == expected | spec | safetensors_hashes(save(load_file(path), spec))
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(TrainerError, match="called workflow"):
        metadata.edit(path, {}, ["workflow"])


def test_the_hash_of_a_large_file_is_that_of_its_second_megabyte(tmp_path: Path) -> None:
    path = write_lora(tmp_path / "a.safetensors", {"lora_unet_x": layer("full", 800, 800)}, KNOWN)
    spec = {name: text for name, text in KNOWN.items() if name.startswith("ss_")}
    found = metadata.edit(path, {})
    assert found == KNOWN | safetensors_hashes(save(load_file(path), spec))


def test_a_shared_file_keeps_triggers_and_loses_folders_paths_and_prompts(tmp_path: Path) -> None:
    path = write_lora(tmp_path / "a.safetensors", {TO_K["sd1"]: layer("lora", 8, 768)}, KNOWN)
    changed = sharing.share_safe(path, tmp_path / "b.safetensors")
    found = read_header(tmp_path / "b.safetensors").metadata
    text = json.dumps(dict(found))
    for private in ("at home", "private", "/mnt", "a photo", "blue", "rare", "workflow"):
        assert private not in text
    assert json.loads(found["ss_tag_frequency"]) == {"1": {"fr3dd1e": 9, "sofa": 3}}
    assert json.loads(found["ss_network_args"]) == {"conv_dim": "4"}
    assert json.loads(found["ss_datasets"]) == [{"subsets": [{"num_repeats": 3}]}]
    assert found["ss_sd_model_name"] == "sd15.safetensors"
    for kept in ("ss_training_comment", "modelspec.implementation", "modelspec.architecture"):
        assert found[kept] == KNOWN[kept]
    assert {"workflow", "ss_notes", "ss_sd_model_name"} <= set(changed)
    old, new = load_file(path), load_file(tmp_path / "b.safetensors")
    assert all(torch.equal(old[name], new[name]) for name in old)


def test_tags_and_triggers_are_read_from_what_trainers_write() -> None:
    assert metadata.tags({"ss_tag_frequency": json.dumps(TAGS | {"2": {"sofa": 7}})}) == {
        "sofa": 10,
        "fr3dd1e": 9,
        "a cat that sits on my blue sofa": 3,
        "rare": 1,
    }
    assert metadata.tags({"ss_tag_frequency": "[" * 99999}) == {}
    assert metadata.triggers({"ss_training_comment": "None"}) == ()


def test_a_rescaled_network_says_its_new_alpha() -> None:
    args = json.dumps({"conv_alpha": "2"})
    found = metadata.rescaled({"ss_network_alpha": "4", "ss_network_args": args}, 0.5)
    assert found == {"ss_network_alpha": "2.0", "ss_network_args": '{"conv_alpha": "1.0"}'}
    assert metadata.rescaled({"ss_network_alpha": "Dynamic"}, 2) == {"ss_network_alpha": "Dynamic"}
