"""The dataset that an export writes, and what a second export leaves alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from curator.core import edits
from curator.core.errors import UserError
from curator.core.export_folder import MANIFEST
from curator.core.project import Project
from curator.core.records import ImageSet, Rating, SetKind
from tests.helpers.imported import bring_in, decide, export, files, rated
from tests.helpers.pictures import difference, draw, encode, exif, stored_for
from tests.helpers.processes import python_without_root
from trainer.buckets import BucketRule
from trainer.config import RunConfig
from trainer.dataset import read_dataset


@pytest.fixture
def scraped(tmp_path: Path) -> Path:
    return tmp_path / "scraped"


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_ratings_become_folders_with_repeats(project: Project, scraped: Path, dest: Path) -> None:
    rated(project, scraped)
    report = export(project, dest)
    names = set(files(dest)) - {"dataset.toml", MANIFEST}
    assert names == {
        *(f"img/5_fr3dd1e dog/{n}.{end}" for n in (0, 1, 2) for end in ("jpg", "txt")),
        *(f"img/2_fr3dd1e dog/{n}.{end}" for n in (3, 4) for end in ("jpg", "txt")),
    }
    assert (dest / "img/5_fr3dd1e dog/1.txt").read_text("utf-8") == "fr3dd1e, on grass"
    assert (dest / "img/2_fr3dd1e dog/3.txt").read_text("utf-8") == "fr3dd1e dog"
    assert (report.images, report.written, report.captioned) == (5, 5, 3)
    assert any(
        '2 of 5 pictures have no caption; theirs becomes "fr3dd1e dog"' in w
        for w in report.warnings
    )


def test_the_config_names_absolute_folders_and_repeats(
    project: Project, scraped: Path, dest: Path
) -> None:
    rated(project, scraped)
    export(project, dest)
    rows = tomllib.loads((dest / "dataset.toml").read_text("utf-8"))
    (dataset,) = rows["datasets"]
    assert dataset["resolution"] == [512, 512]
    assert dataset["enable_bucket"] is True
    subsets = {row["image_dir"]: (row["num_repeats"], row["is_reg"]) for row in dataset["subsets"]}
    assert subsets == {
        str(dest / "img/5_fr3dd1e dog"): (5, False),
        str(dest / "img/2_fr3dd1e dog"): (2, False),
    }
    items = read_dataset(RunConfig(dataset_config=dest / "dataset.toml")).items
    assert sorted((item.repeats, item.caption) for item in items) == [
        *[(2, "fr3dd1e dog")] * 2,
        *[(5, "fr3dd1e, on grass")] * 3,
    ]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_baked_into_the_pixels(
    project: Project, scraped: Path, dest: Path, orientation: int
) -> None:
    upright = draw(3, (96, 64))
    data = encode(stored_for(upright, orientation), exif=exif(orientation), quality=95)
    bring_in(project, scraped, {"turned.jpg": data})
    decide(project, "", Rating.PRIMARY)
    export(project, dest)
    with Pillow.open(dest / "img/5_style/turned.jpg") as picture:
        assert picture.getexif().get(0x0112, 1) == 1
        assert picture.size == upright.size
        assert difference(picture.convert("RGB"), upright) < 4


def test_a_plain_jpeg_or_png_is_copied_byte_for_byte(
    project: Project, scraped: Path, dest: Path
) -> None:
    given = {"a.jpg": encode(draw(1)), "b.png": encode(draw(2), "PNG")}
    bring_in(project, scraped, given)
    decide(project, "", Rating.PRIMARY)
    export(project, dest)
    assert {name: (dest / "img/5_style" / name).read_bytes() for name in given} == given


@pytest.mark.parametrize(
    ("name", "mode", "format_"),
    [("a.jpg", "CMYK", "JPEG"), ("a.jpg", "L", "JPEG"), ("a.png", "I;16", "PNG"),
     ("a.png", "P", "PNG"), ("a.bmp", "RGB", "BMP"), ("a.webp", "RGB", "WEBP"),
     ("a.gif", "P", "GIF")],
)  # fmt: skip
def test_every_picture_is_rgb_under_a_name_that_trainers_read(
    project: Project, scraped: Path, dest: Path, name: str, mode: str, format_: str
) -> None:
    picture = draw(4)
    if mode == "I;16":
        picture = Pillow.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    else:
        picture = picture.convert(mode)
    bring_in(project, scraped, {name: encode(picture, format_)})
    decide(project, "", Rating.PRIMARY)
    export(project, dest)
    (path,) = (p for p in (dest / "img/5_style").iterdir() if p.suffix != ".txt")
    assert path.suffix in (".jpg", ".png")
    with Pillow.open(path) as read:
        assert read.mode == "RGB"
        assert read.size == (96, 64)


def test_a_truncated_jpeg_is_written_whole(project: Project, scraped: Path, dest: Path) -> None:
    data = encode(draw(5, (400, 300)))
    bring_in(project, scraped, {"half.jpg": data[: len(data) // 2]})
    decide(project, "", Rating.PRIMARY)
    export(project, dest)
    with Pillow.open(dest / "img/5_style/half.jpg") as picture:
        picture.load()
        assert picture.size == (400, 300)


def test_pictures_whose_names_differ_in_case_or_extension_have_their_own_captions(
    project: Project, scraped: Path, dest: Path
) -> None:
    names = ("a.JPG", "A.png", "b.jpeg", "face_10_20_30_40.jpg", "x/a.jpg")
    bring_in(project, scraped, {name: draw(n) for n, name in enumerate(names)})
    decide(project, "", Rating.PRIMARY)
    export(project, dest)
    stems = {path.stem.casefold() for path in (dest / "img/5_style").glob("*.txt")}
    pictures = [p for p in (dest / "img/5_style").iterdir() if p.suffix != ".txt"]
    assert len(stems) == len(pictures) == 5
    assert {path.suffix for path in pictures} <= {".jpg", ".png"}
    assert not any(path.stem.count("_") >= 4 for path in pictures)


def test_regularization_pictures_go_under_reg(project: Project, scraped: Path, dest: Path) -> None:
    rated(project, scraped)
    reg = ImageSet(project.new_set_id(), "plain", kind=SetKind.REGULARIZATION)
    project.apply(edits.create_set(reg))
    project.apply(edits.assign_to_set(project.images(project.select("name:5*")), reg))
    export(project, dest)
    assert (dest / "reg/1_dog/5.txt").read_text("utf-8") == "dog"
    items = read_dataset(RunConfig(dataset_config=dest / "dataset.toml")).items
    assert [item.path.name for item in items if item.is_reg] == ["5.jpg"]


def test_it_says_when_supporting_pictures_outweigh_and_double_mends_it(
    project: Project, scraped: Path, dest: Path
) -> None:
    bring_in(project, scraped, {f"{n}.jpg": draw(n) for n in range(8)})
    decide(project, "", Rating.SUPPORTING)
    decide(project, "name:0*", Rating.PRIMARY)
    assert any("supporting pictures make more steps" in w for w in export(project, dest).warnings)
    project.change_settings({"balance": "double"})
    report = export(project, dest)
    shown = {folder.repeats: number for folder, number in report.folders.items()}
    assert shown == {14: 1, 1: 7}
    assert not any("steps" in warning for warning in report.warnings)


def test_pictures_that_will_be_enlarged_are_counted(
    project: Project, scraped: Path, dest: Path
) -> None:
    bring_in(project, scraped, {"small.jpg": draw(1, (64, 64)), "large.jpg": draw(2, (256, 256))})
    decide(project, "", Rating.PRIMARY)
    report = export(project, dest, rule=BucketRule(resolution=(128, 128), min_reso=64))
    assert any("1 of 2 pictures are smaller" in w and "2.0 times" in w for w in report.warnings)


def test_a_wrong_colour_is_a_sentence(project: Project, scraped: Path, dest: Path) -> None:
    rated(project, scraped)
    with pytest.raises(UserError, match='"pinkish" is no colour'):
        export(project, dest, background="pinkish")


def test_nothing_rated_is_said_with_the_way_out(
    project: Project, scraped: Path, dest: Path
) -> None:
    bring_in(project, scraped, {"a.jpg": draw()})
    with pytest.raises(UserError, match=r"No picture is rated.*curator rate"):
        export(project, dest)
    assert not dest.exists()


def test_a_folder_that_forbids_writing_is_a_sentence(
    project: Project, scraped: Path, tmp_path: Path
) -> None:
    rated(project, scraped)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    code = f"""
import sys; sys.path.insert(0, {str(Path.cwd())!r})
from pathlib import Path
from curator.core.errors import UserError
from curator.core.files import TEMP_PREFIX
from curator.core.jobs import Job
from curator.core.project import Project
from curator.tasks.export_dataset import export_dataset
with Project.open(Path({str(project.root)!r}), read_only=True) as project:
    try:
        export_dataset(Job(), project, Path({str(locked)!r}))
    except UserError as error:
        print(error)
"""
    assert "permission is denied" in python_without_root(code, tmp_path)
