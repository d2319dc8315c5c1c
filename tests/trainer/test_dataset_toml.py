"""dataset.toml: what is written is read back, precedence is sd-scripts', and nothing is ignored."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from PIL import Image

from trainer.buckets import BucketRule
from trainer.config import RunConfig
from trainer.dataset import read_dataset
from trainer.errors import TrainerError
from trainer.interop.dataset_toml import DatasetFolder, read_dataset_toml, write_dataset_toml


def toml(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    rule = BucketRule((640, 512), 128, 1280, 64, True, True)
    folders = [
        DatasetFolder(image_dir=tmp_path / "5_cat", num_repeats=5, class_tokens='c "1" ö'),
        DatasetFolder(image_dir=tmp_path / "reg", num_repeats=1, class_tokens="", is_reg=True),
    ]
    path = toml(tmp_path / "dataset.toml", write_dataset_toml(folders, rule, 3, ".cap"))
    config = RunConfig(shuffle_caption=True, keep_tokens=1)
    file = read_dataset_toml(path, config)
    assert file.batch_size == 3
    ((cat, reg),) = file.groups
    assert (cat.image_dir, cat.num_repeats, cat.class_tokens) == (tmp_path / "5_cat", 5, 'c "1" ö')
    assert (cat.is_reg, reg.is_reg, cat.caption_extension) == (False, True, ".cap")
    assert (cat.rule, cat.shuffle_caption, cat.keep_tokens) == (rule, True, 1)


def test_written_paths_are_absolute_and_repeats_explicit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = DatasetFolder(image_dir=Path("img/5_cat"), num_repeats=5, class_tokens="cat")
    (dataset,) = tomllib.loads(write_dataset_toml([folder], BucketRule()))["datasets"]
    assert dataset["subsets"][0]["image_dir"] == str(tmp_path / "img" / "5_cat")
    assert dataset["subsets"][0]["num_repeats"] == 5
    assert dataset["resolution"] == [512, 512]


def test_a_folders_own_value_wins_over_dataset_general_and_run(tmp_path: Path) -> None:
    path = toml(
        tmp_path / "d.toml",
        """
        [general]
        keep_tokens = 1
        flip_aug = true
        shuffle_caption = true
        [[datasets]]
        resolution = 768
        keep_tokens = 2
        flip_aug = false
        [[datasets.subsets]]
        image_dir = "a"
        keep_tokens = 3
        [[datasets.subsets]]
        image_dir = "b"
        num_repeats = 4
        [[datasets]]
        [[datasets.subsets]]
        image_dir = "c"
        """,
    )
    config = RunConfig(keep_tokens=9, caption_dropout_rate=0.5, resolution=(640, 640))
    file = read_dataset_toml(path, config)
    (a, b), (c,) = file.groups
    assert [it.keep_tokens for it in (a, b, c)] == [3, 2, 1]
    assert [it.flip_aug for it in (a, b, c)] == [False, False, True]
    assert [it.rule.resolution[0] for it in (a, b, c)] == [768, 768, 640]
    assert [it.num_repeats for it in (a, b, c)] == [1, 4, 1]
    assert {it.caption_dropout_rate for it in (a, b, c)} == {0.5}
    assert a.image_dir == tmp_path / "a"


HEAD = '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "a"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "num_repeat = 3", "num_repeat"),
        (HEAD + "resolution = 512", "resolution"),
        (HEAD + "color_aug = true", "color_aug"),
        (HEAD + 'metadata_file = "x"', "metadata_file"),
        (HEAD + "face_crop_aug_range = [4.0, 2.0]", "face_crop_aug_range"),
        (HEAD + "num_repeats = 0", "num_repeats"),
        (HEAD + "num_repeats = true", "num_repeats"),
        (HEAD + "class_tokens = 3", "class_tokens"),
        (HEAD + "keep_tokens = -1", "keep_tokens"),
        ("[[datasets]]\n[[datasets.subsets]]\nnum_repeats = 1", "image_dir"),
        ("[general]\nimage_dir = 'a'\n" + HEAD, "image_dir"),
        ("[genral]\n" + HEAD, "genral"),
        ("general = 3\n" + HEAD, "general"),
        ("[datasets]\nx = 1", "datasets"),
        ("", "no folders"),
        ("[[datasets]]\nresolution = 512", "no folders"),
        ("[[datasets]]\nresolution = 4096\nsubsets = [{image_dir = 'a'}]", "max_bucket_reso"),
        (HEAD + HEAD.replace("[[datasets]]", "[[datasets]]\nbatch_size = 2"), "batch sizes"),
        ("[[datasets", "not valid TOML"),
    ],
)
def test_what_cannot_be_honoured_is_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    path = toml(tmp_path / "d.toml", text)
    with pytest.raises(TrainerError, match=words) as caught:
        read_dataset_toml(path, RunConfig())
    assert "d.toml" in caught.value.message


def test_unsupported_keys_that_are_switched_off_do_no_harm(tmp_path: Path) -> None:
    path = toml(tmp_path / "d.toml", HEAD + 'color_aug = false\ncaption_separator = ","\n')
    assert read_dataset_toml(path, RunConfig()).batch_size == 1


def test_the_dataset_file_wins_over_folders_and_says_what_it_overrules(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    Image.new("RGB", (64, 64)).save(tmp_path / "a" / "x.png")
    path = toml(tmp_path / "d.toml", HEAD.replace("]]\n[[", "]]\nresolution=640\nbatch_size=2\n[["))
    config = RunConfig(dataset_config=path, train_data_dir=tmp_path / "missing")
    dataset = read_dataset(config)
    notes = "\n".join(dataset.notes)
    assert dataset.batch_size == 2
    assert [item.folder for item in dataset.items] == ["a"]
    assert "train_data_dir and reg_data_dir are not" in notes
    assert "batch size to 2" in notes
    assert "640x640" in notes


def test_folders_have_captions_looks_and_masks_of_their_own(tmp_path: Path) -> None:
    path = toml(
        tmp_path / "d.toml",
        """
        [general]
        caption_prefix = "x"
        conditioning_data_dir = "masks"
        [[datasets]]
        [[datasets.subsets]]
        image_dir = "a"
        face_crop_aug_range = [2.0, 4.0]
        token_warmup_step = 0.5
        caption_tag_dropout_rate = 0.1
        [[datasets.subsets]]
        image_dir = "b"
        alpha_mask = true
        caption_prefix = ""
        """,
    )
    ((a, b),) = read_dataset_toml(path, RunConfig(cache_latents=False)).groups
    assert (a.face_crop_aug_range, a.token_warmup_step) == ("2.0,4.0", 0.5)
    assert (a.caption_prefix, b.caption_prefix) == ("x", "")
    assert (a.alpha_mask, b.alpha_mask) == (False, True)
    assert a.conditioning_data_dir == tmp_path / "masks"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    config = RunConfig(dataset_config=toml(tmp_path / "d.toml", HEAD))
    with pytest.raises(TrainerError, match=str(tmp_path / "a")):
        read_dataset(config)
