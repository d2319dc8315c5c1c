"""Every kind of pixel becomes sRGB of 8 bits."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from curator.imaging.colour import to_srgb
from tests.helpers import pictures
from tests.helpers.awkward import gray16, png_chunk, raw_png
from tests.helpers.profiles import cmyk_profile, gray_profile, swapped_rgb_profile


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def colour_of(picture: Image.Image) -> tuple[int, ...]:
    pixel = picture.getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return pixel


def test_a_profile_is_applied() -> None:
    red = Image.new("RGB", (4, 4), (255, 0, 0))
    for format_, options in (("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True}), ("JPEG", {})):
        data = pictures.encode(red, format_, icc_profile=swapped_rgb_profile(), **options)
        converted, warnings = to_srgb(opened(data))
        r, g, b = colour_of(converted)
        assert r < 60, format_
        assert g < 60, format_
        assert b > 240, format_
        assert warnings == ()


def test_alpha_goes_around_the_profile() -> None:
    half = Image.new("RGBA", (4, 4), (255, 0, 0, 77))
    data = pictures.encode(half, "PNG", icc_profile=swapped_rgb_profile())
    r, _, b, alpha = colour_of(to_srgb(opened(data))[0])
    assert r < 60 < 240 < b
    assert alpha == 77


def test_profiles_of_gray_and_cmyk_are_applied() -> None:
    gray = Image.new("L", (4, 4), 128)
    data = pictures.encode(gray, "PNG", icc_profile=gray_profile(gamma=1.0))
    converted, warnings = to_srgb(opened(data))
    assert warnings == ()
    assert colour_of(converted)[0] == pytest.approx(188, abs=2)  # half the light in sRGB
    cyan = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    for format_ in ("JPEG", "TIFF"):
        data = pictures.encode(cyan, format_, icc_profile=cmyk_profile())
        r, g, b = colour_of(to_srgb(opened(data))[0])
        assert abs(r - g) < 4, format_
        assert abs(g - b) < 4, format_
        assert 90 < r < 200, format_


def test_srgb_itself_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    drawn = pictures.draw()
    converted, warnings = to_srgb(opened(pictures.encode(drawn, "PNG", icc_profile=profile)))
    assert pictures.difference(converted, drawn) == 0
    assert warnings == ()


@pytest.mark.parametrize(
    ("mode", "profile", "words"),
    [
        ("RGB", gray_profile(), "other colours"),
        ("L", swapped_rgb_profile(), "other colours"),
        ("RGB", cmyk_profile(), "other colours"),
        ("RGB", b"rubbish" * 40, "broken"),
        ("RGB", swapped_rgb_profile()[:200], "broken"),
    ],
)
def test_a_profile_that_does_not_fit_is_left_out_with_a_warning(
    mode: str, profile: bytes, words: str
) -> None:
    drawn = pictures.draw().convert(mode)
    converted, warnings = to_srgb(opened(pictures.encode(drawn, "PNG", icc_profile=profile)))
    assert pictures.difference(converted, drawn.convert("RGB")) == 0
    assert len(warnings) == 1
    assert words in warnings[0]


def test_16_bit_gray_is_scaled() -> None:
    expected = pictures.draw().convert("L").convert("RGB")
    for format_ in ("PNG", "TIFF", "PPM"):
        converted, _ = to_srgb(opened(pictures.encode(gray16(), format_)))
        assert pictures.difference(converted, expected) < 0.6, format_


def test_16_bit_gray_png_keeps_its_transparent_value() -> None:
    rows = b"\0" + (1000).to_bytes(2, "big") + (60000).to_bytes(2, "big")
    chunks = (
        png_chunk(b"tRNS", b"\x03\xe8"),
        png_chunk(b"IDAT", zlib.compress(rows)),
    )
    converted, _ = to_srgb(opened(raw_png((2, 1), 16, 0, *chunks)))
    assert converted.mode == "RGBA"
    assert [converted.getpixel((x, 0))[3] for x in (0, 1)] == [0, 255]  # type: ignore[index]


def test_16_bit_rgb_png_is_scaled_and_keeps_its_transparent_colour() -> None:
    pixels = [(65535, 0, 257), (257 * 128, 257, 0)]
    rows = b"\0" + b"".join(v.to_bytes(2, "big") for pixel in pixels for v in pixel)
    key = b"".join(v.to_bytes(2, "big") for v in pixels[1])
    chunks = (png_chunk(b"tRNS", key), png_chunk(b"IDAT", zlib.compress(rows)))
    converted, _ = to_srgb(opened(raw_png((2, 1), 16, 2, *chunks)))
    assert converted.getpixel((0, 0)) == (255, 0, 1, 255)
    assert converted.getpixel((1, 0)) == (128, 1, 0, 0)


def test_float_and_whole_number_tiffs_are_scaled_by_their_range() -> None:
    ramp = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
    for samples in (ramp, ramp * 255, ramp * 65535, (ramp * 65535).astype(np.int32), ramp * 8 - 4):
        picture = Image.fromarray(samples)
        converted, _ = to_srgb(opened(pictures.encode(picture, "TIFF")))
        assert (converted.getpixel((0, 0)), converted.getpixel((15, 15))) == ((0,) * 3, (255,) * 3)
    broken = ramp.copy()
    broken[0, 0] = np.nan
    assert colour_of(to_srgb(Image.fromarray(broken))[0]) == (0, 0, 0)


def test_palettes_keep_their_transparency() -> None:
    palette = pictures.draw().quantize(8)
    assert to_srgb(opened(pictures.encode(palette, "PNG")))[0].mode == "RGB"
    for transparency in (0, bytes([10, 255, 255, 255])):
        data = pictures.encode(palette, "PNG", transparency=transparency)
        converted, _ = to_srgb(opened(data))
        assert converted.mode == "RGBA"
        lowest = converted.getchannel("A").getextrema()[0]
        assert lowest == (0 if transparency == 0 else 10)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "PA", "RGB", "RGBA", "RGBX", "RGBa"])
def test_every_mode_becomes_rgb_or_rgba(mode: str) -> None:
    converted, warnings = to_srgb(Image.new(mode, (4, 4)))
    assert converted.mode == ("RGBA" if mode.lower().endswith("a") else "RGB")
    assert warnings == ()


def test_lab_and_ycbcr_keep_their_colours() -> None:
    drawn = pictures.draw()
    srgb = ImageCms.createProfile("sRGB")
    lab = ImageCms.profileToProfile(drawn, srgb, ImageCms.createProfile("LAB"), outputMode="LAB")
    assert lab is not None
    assert pictures.difference(to_srgb(lab)[0], drawn) < 3
    assert pictures.difference(to_srgb(drawn.convert("YCbCr"))[0], drawn) < 3


def test_cmyk_jpegs_are_inverted_only_where_adobe_says_so() -> None:
    drawn = pictures.draw()
    inverted = opened(pictures.encode(drawn.convert("CMYK")))
    assert pictures.difference(to_srgb(inverted)[0], drawn) < 6
    data = pictures.encode(drawn.convert("CMYK"))
    start = data.index(b"Adobe") - 4
    length = int.from_bytes(data[start + 2 : start + 4], "big")
    plain = opened(data[:start] + data[start + 2 + length :])
    black = Image.new("RGB", drawn.size)  # no black ink, stored as 255, is all of it now
    assert pictures.difference(to_srgb(plain)[0], black) < 3
