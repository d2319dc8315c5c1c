"""Every format and every bad file through the door that an import uses."""

from __future__ import annotations

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from curator.imaging.load import BadImage, examine, load, metadata, probe
from tests.helpers import pictures
from tests.helpers.awkward import Expected, bomb_png, make_awkward_folder
from tests.helpers.processes import python_without_root

LIMIT = 300_000_000


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> list[Expected]:
    return make_awkward_folder(tmp_path_factory.mktemp("awkward"))


def test_every_good_file_is_told_by_its_content(awkward: list[Expected]) -> None:
    wrong = []
    for expected in (e for e in awkward if e.outcome == "accepted"):
        found = examine(expected.path, 48, LIMIT)
        full = load(expected.path, LIMIT)
        got = replace(
            expected,
            format=found.probe.format,
            frames=found.probe.frames,
            mode=full.mode,
            warned=bool(found.probe.warnings),
        )
        sizes = ((found.probe.width, found.probe.height), full.size, found.small.size)
        if got != expected or sizes != ((96, 64), (96, 64), (48, 32)):
            wrong.append((expected.path.name, got, sizes, found.probe.warnings))
    assert not wrong


def test_every_bad_file_is_refused_with_a_sentence(awkward: list[Expected]) -> None:
    for expected in (e for e in awkward if e.outcome != "accepted"):
        for read in (probe, load):
            if expected.path.name in ("header-only.jpg", "header-only.png") and read is probe:
                continue  # a header is all that a probe looks at
            with pytest.raises(BadImage) as caught:
                read(expected.path, LIMIT)
            assert caught.value.claims is (expected.outcome == "rejected"), expected.path
            assert expected.reason in caught.value.message
            assert caught.value.message.startswith(expected.path.name)
            assert caught.value.message.endswith(".")


def test_upright_pictures_look_as_drawn_in_every_format_and_orientation(
    awkward: list[Expected],
) -> None:
    drawn = pictures.draw()
    plain = [e for e in awkward if e.path.name.startswith(("plain", "turned", "a.", "really"))]
    assert len(plain) > 30
    for expected in plain:
        tolerance = 12 if expected.format == "gif" else 4
        full = load(expected.path, LIMIT)
        assert pictures.difference(full, drawn) < tolerance, expected.path
        found = examine(expected.path, 48, LIMIT)
        assert pictures.difference(found.small, drawn.resize((48, 32))) < tolerance + 4, (
            expected.path
        )
        assert found.probe.warnings == ()


def test_probe_says_the_upright_size(tmp_path: Path) -> None:
    for extension in ("jpg", "png", "webp", "tif", "avif", "heic"):
        stored = pictures.stored_for(pictures.draw(), 6)
        path = pictures.write(tmp_path / f"a.{extension}", stored, exif=pictures.exif(6))
        found = probe(path, LIMIT)
        assert (found.width, found.height, found.is_video) == (96, 64, False), extension


def test_the_bytes_can_be_given_so_that_a_file_is_read_once(tmp_path: Path) -> None:
    gone = tmp_path / "gone.jpg"
    data = pictures.encode(pictures.draw(), exif=pictures.exif(taken="2024:05:06 07:08:09"))
    assert probe(gone, LIMIT, data).taken == 1714979289
    assert load(gone, LIMIT, data).size == (96, 64)
    assert examine(gone, 32, LIMIT, data).small.size == (32, 21)
    assert examine(gone, 32, LIMIT, data).probe == probe(gone, LIMIT, data)


def test_metadata_is_what_examining_finds(awkward: list[Expected], tmp_path: Path) -> None:
    rated = pictures.write(tmp_path / "rated.webp", xmp=pictures.xmp(4, ["hat"]))
    assert metadata(rated, LIMIT).rating == 4
    for path in [rated, *(e.path for e in awkward if e.outcome == "accepted")]:
        assert metadata(path, LIMIT) == examine(path, 48, LIMIT).embedded, path.name
    with pytest.raises(BadImage):
        metadata(tmp_path / "nowhere.jpg", LIMIT)


