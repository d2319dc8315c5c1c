"""Folders become pictures with captions and repeats by sd-scripts' rules, and nothing is silent."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from trainer.config import RunConfig
from trainer.dataset import parse_folder_name, read_dataset
from trainer.errors import TrainerError


def picture(path: Path, size: tuple[int, int] = (80, 60), caption: str | None = "a cat") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "navy").save(path)
    if caption is not None:
        path.with_suffix(".txt").write_text(caption, encoding="utf-8")
    return path


def notes_of(config: RunConfig) -> str:
    return "\n".join(read_dataset(config).notes)


def test_folder_names_give_repeats_and_class_tokens(tmp_path: Path) -> None:
    picture(tmp_path / "5_fr3dd1e man" / "b.png", caption="one\nsecond line")
    picture(tmp_path / "5_fr3dd1e man" / "a.jpg", caption=None)
    picture(tmp_path / "2_x_y" / "c.webp")
    picture(tmp_path / "in the root.png")
    dataset = read_dataset(RunConfig(train_data_dir=tmp_path))
    rows = [(it.path.name, it.caption, it.repeats, it.folder) for it in dataset.items]
    assert rows == [
        ("c.webp", "a cat", 2, "2_x_y"),
        ("a.jpg", "fr3dd1e man", 5, "5_fr3dd1e man"),
        ("b.png", "one", 5, "5_fr3dd1e man"),
    ]
    assert dataset.repeats == [2, 5, 5]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("5_fr3dd1e man", (5, "fr3dd1e man")),
        ("10_a_b_c", (10, "a_b_c")),
        ("7", (7, "")),
        ("cats", (0, "")),
        ("_x", (0, "")),
        ("0_x", (0, "x")),
        ("-3_x", (-3, "x")),
    ],
)
def test_names_are_split_at_the_first_underscore(name: str, expected: tuple[int, str]) -> None:
    assert parse_folder_name(name) == expected


def test_a_folder_without_repeats_is_left_out_with_a_note(tmp_path: Path) -> None:
    picture(tmp_path / "3_cat" / "a.png")
    picture(tmp_path / "cats" / "b.png")
    picture(tmp_path / "0_cats" / "c.png")
    config = RunConfig(train_data_dir=tmp_path)
    assert len(read_dataset(config).items) == 1
    assert notes_of(config).count("is not used") == 2


def test_extensions_count_in_any_case_and_sub_folders_are_not_entered(tmp_path: Path) -> None:
    folder = tmp_path / "1_cat"
    Image.new("RGB", (9, 9)).save(picture(folder / "a.png").with_name("b.Png"), "PNG")
    picture(folder / "deeper" / "c.png")
    (folder / "notes.md").write_text("no picture")
    names = [item.path.name for item in read_dataset(RunConfig(train_data_dir=tmp_path)).items]
    assert names == ["a.png", "b.Png"]


def test_found_missing_and_empty_captions_are_counted(tmp_path: Path) -> None:
    for name, caption in [("a", "text"), ("b", None), ("c", ""), ("d", "\nsecond line only")]:
        picture(tmp_path / "1_cat" / f"{name}.png", caption=caption)
    config = RunConfig(train_data_dir=tmp_path)
    assert [item.caption for item in read_dataset(config).items] == ["text", "cat", "cat", "cat"]
    notes = notes_of(config)
    assert "Captions: 1 of 4 found." in notes
    assert "Without a caption file, the folder's name is used: b.png." in notes
    assert "With an empty caption, the folder's name is used: c.png, d.png." in notes


def test_captions_of_another_extension_stop_the_run(tmp_path: Path) -> None:
    picture(tmp_path / "1_cat" / "a.png")
    config = RunConfig(train_data_dir=tmp_path, caption_extension=".caption")
    with pytest.raises(TrainerError, match=r"a\.txt") as caught:
        read_dataset(config)
    assert '".txt"' in caught.value.hint


def test_a_caption_named_before_the_face_was_cut_out_is_found(tmp_path: Path) -> None:
    picture(tmp_path / "1_cat" / "p_1_2_30_40.png", caption=None)
    (tmp_path / "1_cat" / "p.txt").write_text("face")
    assert read_dataset(RunConfig(train_data_dir=tmp_path)).items[0].caption == "face"


def test_a_caption_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    picture(tmp_path / "1_cat" / "a.png", caption=None).with_suffix(".txt").write_bytes(b"caf\xe9")
    with pytest.raises(TrainerError, match=r"a\.txt is not UTF-8"):
        read_dataset(RunConfig(train_data_dir=tmp_path))


def test_a_byte_order_mark_is_no_part_of_a_caption(tmp_path: Path) -> None:
    picture(tmp_path / "1_cat" / "a.png", caption="\ufeffcat")
    assert read_dataset(RunConfig(train_data_dir=tmp_path)).items[0].caption == "cat"


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_sizes_are_upright(tmp_path: Path, suffix: str) -> None:
    path = picture(tmp_path / "1_cat" / f"a.{suffix}")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (80, 60)).save(path, exif=exif)
    (item,) = read_dataset(RunConfig(train_data_dir=tmp_path)).items
    assert (item.width, item.height) == (60, 80)
    assert item.placement.bucket == (448, 576)


@pytest.mark.parametrize("content", [b"", b"<html>not here</html>", b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_file_that_is_no_picture_is_named(tmp_path: Path, content: bytes) -> None:
    picture(tmp_path / "1_cat" / "a.png").write_bytes(content)
    with pytest.raises(TrainerError, match=r"a\.png"):
        read_dataset(RunConfig(train_data_dir=tmp_path))


def test_a_link_that_leaves_the_folder_is_read(tmp_path: Path) -> None:
    target = picture(tmp_path / "elsewhere" / "a.png")
    (tmp_path / "img" / "1_cat").mkdir(parents=True)
    (tmp_path / "img" / "1_cat" / "a.png").symlink_to(target)
    (tmp_path / "img" / "1_cat" / "gone.png").symlink_to(tmp_path / "nothing")
    assert len(read_dataset(RunConfig(train_data_dir=tmp_path / "img")).items) == 1


def test_nothing_to_train_on_is_said(tmp_path: Path) -> None:
    (tmp_path / "img" / "5_cat").mkdir(parents=True)
    picture(tmp_path / "reg" / "1_cat" / "a.png")
    with pytest.raises(TrainerError, match="no pictures to train on"):
        read_dataset(RunConfig(train_data_dir=tmp_path / "img", reg_data_dir=tmp_path / "reg"))
    with pytest.raises(TrainerError, match="missing"):
        read_dataset(RunConfig(train_data_dir=tmp_path / "missing"))
    with pytest.raises(TrainerError, match="nothing to train on"):
        read_dataset(RunConfig())


def test_regularization_pictures_are_balanced_and_an_empty_folder_is_noted(tmp_path: Path) -> None:
    for name in "abc":
        picture(tmp_path / "img" / "2_cat" / f"{name}.png")
    for name in "rs":
        picture(tmp_path / "reg" / "1_animal" / f"{name}.png", caption=None)
    (tmp_path / "reg" / "1_nothing").mkdir()
    config = RunConfig(train_data_dir=tmp_path / "img", reg_data_dir=tmp_path / "reg")
    dataset = read_dataset(config)
    reg = [(item.path.name, item.repeats) for item in dataset.items if item.is_reg]
    assert reg == [("r.png", 3), ("s.png", 3)]
    assert "1_nothing holds no pictures" in "\n".join(dataset.notes)


def test_epochs_take_turns_in_surplus_regularization_pictures(tmp_path: Path) -> None:
    picture(tmp_path / "img" / "2_cat" / "a.png")
    for name in "rstu":
        picture(tmp_path / "reg" / "1_animal" / f"{name}.png")
    config = RunConfig(train_data_dir=tmp_path / "img", reg_data_dir=tmp_path / "reg")
    dataset = read_dataset(config)
    assert sum(item.is_reg for item in dataset.items) == 4
    assert dataset.showings(is_reg=True) == dataset.showings(is_reg=False) == 2
    assert "each shows 2, the next epoch the next ones" in notes_of(config)
    plan = dataset.plan(config)
    shown = [at for step in range(16) for one in plan.batches(step) for at in one.items if at]
    assert sorted(shown[:4]) == sorted(shown[4:]) == [1, 2, 3, 4]


def test_surplus_regularization_pictures_are_left_out_where_it_is_to_be_exact(
    tmp_path: Path,
) -> None:
    picture(tmp_path / "img" / "2_cat" / "a.png")
    for name in "rstu":
        picture(tmp_path / "reg" / "1_animal" / f"{name}.png")
    folders = {"train_data_dir": tmp_path / "img", "reg_data_dir": tmp_path / "reg"}
    config = RunConfig(**folders, exactly_as_sd_scripts=True)
    assert sum(item.is_reg for item in read_dataset(config).items) == 2
    assert "2 of 4 regularization pictures are not used" in notes_of(config)


def test_masks_are_no_pictures_and_found_beside_them_or_in_their_folder(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.png", "c.png"):
        picture(tmp_path / "img" / "1_cat" / name)
    picture(tmp_path / "img" / "1_cat" / "a.mask.png", caption=None)
    picture(tmp_path / "masks" / "b.png", caption=None)
    config = RunConfig(train_data_dir=tmp_path / "img", conditioning_data_dir=tmp_path / "masks")
    dataset = read_dataset(config)
    found = {item.path.name: item.mask and item.mask.name for item in dataset.items}
    assert found == {"a.jpg": "a.mask.png", "b.png": "b.png", "c.png": None}
    assert "Masks: 2 of 3 pictures have a mask file." in dataset.notes
    gone = RunConfig(train_data_dir=tmp_path / "img", conditioning_data_dir=tmp_path / "gone")
    with pytest.raises(TrainerError, match="gone"):
        read_dataset(gone)


def test_faces_come_from_a_file_beside_the_folders_and_the_rest_is_told(tmp_path: Path) -> None:
    for name in "ab":
        picture(tmp_path / "1_cat" / f"{name}.png")
    boxes = {"1_cat/a.png": [[1, 2, 9, 12], [20, 20, 50, 60]], "elsewhere.png": []}
    (tmp_path / "faces.json").write_text(json.dumps(boxes))
    config = RunConfig(train_data_dir=tmp_path, face_crop_aug_range="2,4", cache_latents=False)
    dataset = read_dataset(config)
    assert [item.face for item in dataset.items] == [(20, 20, 50, 60), None]
    assert "Without a known face, cropped as usual: 1 of 2 pictures." in dataset.notes
    (tmp_path / "faces.json").write_text('{"a.png": [[5, 5, 5, 9]]}')
    with pytest.raises(TrainerError, match=r"faces\.json") as caught:
        read_dataset(config)
    assert "left, top, right, bottom" in caught.value.hint


def test_all_lines_of_a_caption_are_kept_where_one_is_chosen(tmp_path: Path) -> None:
    picture(tmp_path / "1_cat" / "a.png", caption="one\n\n two ")
    config = RunConfig(train_data_dir=tmp_path, enable_wildcard=True)
    assert read_dataset(config).items[0].caption == "one\ntwo"


def test_weights_around_several_tags_are_refused_where_tags_move(tmp_path: Path) -> None:
    picture(tmp_path / "1_cat" / "a.png", caption="cat, (hat, smile:1.2)")
    config = RunConfig(train_data_dir=tmp_path, weighted_captions=True)
    assert len(read_dataset(config).items) == 1
    with pytest.raises(TrainerError, match=r"a\.png has weights around several tags"):
        read_dataset(replace(config, shuffle_caption=True))
