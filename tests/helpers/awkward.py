"""A folder with a file of every format and every kind of bad file, and what must become of each."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from tests.helpers import pictures
from tests.helpers.profiles import cmyk_profile, gray_profile, swapped_rgb_profile

WIDTH, HEIGHT = 96, 64
BOMB_PIXELS = 40_000 * 40_000


@dataclass(frozen=True)
class Expected:
    """What must become of one file.

    `outcome`: "accepted", "rejected" (it claims to be a picture) or "skipped". `reason`: words of
    the sentence for rejected ones. The rest is for accepted ones; `warned`: with a warning.
    """

    path: Path
    outcome: str = "accepted"
    format: str = ""
    frames: int = 1
    mode: str = "RGB"
    warned: bool = False
    reason: str = ""


def make_awkward_folder(folder: Path, *, videos: bool = True) -> list[Expected]:
    """Fill `folder`; good pictures show `pictures.draw(n)` at 96 x 64, upright."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [*_good(folder), *_coloured(folder), *_turned(folder), *_animated(folder)]
    found += [*_damaged(folder), *_not_pictures(folder)]
    return found + (list(_videos(folder)) if videos else [])


def _good(folder: Path) -> Iterator[Expected]:
    write, draw = pictures.write, pictures.draw
    for name, format_ in (
        ("plain.jpg", "jpeg"), ("a.jpeg", "jpeg"), ("a.bmp", "bmp"), ("a.tga", "tga"),
        ("a.png", "png"), ("a.webp", "webp"), ("a.avif", "avif"), ("a.heic", "heif"),
        ("a.gif", "gif"), ("a.tiff", "tiff"), ("a.jxl", "jxl"), ("a.ppm", "ppm"),
    ):  # fmt: skip
        yield Expected(write(folder / name), format=format_)
    yield Expected(write(folder / "progressive.jpg", progressive=True), format="jpeg")
    gray = draw().convert("L")
    yield Expected(write(folder / "gray.jpg", gray), format="jpeg")
    yield Expected(write(folder / "cmyk.jpg", draw().convert("CMYK")), format="jpeg")
    yield Expected(write(folder / "cmyk.tif", draw().convert("CMYK")), format="tiff")
    yield Expected(write(folder / "lzw.tif", compression="tiff_lzw"), format="tiff")
    yield Expected(write(folder / "gray16.png", gray16()), format="png")
    yield Expected(write(folder / "gray16.tif", gray16()), format="tiff")
    clear = draw(alpha=True)
    yield Expected(write(folder / "alpha.png", clear), format="png", mode="RGBA")
    yield Expected(write(folder / "alpha.webp", clear), format="webp", mode="RGBA")
    palette = draw().quantize(16)
    yield Expected(write(folder / "palette.png", palette), format="png")
    key = write(folder / "key.png", palette, transparency=0)
    yield Expected(key, format="png", mode="RGBA")
    (folder / "interlaced.png").write_bytes(interlaced_png(draw()))
    yield Expected(folder / "interlaced.png", format="png")
    jpeg = pictures.encode(draw())
    (folder / "really-a-jpeg.png").write_bytes(jpeg)
    yield Expected(folder / "really-a-jpeg.png", format="jpeg")
    (folder / "no-extension").write_bytes(jpeg + b"\0")
    yield Expected(folder / "no-extension", format="jpeg")


def _coloured(folder: Path) -> Iterator[Expected]:
    write, draw = pictures.write, pictures.draw
    wide = write(folder / "icc.jpg", icc_profile=swapped_rgb_profile())
    yield Expected(wide, format="jpeg")
    ink = write(folder / "icc-cmyk.jpg", draw().convert("CMYK"), icc_profile=cmyk_profile())
    yield Expected(ink, format="jpeg")
    wrong = write(folder / "icc-of-gray-in-rgb.jpg", icc_profile=gray_profile())
    yield Expected(wrong, format="jpeg", warned=True)
    broken = write(folder / "icc-broken.png", icc_profile=b"no profile at all" * 20)
    yield Expected(broken, format="png", warned=True)


def _turned(folder: Path) -> Iterator[Expected]:
    for orientation in range(1, 9):
        stored = pictures.stored_for(pictures.draw(), orientation)
        block = pictures.exif(orientation)
        for extension, format_ in (("jpg", "jpeg"), ("png", "png"), ("webp", "webp")):
            path = folder / f"turned-{orientation}.{extension}"
            yield Expected(pictures.write(path, stored, exif=block), format=format_)


def _animated(folder: Path) -> Iterator[Expected]:
    first, *rest = [pictures.draw(seed) for seed in range(3)]
    for extension, format_ in (("gif", "gif"), ("webp", "webp"), ("png", "png"), ("tif", "tiff")):
        path = folder / f"three-frames.{extension}"
        pictures.write(path, first, save_all=True, append_images=rest)
        mode = "RGBA" if format_ == "webp" else "RGB"  # its encoder gives every animation alpha
        yield Expected(path, format=format_, frames=3, mode=mode)
    pair = pictures.write(folder / "stereo.mpo", first, save_all=True, append_images=rest[:1])
    yield Expected(pair, format="mpo", frames=2)


