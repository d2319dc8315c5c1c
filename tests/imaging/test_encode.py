"""Pictures as files for training."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.recipe import Recipe, Turn
from curator.core.records import Image
from curator.imaging.encode import picture_bytes, png_bytes, training_bytes
from tests.helpers.pictures import difference, draw, encode, exif
from tests.helpers.projects import fill

PIXELS = 1_000_000


@pytest.fixture
def image(project: Project) -> Image:
    """A record whose file each test writes."""
    return fill(project, 1)[0]


def written(project: Project, image: Image, data: bytes, suffix: str = ".jpg") -> bytes:
    record = replace(image, path=f"images/source{suffix}")
    (project.root / record.path).write_bytes(data)
    return training_bytes(record, project.root, suffix, "white", PIXELS)


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"icc_profile": srgb_profile()}, {"exif": exif(1)}]
)
def test_a_jpeg_that_needs_no_change_keeps_its_bytes(
    project: Project, image: Image, options: dict[str, object]
) -> None:
    data = encode(draw(1), **options)
    assert written(project, image, data) == data


@pytest.mark.parametrize(
    "data",
    [
        encode(draw(1), exif=exif(3)),
        encode(draw(1).convert("CMYK")),
        encode(draw(1).convert("L")),
        encode(draw(1), "PNG"),  # a PNG under a JPEG's name
        encode(draw(1, (500, 400)))[:9000],
    ],
    ids=["turned", "cmyk", "gray", "misnamed", "truncated"],
)
def test_every_other_jpeg_is_coded_anew(project: Project, image: Image, data: bytes) -> None:
    made = written(project, image, data)
    assert made != data
    with Pillow.open(io.BytesIO(made)) as picture:
        picture.load()
        assert (picture.format, picture.mode) == ("JPEG", "RGB")


def test_coding_anew_loses_next_to_nothing(project: Project, image: Image) -> None:
    data = encode(draw(2, (300, 200)), exif=exif(3), quality=85)
    with Pillow.open(io.BytesIO(data)) as before:
        upright = before.transpose(Pillow.Transpose.ROTATE_180)
    with Pillow.open(io.BytesIO(written(project, image, data))) as after:
        assert difference(upright, after.convert("RGB")) < 1


def test_an_animation_gives_its_frame_and_no_more(project: Project, image: Image) -> None:
    frames = [draw(n) for n in range(3)]
    file = io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    made = written(project, image, file.getvalue(), ".png")
    with Pillow.open(io.BytesIO(made)) as picture:
        assert getattr(picture, "n_frames", 1) == 1
        assert picture.tobytes() == frames[0].tobytes()


def test_a_recipe_is_never_copied_away(project: Project, image: Image) -> None:
    record = replace(image, recipe=Recipe((Turn(2),)).to_json())
    data = encode(draw(1), "PNG")
    made = written(project, record, data, ".png")
    with Pillow.open(io.BytesIO(made)) as picture:
        assert picture.tobytes() == draw(1).transpose(Pillow.Transpose.ROTATE_180).tobytes()


def test_a_file_that_is_gone_is_a_sentence(project: Project, image: Image) -> None:
    with pytest.raises(UserError):
        training_bytes(image, project.root, ".jpg", "white", PIXELS)


def test_png_keeps_alpha() -> None:
    picture = draw(3, alpha=True)
    with Pillow.open(io.BytesIO(png_bytes(picture))) as read:
        assert (read.mode, read.tobytes()) == ("RGBA", picture.tobytes())


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_a_format_that_can_not_hold_the_picture_is_told(suffix: str) -> None:
    with pytest.raises(UserError, match="a side"):
        picture_bytes(Pillow.new("RGB", (70_000, 1)), suffix)
