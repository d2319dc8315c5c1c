"""A dataset.toml of sd-scripts gives options where its folders agree, and its folders."""

from __future__ import annotations

from pathlib import Path

from trainer.interop.dataset_toml import read_dataset_toml
from trainer.interop.folders import folders_in
from trainer.interop.settings import read_settings

DATASET = """
[general]
shuffle_caption = true
caption_extension = ".txt"
keep_tokens = 1

[[datasets]]
resolution = 768
batch_size = 2
enable_bucket = true
validation_split = 0.1
surprise = 3

  [[datasets.subsets]]
  image_dir = "img/5_cat"
  num_repeats = 5
  class_tokens = "cat"

  [[datasets.subsets]]
  image_dir = "reg"
  is_reg = true
  keep_tokens = 0
"""


def test_what_its_folders_share_are_options(tmp_path: Path) -> None:
    found = read_settings(DATASET)
    assert found.form == "an sd-scripts dataset.toml"
    assert found.options["resolution"] == (768, 768)
    assert found.options["train_batch_size"] == 2
    assert found.options["shuffle_caption"] is True
    assert found.options["validation_split"] == 0.1
    assert "surprise: not known for a folder, or not with this value." in found.ignored
    path = tmp_path / "dataset.toml"
    path.write_text(found.dataset)
    ((cat, reg),) = read_dataset_toml(path, found.config()).groups
    assert (cat.image_dir, cat.class_tokens) == (tmp_path / "img/5_cat", "cat")
    assert (cat.keep_tokens, reg.keep_tokens, reg.is_reg) == (1, 0, True)


def test_its_folders_are_named() -> None:
    found = read_settings(DATASET)
    assert [(it.image_dir, it.num_repeats, it.is_reg) for it in folders_in(found.dataset)] == [
        (Path("img/5_cat"), 5, False),
        (Path("reg"), 1, True),
    ]
    assert folders_in("") == []