def _videos(folder: Path) -> Iterator[Expected]:
    shots = [pictures.draw(seed) for seed in range(4) for _ in range(10)]
    for container in pictures.FOURCC:
        path = pictures.write_video(folder / f"video.{container}", shots)
        yield Expected(path, format=container, frames=40)
    renamed = pictures.write_video(folder / "video-named.jpg", shots, container="mp4")
    yield Expected(renamed, format="mp4", frames=40)


def _damaged(folder: Path) -> Iterator[Expected]:
    def put(name: str, data: bytes) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    jpeg = pictures.encode(pictures.draw(), quality=95)
    progressive = pictures.encode(pictures.draw(), progressive=True)
    png = pictures.encode(pictures.draw(), "PNG")
    for name, data, format_ in (
        ("truncated.jpg", jpeg, "jpeg"),
        ("truncated-progressive.jpg", progressive, "jpeg"),
        ("truncated.png", png, "png"),
    ):
        cut = put(name, data[: len(data) * 2 // 3])
        yield Expected(cut, format=format_, warned=True)
    webp = pictures.encode(pictures.draw(), "WEBP")
    for name, data, reason in (
        ("zero-bytes.jpg", b"", "is empty"),
        ("web-page.jpg", b"<!DOCTYPE html><html><body>404</body></html>", "is a web page"),
        ("header-only.jpg", jpeg[:300], "damaged"),
        ("header-only.png", png[:40], "damaged"),
        ("cut.webp", webp[: len(webp) // 2], "damaged"),
        ("noise.jpg", np.random.default_rng(1).bytes(2000), "not a picture or video"),
        ("noise.mp4", b"\0\0\0\x20ftypisom" + bytes(500), "damaged"),
        ("raw.nef", pictures.encode(pictures.draw(), "TIFF"), "raw file"),
        ("bomb.png", bomb_png(), "megapixels"),
        ("bomb.gif", _bomb_gif(), "megapixels"),
        ("bomb.jpg", _bomb_jpeg(), "megapixels"),
        ("bomb.tif", _bomb_tiff(), "megapixels"),
        ("bomb-in-text.png", _text_bomb_png(), "damaged"),
    ):
        yield Expected(put(name, data), "rejected", reason=reason)


def _not_pictures(folder: Path) -> Iterator[Expected]:
    for name, data in (
        ("notes.docx", b"PK\x03\x04 some words"),
        ("empty", b""),
        ("thumbs.db", b"\xd0\xcf\x11\xe0" + bytes(600)),
        ("page.html", b"<html></html>"),
    ):
        (folder / name).write_bytes(data)
        yield Expected(folder / name, "skipped")
    secret = pictures.write(folder / "no-permission.jpg")
    secret.chmod(0)
    if os.access(secret, os.R_OK):  # as root and on Windows
        secret.unlink()
    else:
        yield Expected(secret, "rejected", reason="permission")


def gray16() -> Image.Image:
    """The picture in gray of 16 bits, most of it over 255."""
    gray = np.asarray(pictures.draw().convert("L")).astype(np.uint16)
    return Image.fromarray(gray * 257)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def raw_png(size: tuple[int, int], depth: int, colour: int, *chunks: bytes, lace: int = 0) -> bytes:
    """A PNG of ready chunks after its header; `colour` and `lace` as PNG numbers them."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, lace))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + png_chunk(b"IEND", b"")


def interlaced_png(picture: Image.Image) -> bytes:
    """The RGB picture in Adam7 order, which Pillow can't write."""
    pixels = np.asarray(picture)
    rows = b""
    for x, y, dx, dy in (
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4),
        (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ):  # fmt: skip
        rows += b"".join(b"\0" + row.tobytes() for row in pixels[y::dy, x::dx])
    return raw_png(picture.size, 8, 2, png_chunk(b"IDAT", zlib.compress(rows)), lace=1)


def bomb_png(side: int = 40_000) -> bytes:
    """A few kilobytes that promise a picture of `side` x `side` black pixels."""
    return raw_png((side, side), 1, 0, png_chunk(b"IDAT", zlib.compress(bytes(50_000))))


def _text_bomb_png() -> bytes:
    text = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9))
    rows = zlib.compress(bytes(8 * 9))
    return raw_png((8, 8), 8, 0, text, png_chunk(b"IDAT", rows))


def _bomb_gif() -> bytes:
    data = bytearray(pictures.encode(pictures.draw(), "GIF"))
    data[6:10] = struct.pack("<HH", 40_000, 40_000)
    return bytes(data)


def _bomb_jpeg() -> bytes:
    data = bytearray(pictures.encode(pictures.draw()))
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = struct.pack(">HH", 40_000, 40_000)
    return bytes(data)


def _bomb_tiff() -> bytes:
    data = pictures.encode(pictures.draw(), "TIFF", compression="tiff_deflate")
    for tag, value in ((256, WIDTH), (257, HEIGHT)):
        for kind, form in ((3, "<HHIHH"), (4, "<HHII")):
            entry = (tag, kind, 1, value) + ((0,) if kind == 3 else ())
            data = data.replace(struct.pack(form, *entry), struct.pack("<HHII", tag, 4, 1, 40_000))
    return data
