"""Thumbnails come in the order they are seen, only while they are wished for, and never wrong."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PySide6.QtGui import QColor, QPixmap
from pytestqt.qtbot import QtBot

from curator.core.edits import turn_images
from curator.core.project import Project
from curator.core.recipe import Turn
from curator.core.records import Image
from curator.imaging.thumbnails import LARGE_PX, SIDE_PX, path_for
from curator.ui import thumbnail_provider
from curator.ui.app import App
from curator.ui.session import Session
from curator.ui.thumbnail_provider import THREADS, Broken, ThumbnailProvider
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw, encode
from tests.helpers.windows import session_of, wait_for

SIDE = 150
NEAR = 24  # levels that JPEG may change of a plain colour


@pytest.fixture
def provider(project: Project, qtbot: QtBot) -> Iterator[ThumbnailProvider]:
    made = ThumbnailProvider(project)
    yield made
    made.close()


def images_in(project: Project, folder: Path, pictures: dict[str, Pillow.Image]) -> list[Image]:
    return list(bring_in(project, folder, pictures).values())


def forget_files(project: Project, images: list[Image]) -> None:
    for image in images:
        path_for(image, project.cache_dir).unlink()


def wait_for_all(provider: ThumbnailProvider, images: list[Image], side: int = SIDE) -> None:
    wait_for(lambda: all(provider.get(one, side) is not None for one in images), "thumbnails")


def size_of(found: QPixmap | Broken | None) -> tuple[int, int]:
    assert isinstance(found, QPixmap)
    return found.width(), found.height()


def test_a_thumbnail_has_the_shape_of_its_picture_and_the_size_of_the_wish(
    project: Project, provider: ThumbnailProvider, tmp_path: Path
) -> None:
    images = images_in(project, tmp_path / "in", {"a.jpg": draw(1, (1600, 800))})
    assert provider.get(images[0], SIDE) is None
    for side in (SIDE, 400):
        provider.wish("grid", images, side)
        wait_for_all(provider, images, side)
        assert size_of(provider.get(images[0], side)) == (side, side // 2)
    assert path_for(images[0], project.cache_dir, SIDE_PX).is_file()
    assert path_for(images[0], project.cache_dir, LARGE_PX).is_file()


def test_what_was_edited_has_another_thumbnail(
    project: Project, provider: ThumbnailProvider, tmp_path: Path
) -> None:
    images = images_in(project, tmp_path / "in", {"a.jpg": draw(1, (160, 80))})
    project.apply(turn_images(images, Turn(1)))
    turned = [project.image(images[0].id)]
    provider.wish("grid", images + turned, SIDE)
    wait_for_all(provider, images + turned)
    assert size_of(provider.get(images[0], SIDE)) == (SIDE, SIDE // 2)
    assert size_of(provider.get(turned[0], SIDE)) == (SIDE // 2, SIDE)


def test_the_first_that_is_wished_for_is_made_first(
    project: Project, provider: ThumbnailProvider, tmp_path: Path
) -> None:
    images = images_in(project, tmp_path / "in", {f"{n:02d}.png": draw(n) for n in range(40)})
    forget_files(project, images)
    random.Random(4).shuffle(images)
    provider.wish("grid", images, SIDE)
    wait_for_all(provider, images)
    when = {one: path_for(one, project.cache_dir).stat().st_mtime_ns for one in images}
    made = sorted(images, key=when.__getitem__)
    # When one is ready, all before it were begun, and each other thread is busy with one at most.
    assert all(at - made.index(one) < THREADS for at, one in enumerate(images))


def test_what_is_no_longer_wished_for_is_not_made(
    project: Project, provider: ThumbnailProvider, tmp_path: Path
) -> None:
    slow = {f"{n}.png": draw(n, (1500, 1000)) for n in range(2 * THREADS)}
    quick = {f"quick {n}.png": draw(n) for n in range(3)}
    old = images_in(project, tmp_path / "old", slow)
    new = images_in(project, tmp_path / "new", quick)
    forget_files(project, old + new)
    provider.wish("grid", old, SIDE)
    provider.wish("grid", new, SIDE)
    wait_for_all(provider, new)
    provider.close()  # what was begun is ended
    made = [one for one in old if path_for(one, project.cache_dir).is_file()]
    assert len(made) <= THREADS


def test_each_who_wishes_is_served(
    project: Project, provider: ThumbnailProvider, tmp_path: Path
) -> None:
    images = images_in(project, tmp_path / "in", {f"{n}.png": draw(n) for n in range(8)})
    provider.wish("grid", images[:4], SIDE)
    provider.wish("strip", images[4:], SIDE)
    wait_for_all(provider, images)


def test_a_file_that_broke_says_why(
    project: Project, provider: ThumbnailProvider, tmp_path: Path
) -> None:
    images = images_in(project, tmp_path / "in", {f"{n}.png": draw(n) for n in range(3)})
    forget_files(project, images)
    (project.root / images[0].path).write_bytes(b"no picture at all")
    (project.root / images[1].path).unlink()
    provider.wish("grid", images, SIDE)
    wait_for_all(provider, images)
    broken, gone, whole = (provider.get(one, SIDE) for one in images)
    assert isinstance(broken, Broken)
    assert isinstance(gone, Broken)
    assert isinstance(whole, QPixmap)
    assert "PNG" in broken.reason or "picture" in broken.reason
    assert gone.reason


@pytest.mark.qt_log_ignore("JPEG data")
def test_a_thumbnail_that_was_cut_off_is_made_again(
    project: Project, provider: ThumbnailProvider, tmp_path: Path
) -> None:
    images = images_in(project, tmp_path / "in", {"a.jpg": draw(1, (300, 300))})
    for content in (b"", encode(draw())[:40], b"not a picture"):
        path_for(images[0], project.cache_dir).write_bytes(content)
        made = ThumbnailProvider(project)
        made.wish("grid", images, SIDE)
        wait_for_all(made, images)
        made.close()
        assert size_of(made.get(images[0], SIDE)) == (SIDE, SIDE)


def test_memory_is_bounded_and_the_last_seen_stay(
    project: Project,
    provider: ThumbnailProvider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(thumbnail_provider, "MOST_BYTES", 5 * SIDE * SIDE * 4)
    images = images_in(
        project, tmp_path / "in", {f"{n}.png": draw(n, (200, 200)) for n in range(9)}
    )
    for image in images:
        provider.wish("grid", [image], SIDE)
        wait_for_all(provider, [image])
    assert [one for one in images if provider.get(one, SIDE)] == images[4:]


# -- in the window


def plain_colours(count: int) -> dict[str, Pillow.Image]:
    """Pictures each of one colour that no other one has."""
    levels = (20, 130, 240)
    found = [(r, g, b) for r in levels for g in levels for b in levels]
    return {f"{n:02d}.png": Pillow.new("RGB", (64, 64), found[n]) for n in range(count)}


def wrong_cells(session: Session, colours: dict[int, QColor]) -> list[str]:
    """The visible cells that show another picture than theirs, and nothing that stands for it."""
    grid, context = session.pictures.grid, session.context
    screen = grid.viewport().grab().toImage()
    blank = {
        QColor(context.theme.colours.panel).rgb(),
        QColor(context.theme.colours.surround).rgb(),
    }
    found = []
    for row in grid.visible_rows():
        image_id = context.model.ids[row]
        centre = grid.visualRect(context.model.index(row, 0)).center()
        if not screen.rect().contains(centre):
            continue
        there = screen.pixelColor(centre)
        apart = [
            abs(a - b)
            for a, b in zip(there.getRgb()[:3], colours[image_id].getRgb()[:3], strict=True)
        ]
        if max(apart) > NEAR and there.rgb() not in blank:
            found.append(f"row {row}: {there.name()} instead of {colours[image_id].name()}")
    return found


def test_a_list_that_is_sorted_anew_never_shows_a_wrong_picture(
    open_window: Callable[..., App], tmp_path: Path
) -> None:
    root = tmp_path / "project"
    with Project.create(root) as project:
        pictures = plain_colours(27)
        images = bring_in(project, tmp_path / "in", pictures)
        colours = {one.id: QColor(*pictures[one.name].getpixel((0, 0))) for one in images.values()}  # type: ignore[misc]
        forget_files(project, list(images.values()))
    session = session_of(open_window(root))
    context, grid = session.context, session.pictures.grid
    dice = random.Random(3)
    ids = list(context.model.ids)
    for _ in range(12):
        dice.shuffle(ids)
        context.model.show(array("q", ids[: dice.randrange(len(ids) + 1)]))
        assert wrong_cells(session, colours) == []
        grid.set_cell_px(dice.choice((80, 120, 160)))
        assert wrong_cells(session, colours) == []
    rows = grid.visible_rows()
    side = grid._side_px()
    wait_for(
        lambda: all(
            isinstance(session.thumbnails.get(image, side), QPixmap)
            for row in rows
            if (image := context.model.record(row))
        ),
        "the last list",
    )
    assert wrong_cells(session, colours) == []


def test_the_largest_of_any_size_stands_in_for_a_large_picture(
    project: Project, provider: ThumbnailProvider, tmp_path: Path
) -> None:
    images = images_in(project, tmp_path / "in", {"a.jpg": draw(1, (1600, 800))})
    assert provider.any_size(images[0]) is None
    for side in (60, 200):
        provider.wish("grid", images, side)
        wait_for_all(provider, images, side)
    assert size_of(provider.any_size(images[0])) == (200, 100)


def test_who_asked_last_is_served_first(
    project: Project, provider: ThumbnailProvider, tmp_path: Path
) -> None:
    images = images_in(project, tmp_path / "in", {f"{n:02d}.jpg": draw(n) for n in range(30)})
    forget_files(project, images)
    provider.wish("grid", images[:29], SIDE)
    provider.wish("large", images[29:], SIDE)
    wait_for_all(provider, images[29:])
    assert any(provider.get(image, SIDE) is None for image in images[:29])
