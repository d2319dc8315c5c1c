"""Pictures on their way to the VAE: upright, RGB, resized, cropped."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers.pictures import draw, encode, exif, stored_for
from trainer.buckets import BucketRule, Placement, choose_bucket
from trainer.errors import TrainerError
from trainer.looks import Look
from trainer.pixels import bucket_pixels, looking, read_bytes

PATH = Path("picture.png")
RULE = BucketRule(resolution=(128, 128), min_reso=64, max_reso=256)


def png(picture: Image.Image) -> bytes:
    return encode(picture, "PNG")


def whole(size: tuple[int, int]) -> Placement:
    return Placement(size, size, (0, 0, *size))


@pytest.mark.parametrize("size", [(300, 200), (90, 160), (128, 128), (1000, 90)])
def test_pixels_have_the_size_of_the_bucket(size: tuple[int, int]) -> None:
    placement = choose_bucket(size, RULE)
    pixels = bucket_pixels(png(draw(1, size)), PATH, placement)
    assert pixels.shape == (placement.bucket[1], placement.bucket[0], 3)
    assert pixels.dtype == np.uint8


def test_the_middle_is_kept() -> None:
    picture = Image.new("RGB", (200, 100), "red")
    picture.paste("blue", (50, 0, 150, 100))
    placement = Placement((100, 100), (200, 100), (50, 0, 150, 100))
    pixels = bucket_pixels(png(picture), PATH, placement)
    assert (pixels == (0, 0, 255)).all()


def test_shrinking_takes_the_mean_of_an_area() -> None:
    checks = np.indices((128, 128)).sum(axis=0) % 2 * 255
    data = png(Image.fromarray(checks.astype(np.uint8)))
    assert set(bucket_pixels(data, PATH, whole((64, 64))).flat) <= {127, 128}


def test_enlarging_is_that_of_lanczos() -> None:
    picture = draw(3, (40, 30))
    expected = np.asarray(picture.resize((120, 90), Image.Resampling.LANCZOS))
    assert (bucket_pixels(png(picture), PATH, whole((120, 90))) == expected).all()


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_photo_is_upright(orientation: int) -> None:
    upright = draw(2, (64, 128))
    data = encode(stored_for(upright, orientation), "PNG", exif=exif(orientation))
    assert (bucket_pixels(data, PATH, whole((64, 128))) == np.asarray(upright)).all()


def test_what_is_transparent_becomes_white() -> None:
    data = png(Image.new("RGBA", (64, 64), (10, 20, 30, 0)))
    assert (bucket_pixels(data, PATH, whole((64, 64))) == 255).all()


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    buffer = io.BytesIO()
    draw(1, (64, 64)).convert(mode).save(buffer, "TIFF")
    assert bucket_pixels(buffer.getvalue(), PATH, whole((64, 64))).shape == (64, 64, 3)


@pytest.mark.parametrize("data", [b"", b"<html></html>", png(draw(1, (64, 64)))[:300]])
def test_what_cannot_be_decoded_is_named(data: bytes) -> None:
    with pytest.raises(TrainerError, match=r"picture\.png cannot be decoded"):
        bucket_pixels(data, PATH, whole((64, 64)))


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"gone\.png cannot be read"):
        read_bytes(tmp_path / "gone.png")


def test_odd_metadata_of_a_picture_that_decodes_is_no_matter_in_any_thread() -> None:
    odd = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"
    data = encode(Image.new("RGB", (64, 64)), "PNG", exif=odd)
    with pytest.warns(UserWarning, match="EXIF"):
        Image.open(io.BytesIO(data)).getexif()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: bucket_pixels(data, PATH, whole((64, 64))), range(16)))
    assert len(done) == 16


def test_a_hue_turns_and_a_gamma_brightens_and_nothing_else_changes() -> None:
    place = whole((2, 1))
    pixels = np.array([[[255, 0, 0], [128, 128, 128]]], np.uint8)
    assert looking(pixels, Look(place)) is pixels
    assert looking(pixels, Look(place, hue=60.0)).tolist() == [[[0, 255, 0], [128, 128, 128]]]
    assert looking(pixels, Look(place, mirrored=True))[0, 0].tolist() == [128, 128, 128]
    brighter = looking(pixels, Look(place, gamma=0.95))
    assert brighter.tolist() == [[[255, 0, 0], [132, 132, 132]]]  # 255 (128 / 255) ** .95
    as_sd_scripts = looking(pixels, Look(place, gamma=0.95, gain=255**-0.05))
    assert as_sd_scripts.tolist() == [[[193, 0, 0], [100, 100, 100]]]  # 128 ** .95
