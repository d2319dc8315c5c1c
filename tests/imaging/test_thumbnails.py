"""The thumbnail cache."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from curator.imaging.thumbnails import (
    SIDE_PX,
    delete_thumbnails,
    thumbnail_path,
    write_thumbnail,
)
from tests.helpers import pictures

SHA = "ab" + "0" * 62


def test_each_frame_and_recipe_has_a_thumbnail_of_its_own(tmp_path: Path) -> None:
    paths = {
        thumbnail_path(tmp_path, SHA, 0),
        thumbnail_path(tmp_path, SHA, 1),
        thumbnail_path(tmp_path, SHA, 1, "0123456789abcdef"),
        thumbnail_path(tmp_path, "cd" * 32, 0),
    }
    assert len(paths) == 4
    assert all(path.is_relative_to(tmp_path) for path in paths)


def test_a_thumbnail_is_a_small_jpeg_with_alpha_over_white(tmp_path: Path) -> None:
    path = thumbnail_path(tmp_path, SHA, 0)
    clear = pictures.draw(size=(1024, 512), alpha=True)
    write_thumbnail(path, clear)
    with Image.open(path) as written:
        assert (written.format, written.size, written.mode) == ("JPEG", (SIDE_PX, 128), "RGB")
        assert min(written.getpixel((128, 1))) > 240  # type: ignore[arg-type]
    assert clear.size == (1024, 512)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_the_thumbnails_of_one_frame_are_deleted_and_no_other(tmp_path: Path) -> None:
    mine = [thumbnail_path(tmp_path, SHA, 1, key) for key in ("", "0123456789abcdef")]
    others = [thumbnail_path(tmp_path, SHA, 0), thumbnail_path(tmp_path, SHA, 10)]
    for path in (*mine, *others):
        write_thumbnail(path, pictures.draw())
    delete_thumbnails(tmp_path, SHA, 1)
    delete_thumbnails(tmp_path, SHA, 1)
    assert [path.exists() for path in mine] == [False, False]
    assert all(path.exists() for path in others)


def test_what_is_no_hash_deletes_nothing(tmp_path: Path) -> None:
    (tmp_path / "thumbnails").mkdir()
    (tmp_path / "photo-0.jpg").touch()
    delete_thumbnails(tmp_path, "../../photo", 0)
    delete_thumbnails(tmp_path, "*", 0)
    assert (tmp_path / "photo-0.jpg").exists()
