"""A person prepares pictures, odd ones among them, and gets what the preview shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from pytestqt.qtbot import QtBot

from curator.core.edits import set_rating
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.records import Rating
from curator.core.regions import Ellipse
from curator.core.steps import Adjust, Blur, Crop, CutOut, Pad, Resize, Upscale
from curator.tasks.export_dataset import export_dataset
from curator.tasks.make_steps import make_missing
from curator.tasks.render_images import render_images
from curator.ui.picture_provider import PictureProvider, Wish
from tests.helpers import heavy_models, taggers
from tests.helpers.awkward import gray16
from tests.helpers.commands import CommandLine
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw, photo, write
from tests.helpers.windows import wait_for

STEPS = (
    Crop(20, 15, 300, 225, 320, 240),
    CutOut("hand", "white", (Ellipse(0.5, 0.5, 0.4, 0.4),)),
    Blur((Ellipse(0.5, 0.5, 0.1, 0.1),), 0.1),
    Adjust(0.3, 0.1),
)


@pytest.fixture
def provider(project: Project, qtbot: QtBot) -> Iterator[PictureProvider]:
    made = PictureProvider(project, 1 << 30)
    yield made
    made.close()


@pytest.mark.parametrize("side_px", [None, 2000], ids=["every pixel", "fits the screen"])
def test_what_is_written_is_to_the_bit_what_is_seen_at_a_hundred_percent(
    project: Project, provider: PictureProvider, tmp_path: Path, side_px: int | None
) -> None:
    doubler = str(heavy_models.write_doubler(tmp_path / "doubler.onnx"))
    prepared = {
        "a.png": (*STEPS, Upscale(1.5, doubler)),
        "b.jpg": (STEPS[0], Resize(30)),  # decoded small
        "c.jpg": (*STEPS, Pad(1, 1, "blur")),
    }
    sources = {name: photo(seed, (320, 240)) for seed, name in enumerate(prepared)}
    brought = bring_in(project, tmp_path / "in", sources)
    recipes = {brought[name]: Recipe(steps) for name, steps in prepared.items()}
    project.apply(set_recipes("Prepare", recipes))
    project.apply(set_rating(project.images(project.select()), Rating.PRIMARY))
    images = project.images(project.select())
    rendered = render_images(Job(), project, images, tmp_path / "out", make=make_missing)
    exported = export_dataset(Job(), project, tmp_path / "data", make=make_missing)
    assert (len(rendered.written), exported.images) == (3, 3)
    for image in images:
        provider.wish([Wish(image, side_px)])
        wait_for(lambda image=image: provider.has_whole(image), "the picture")
        seen = provider.get(image)[-1]
        pixels = np.frombuffer(seen.constBits(), np.uint8).reshape(seen.height(), -1, 4)
        (trained,) = (tmp_path / "data").rglob(f"{Path(image.name).stem}.png")
        for path in (tmp_path / "out" / f"{image.id}.png", trained):
            with Pillow.open(path) as written:
                assert np.array_equal(np.asarray(written), pixels[..., 2::-1]), image.name


@pytest.fixture
def curator(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


ODD: dict[str, Callable[[Path], Path]] = {
    "dot": lambda path: write(path / "dot.png", Pillow.new("RGB", (1, 1), "red")),
    "panorama": lambda path: write(path / "panorama.png", draw(1, (30_000, 40))),
    "gray": lambda path: write(path / "gray.png", gray16()),
    "print": lambda path: write(path / "print.jpg", draw(2).convert("CMYK")),
    "palette": lambda path: write(path / "palette.png", draw(3).quantize(16), transparency=0),
    "good": lambda path: write(path / "good.jpg", draw(4)),
}


@pytest.fixture
def odd(curator: CommandLine, tmp_path: Path) -> Path:
    """A project of pictures that programs stumble over, and a good one."""
    for make in ODD.values():
        make(tmp_path / "photos")
    curator("new", tmp_path / "project")
    curator("import", tmp_path / "project", tmp_path / "photos")
    return tmp_path / "project"


def named(curator: CommandLine, root: Path) -> dict[str, int]:
    return {Path(row["path"]).stem: row["id"] for row in curator.ask("list", root)}


@pytest.mark.parametrize("format_", ["png", "jpg", "webp"])
def test_odd_pictures_are_cropped_padded_and_written(
    curator: CommandLine, odd: Path, tmp_path: Path, format_: str
) -> None:
    ids = named(curator, odd)
    assert ids.keys() == ODD.keys()
    steps = "--turn", "right", "--crop", "bucket", "--upscale", "2", "--pad", "square:edge"
    said = curator.ask("recipe", odd, "", *steps)
    assert (said["changed"], said["failed"]) == (len(ODD), [])
    report = curator.ask("render", odd, tmp_path / "out", "--format", format_)
    assert report["failed"] == []
    sizes = {row["id"]: row["size"] for row in said["images"]}
    for row in report["written"]:
        with Pillow.open(row["path"]) as picture:
            assert [*picture.size] == sizes[row["id"]]
            has_alpha = row["id"] == ids["palette"] and format_ != "jpg"
            assert picture.mode == ("RGBA" if has_alpha else "RGB")


def test_a_panorama_that_can_not_be_made_or_written_so_is_a_sentence_and_the_others_are_made(
    curator: CommandLine, odd: Path, tmp_path: Path
) -> None:
    ids = named(curator, odd)
    said = curator.ask("recipe", odd, "", "--pad", "square")
    assert [row["id"] for row in said["failed"]] == [ids["panorama"]]
    assert "would become 30,000 x 30,000 pixels" in said["failed"][0]["reason"]
    report = curator.ask("render", odd, tmp_path / "out", "--format", "webp")
    assert [row["id"] for row in report["failed"]] == [ids["panorama"]]
    assert "WEBP holds no more than 16,383 pixels a side" in report["failed"][0]["reason"]
    assert len(report["written"]) == len(ODD) - 1


@pytest.mark.parametrize("box", ["5,5,5,5", "9,9,1,1", "200,0,300,64", "-5,-5,-1,-1"])
def test_a_crop_of_no_area_or_outside_is_a_sentence(
    curator: CommandLine, odd: Path, box: str
) -> None:
    said = curator("crop", odd, "name:good*", f"--box={box}", code=1)
    assert "is not inside the picture" in said.err
    assert said.err.count("\n") <= 2
    assert len(curator.ask("list", odd)) == len(ODD)


def test_a_file_that_vanished_is_a_sentence_and_the_others_are_made(
    curator: CommandLine, odd: Path, tmp_path: Path
) -> None:
    ids = named(curator, odd)
    (odd / "images" / "good.jpg").unlink()
    doubler = heavy_models.write_doubler(tmp_path / "doubler.onnx")
    chosen = f"id:{ids['good']}", "or", f"id:{ids['print']}"
    said = curator.ask("recipe", odd, *chosen, "--upscale", "2", "--upscaler", doubler)
    assert [row["id"] for row in said["failed"]] == [ids["good"]]
    report = curator.ask("render", odd, tmp_path / "out")
    assert [row["id"] for row in report["failed"]] == [ids["good"]]
    assert len(report["written"]) == len(ODD) - 1
    assert "\n" not in report["failed"][0]["reason"]


def test_a_model_of_the_wrong_kind_is_a_sentence_and_costs_nothing_else(
    curator: CommandLine, odd: Path, tmp_path: Path
) -> None:
    cutter = heavy_models.write_bright_cutter(tmp_path / "cutter.onnx")
    doubler = heavy_models.write_doubler(tmp_path / "doubler.onnx")
    tagger = taggers.write_tagger(tmp_path / "tagger")
    (tmp_path / "words.pth").write_text("no weights at all")
    (good,) = (row["id"] for row in curator.ask("list", odd, "name:good*"))
    for model in (cutter, tagger, tmp_path / "words.pth", tmp_path / "gone.safetensors"):
        said = curator.ask(
            "recipe", odd, "name:good*", "--clear", "--upscale", "2", "--upscaler", model
        )
        assert [row["id"] for row in said["failed"]] == [good], model
    for model in (doubler, tagger, tmp_path / "words.pth"):
        said = curator.ask(
            "recipe", odd, "name:good*", "--clear", "--cutout", "white", "--cutter", model
        )
        assert [row["id"] for row in said["failed"]] == [good], model
        assert said["failed"][0]["reason"].count("\n") == 0
    report = curator.ask("render", odd, tmp_path / "out")
    assert [row["id"] for row in report["failed"]] == [good]
    assert len(report["written"]) == len(ODD) - 1
