"""The keeper of a group, and the reasons."""

from __future__ import annotations

from dataclasses import replace

from curator.core.duplicates import Group, Kind, Pair
from curator.core.keepers import Way, propose
from curator.core.measures import Measures
from curator.core.records import Image, Rating
from tests.helpers.projects import record

PAIR = Pair(1, 2, Kind.EDITED)
GROUP = Group(Kind.EDITED, (1, 2), (PAIR,))
GOOD = Measures(sharpness=50, jpeg_quality=90, upscaled=1, text=0, page=0, border=0)


def proposed(one: Image, other: Image, *measures: Measures, pair: Pair = PAIR) -> tuple[int, str]:
    group = replace(GROUP, pairs=(pair,))
    known = dict(enumerate(measures or (GOOD, GOOD), 1))
    found = propose(group, {1: one, 2: other}, known)
    return found.keeper, found.reasons[0]


def sized(id_: int, width: int, height: int) -> Image:
    return replace(record(id_), width=width, height=height)


def test_the_larger_is_kept() -> None:
    assert proposed(sized(1, 400, 300), sized(2, 1600, 1200)) == (2, "more pixels")


def test_pixels_that_enlarging_made_up_do_not_count() -> None:
    enlarged = replace(GOOD, upscaled=4.0)
    keeper, _reason = proposed(sized(1, 800, 600), sized(2, 1600, 1200), GOOD, enlarged)
    assert keeper == 1


def test_the_whole_frame_is_kept_and_not_a_crop_of_the_same_pixels() -> None:
    cut = Pair(1, 2, Kind.EDITED, covers_a=0.5, covers_b=1.0)
    keeper, reason = proposed(sized(1, 1600, 1200), sized(2, 800, 1200), pair=cut)
    assert (keeper, reason) == (1, "shows more")


def test_what_has_lettering_over_it_is_not_kept() -> None:
    marked = replace(GOOD, text=80.0)
    keeper, reason = proposed(record(1), record(2), marked, GOOD)
    assert (keeper, reason) == (2, "nothing lies over it or around it")


def test_less_loss_and_more_sharpness_count() -> None:
    lossy, soft = replace(GOOD, jpeg_quality=30), replace(GOOD, sharpness=10)
    assert proposed(record(1), record(2), lossy, GOOD) == (2, "less JPEG loss")
    assert proposed(record(1), record(2), soft, GOOD) == (2, "sharper")


def test_the_persons_work_decides_between_equals() -> None:
    rated = replace(record(2), rating=Rating.PRIMARY)
    assert proposed(record(1), rated) == (2, "has a rating or a caption")
    assert proposed(record(1), record(2)) == (1, "as good as the others, and there first")


def test_other_ways_to_choose() -> None:
    images = {1: sized(1, 400, 300), 2: replace(sized(2, 1600, 1200), added=0.0)}
    assert propose(GROUP, images, {}, Way.OLDEST).keeper == 2
    images[2] = replace(images[2], added=images[1].added + 5)
    assert propose(GROUP, images, {}, Way.OLDEST).keeper == 1
    assert propose(GROUP, images, {}, Way.LARGEST).keeper == 2
