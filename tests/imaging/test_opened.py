"""Opening by content, quietly, and within the limit."""

from __future__ import annotations

import io
import sys
import warnings
from pathlib import Path

import pytest
from PIL import Image

from curator.imaging.bad_image import BadImage
from curator.imaging.opened import open_bytes, open_picture, read_head
from tests.helpers import pictures

PATH = Path("a.jpg")


def test_targa_is_told_by_its_footer_and_without_one_by_its_name() -> None:
    data = pictures.encode(pictures.draw(), "TGA")
    assert data.endswith(b"TRUEVISION-XFILE.\0")
    assert open_picture(io.BytesIO(data), Path("a.jpg"), 10**6).format == "TGA"
    old = io.BytesIO(data[:-26])
    assert open_picture(old, Path("a.tga"), 10**6).format == "TGA"
    with pytest.raises(BadImage, match="not a picture"):
        open_picture(old, Path("a.jpg"), 10**6)
    png = io.BytesIO(pictures.encode(pictures.draw(), "PNG"))
    assert open_picture(png, Path("a.tga"), 10**6).format == "PNG"


def test_pillows_warnings_stay_inside_and_those_of_others_do_not() -> None:
    malformed = pictures.encode(pictures.draw(), exif=pictures.exif(3)).replace(
        b"Exif\0\0", b"Exif\0\1"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        open_picture(io.BytesIO(malformed), PATH, 10**6)
        data = bytearray(pictures.encode(pictures.draw(), "PNG", exif=pictures.exif(3)))
        open_picture(io.BytesIO(bytes(data)), PATH, 10**6)
        animation = pictures.encode(
            pictures.draw(), "PNG", save_all=True, append_images=[pictures.draw(1)]
        )
        no_frames = animation.replace(png_chunk_named(animation, b"acTL"), b"")
        open_picture(io.BytesIO(no_frames), PATH, 10**6)
        with pytest.raises(UserWarning):
            warnings.warn("of another module", UserWarning, stacklevel=1)


def png_chunk_named(data: bytes, kind: bytes) -> bytes:
    start = data.index(kind) - 4
    return data[start : start + 12 + int.from_bytes(data[start : start + 4], "big")]


def test_pillows_own_limit_is_only_ever_widened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    data = pictures.encode(pictures.draw(), "PNG")
    open_picture(io.BytesIO(data), PATH, 50_000)
    open_picture(io.BytesIO(data), PATH, 10_000)
    assert Image.MAX_IMAGE_PIXELS == 50_000


def test_a_jpeg_with_a_broken_index_of_further_pictures_is_a_plain_one() -> None:
    pair = bytearray(
        pictures.encode(pictures.draw(), "MPO", save_all=True, append_images=[pictures.draw(1)])
    )
    start = pair.index(b"MPF\0")
    for change in range(start + 8, start + 60):
        broken = bytes(pair[:change]) + b"\xee" + bytes(pair[change + 1 :])
        picture = open_picture(io.BytesIO(broken), PATH, 10**6)
        assert picture.size == (96, 64), change


def test_a_file_without_the_jpeg_xl_plugin_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = pictures.encode(pictures.draw(), "JXL")
    monkeypatch.delitem(Image.OPEN, "JXL")
    with pytest.raises(BadImage, match="JPEG XL") as caught:
        open_picture(io.BytesIO(data), Path("a.jxl"), 10**6)
    assert "pillow-jxl-plugin" in caught.value.hint


def test_a_dng_is_a_raw_file_whatever_its_name() -> None:
    data = pictures.encode(pictures.draw(), "TIFF", tiffinfo={50706: b"\1\4\0\0"})
    with pytest.raises(BadImage, match="raw file"):
        open_picture(io.BytesIO(data), Path("a.tif"), 10**6)


def test_given_bytes_spare_the_file(tmp_path: Path) -> None:
    with open_bytes(tmp_path / "gone", b"abc") as file:
        assert read_head(file, PATH) == b"abc"
    with pytest.raises(BadImage), open_bytes(tmp_path / "gone", None):
        pass


def test_no_neural_library_and_no_qt_is_loaded() -> None:
    import subprocess

    script = (
        "import sys, curator.imaging.load, curator.imaging.render, curator.imaging.thumbnails\n"
        "print([m for m in ('torch', 'PySide6', 'transformers') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
