"""Look-alikes have like descriptors."""

from __future__ import annotations

import numpy as np
from PIL import Image

from curator.core.likeness import points_of
from curator.imaging.descriptor import LENGTH, describe
from tests.helpers.degraded import as_jpeg, enlarged, noisy
from tests.helpers.pictures import draw


def describe_all(*pictures: Image.Image) -> list[bytes]:
    return [describe(np.asarray(picture.convert("RGB"))) for picture in pictures]


def test_a_copy_is_nearer_than_another_picture() -> None:
    picture = draw(1, (300, 200))
    copies = [as_jpeg(picture, 30), enlarged(picture, 1.7), noisy(picture, 6)]
    others = [draw(seed, (300, 200)) for seed in range(2, 8)]
    points = points_of(describe_all(picture, *copies, *others))
    away = np.linalg.norm(points - points[0], axis=1)
    assert max(away[1:4]) < min(away[4:]) / 3


def test_every_picture_has_one_of_the_same_length() -> None:
    tiny, plain = Image.new("RGB", (1, 1)), Image.new("RGB", (50, 9), "white")
    assert {len(found) for found in describe_all(tiny, plain, draw(1))} == {LENGTH}