def test_a_small_picture_is_never_enlarged(tmp_path: Path) -> None:
    assert examine(pictures.write(tmp_path / "a.png"), 500, LIMIT).small.size == (96, 64)


def test_the_limit_counts_pixels_and_is_inclusive(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.png", "a.webp", "a.avif", "a.heic", "a.gif", "a.tif", "a.jxl"):
        path = pictures.write(tmp_path / name)
        assert probe(path, 96 * 64).width == 96
        with pytest.raises(BadImage, match=r"megapixels"):
            probe(path, 96 * 64 - 1)
    video = pictures.write_video(tmp_path / "a.mp4", [pictures.draw()] * 3)
    with pytest.raises(BadImage, match=r"megapixels"):
        load(video, 96 * 64 - 1)


def test_a_limit_above_pillows_own_is_kept_to(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(bomb_png(14_000))  # 196 megapixels: an error to Pillow as it comes
    found = probe(path, LIMIT)
    assert (found.width, found.height) == (14_000, 14_000)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "secret.jpg")
    path.chmod(0)
    code = (
        "from pathlib import Path\n"
        "from curator.imaging.load import BadImage, probe\n"
        "try: probe(Path('secret.jpg'), 10**9)\n"
        "except BadImage as error: print(error)"
    )
    assert "permission is denied" in python_without_root(code, tmp_path)


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadImage, match=r"gone\.jpg does not exist"):
        probe(tmp_path / "gone.jpg", LIMIT)
    with pytest.raises(BadImage, match="is not a file"):
        probe(tmp_path, LIMIT)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        with pytest.raises(BadImage, match="is not a file"):
            probe(tmp_path / "pipe.jpg", LIMIT)


def test_a_name_with_a_line_break_gives_one_line(tmp_path: Path) -> None:
    path = tmp_path / "two\nlines.jpg"
    path.write_bytes(b"")
    with pytest.raises(BadImage) as caught:
        probe(path, LIMIT)
    assert "\n" not in str(caught.value)


def test_many_threads_at_once_get_what_one_gets(awkward: list[Expected]) -> None:
    good = [e.path for e in awkward if e.outcome == "accepted"] * 3
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda path: examine(path, 32, LIMIT), good))
    for path, found in zip(good, together, strict=True):
        alone = examine(path, 32, LIMIT)
        assert pictures.difference(found.small, alone.small) == 0, path
        assert found.probe == alone.probe


def test_files_are_closed(awkward: list[Expected]) -> None:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("needs /proc")
    before = len(list(folder.iterdir()))
    for expected in awkward:
        if expected.outcome == "accepted":
            load(expected.path, LIMIT)
    assert len(list(folder.iterdir())) <= before + 1


def test_a_decoded_file_is_let_go_of_at_once(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a.jpg")
    gc.collect()
    gc.disable()
    try:
        load(path, LIMIT)
        examine(path, 32, LIMIT)
        kept = [one for one in gc.get_objects() if issubclass(type(one), ImageFile.ImageFile)]
        assert not kept
    finally:
        gc.enable()


def test_random_damage_is_refused_or_read_but_never_a_bug(awkward: list[Expected]) -> None:
    import random

    dice = random.Random(7)
    whole = [e.path for e in awkward if e.outcome == "accepted" and e.format not in ("jxl",)]
    refused = 0
    for path in whole:
        if path.suffix in (".mp4", ".mov", ".mkv", ".avi", ".webm"):
            continue
        data = bytearray(path.read_bytes())
        for _ in range(6):
            for _ in range(3):
                data[dice.randrange(len(data))] = dice.randrange(256)
            try:
                found = examine(path, 32, 1_000_000, bytes(data))
                assert isinstance(found.small, Image.Image)
            except BadImage:
                refused += 1
    assert refused
