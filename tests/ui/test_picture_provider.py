"""Large pictures: as large as the screen first, then every pixel, and never more than there is
room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PySide6.QtGui import QImage, qAlpha
from pytestqt.qtbot import QtBot

from curator.core.edits import turn_images
from curator.core.project import Project
from curator.core.recipe import Turn
from curator.core.records import Image
from curator.core.shown_size import shown_size
from curator.imaging.thumbnails import SIDE_PX, make_thumbnail
from curator.ui.picture_provider import THREADS, PictureProvider, Wish
from tests.helpers.imported import bring_in
from tests.helpers.pictures import difference, draw, encode, photo
from tests.helpers.windows import let_work, wait_for

PLENTY = 1 << 30
Bring = Callable[[dict[str, Pillow.Image | bytes]], list[Image]]


@pytest.fixture
def provider(project: Project, qtbot: QtBot) -> Iterator[PictureProvider]:
    made = PictureProvider(project, PLENTY)
    yield made
    made.close()


@pytest.fixture
def bring(project: Project, tmp_path: Path) -> Bring:
    return lambda pictures: list(bring_in(project, tmp_path / "in", pictures).values())


def sizes(provider: PictureProvider, image: Image) -> list[tuple[int, int]]:
    return [(level.width(), level.height()) for level in provider.get(image)]


def wait_for_whole(provider: PictureProvider, *images: Image) -> None:
    wait_for(lambda: all(provider.has_whole(one) for one in images), "whole pictures")


def as_pillow(level: QImage) -> Pillow.Image:
    pixels = bytes(level.constBits())
    return Pillow.frombytes("RGB", (level.width(), level.height()), pixels, "raw", "BGRX")


def test_the_size_of_the_screen_comes_first_and_stays_beside_the_whole(
    provider: PictureProvider, bring: Bring
) -> None:
    (image,) = bring({"a.jpg": draw(1, (1600, 1200))})
    assert provider.get(image) == ()
    provider.wish([Wish(image, 640)])
    wait_for(lambda: provider.get(image), "the picture")
    assert sizes(provider, image) == [(640, 480)]
    assert not provider.has_whole(image)
    provider.wish([Wish(image, 640), Wish(image)])
    wait_for_whole(provider, image)
    assert sizes(provider, image) == [(640, 480), (1600, 1200)]


def test_a_picture_smaller_than_the_screen_is_whole_at_once(
    provider: PictureProvider, bring: Bring
) -> None:
    (image,) = bring({"a.png": draw(1, (300, 200))})
    provider.wish([Wish(image, 1400)])
    wait_for_whole(provider, image)
    assert sizes(provider, image) == [(300, 200)]


def test_a_very_large_picture_has_sizes_between(provider: PictureProvider, bring: Bring) -> None:
    (image,) = bring({"a.jpg": Pillow.new("RGB", (5000, 3000), "teal")})
    provider.wish([Wish(image)])
    wait_for_whole(provider, image)
    assert sizes(provider, image) == [(1250, 750), (2500, 1500), (5000, 3000)]


def test_the_colours_are_those_of_the_thumbnail(
    project: Project, provider: PictureProvider, bring: Bring
) -> None:
    cmyk = encode(photo(3, (800, 600)).convert("CMYK"))
    gray16 = encode(Pillow.new("I;16", (800, 600), 30_000), "PNG")
    for image in bring({"a.jpg": cmyk, "b.png": gray16, "c.jpg": photo(4, (800, 600))}):
        provider.wish([Wish(image, SIDE_PX), Wish(image)])
        wait_for(lambda image=image: len(provider.get(image)) == 2, "both sizes")
        path = make_thumbnail(image, project.root, project.cache_dir, 10**8)
        with Pillow.open(path) as thumbnail:
            small, whole = provider.get(image)
            assert difference(as_pillow(small), thumbnail.convert("RGB")) < 3
            shrunk = as_pillow(whole).resize(thumbnail.size, Pillow.Resampling.BOX)
            assert difference(shrunk, thumbnail.convert("RGB")) < 4


def test_a_turned_picture_is_another_one(
    project: Project, provider: PictureProvider, bring: Bring
) -> None:
    (image,) = bring({"a.jpg": draw(1, (1600, 1200))})
    project.apply(turn_images([image], Turn(1)))
    turned = project.image(image.id)
    assert shown_size(turned) == (1200, 1600)
    provider.wish([Wish(turned, 400), Wish(turned)])
    wait_for(lambda: len(provider.get(turned)) == 2, "both sizes")
    assert sizes(provider, turned) == [(300, 400), (1200, 1600)]
    assert provider.get(image) == ()


def test_what_is_transparent_stays_so(provider: PictureProvider, bring: Bring) -> None:
    (image,) = bring({"a.png": draw(1, alpha=True)})
    provider.wish([Wish(image, 1000)])
    wait_for_whole(provider, image)
    assert qAlpha(provider.get(image)[0].pixel(95, 0)) == 0


def test_a_file_that_is_gone_says_so(
    project: Project, provider: PictureProvider, bring: Bring
) -> None:
    (image,) = bring({"a.jpg": draw(1)})
    (project.root / image.path).unlink()
    provider.wish([Wish(image, 50)])
    wait_for(lambda: provider.trouble(image), "trouble")
    assert provider.get(image) == ()
    trouble = provider.trouble(image)
    assert trouble is not None
    assert trouble.reason == "a.jpg does not exist."


def test_what_nobody_wishes_for_any_more_is_never_made(
    provider: PictureProvider, bring: Bring
) -> None:
    images = bring({f"{n}.jpg": draw(n, (1600, 1200)) for n in range(8)})
    provider.wish([Wish(image, 500) for image in images[:7]])
    provider.wish([Wish(images[7], 500)])
    wait_for(lambda: provider.get(images[7]), "the last wish")
    let_work(50)
    assert sum(bool(provider.get(image)) for image in images[:7]) <= THREADS


def test_the_next_picture_does_not_wait_for_a_whole_one(
    provider: PictureProvider, bring: Bring
) -> None:
    large, small = bring({"a.jpg": photo(1, (4000, 3000)), "b.jpg": draw(2, (1600, 1200))})
    provider.wish([Wish(large), Wish(small), Wish(small, 300)])
    wait_for(lambda: provider.get(small), "the small one")
    assert not provider.has_whole(small)


def test_whole_pictures_make_room_first_and_what_is_wanted_last(
    project: Project, qtbot: QtBot, bring: Bring
) -> None:
    images = bring({f"{n}.jpg": draw(n, (1000, 500)) for n in range(6)})
    whole_bytes, small_bytes = 1000 * 500 * 4, 200 * 100 * 4
    provider = PictureProvider(project, 2 * whole_bytes + 6 * small_bytes)
    try:
        for image in images:
            provider.wish([Wish(image, 200), Wish(image)])
            wait_for_whole(provider, image)  # which another thread may have made before the small
            wait_for(lambda one=image: (200, 100) in sizes(provider, one), "the small picture")
        assert [provider.has_whole(image) for image in images] == [False] * 4 + [True] * 2
        assert all(sizes(provider, image)[0] == (200, 100) for image in images)
    finally:
        provider.close()


def test_a_picture_larger_than_its_share_of_the_memory_is_scaled_down(
    project: Project, qtbot: QtBot, bring: Bring
) -> None:
    (image,) = bring({"a.jpg": draw(1, (1000, 500))})
    provider = PictureProvider(project, 1000 * 500 * 4)
    try:
        provider.wish([Wish(image)], share=4)
        wait_for_whole(provider, image)
        assert sizes(provider, image) == [(500, 250)]
        provider.wish([Wish(image)])
        wait_for(lambda: sizes(provider, image) == [(1000, 500)], "all pixels")
    finally:
        provider.close()
