"""Saved again, edited, or another picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from curator.core.duplicates import Kind
from curator.imaging.alignment import align
from curator.imaging.fingerprints import fingerprint
from curator.imaging.relation import kind_of
from tests.helpers.copied import SIZE, original
from tests.helpers.pictures import encode

WIDTH, HEIGHT = SIZE


def related(one: Image.Image, other: Image.Image) -> Kind | None:
    a, b = fingerprint(one), fingerprint(other)
    found = align(a, b)
    return kind_of(found, a, b) if found else None


def _marked(picture: Image.Image) -> Image.Image:
    copy = picture.copy()
    ImageDraw.Draw(copy).rectangle((150, 150, 230, 170), fill="white")
    return copy


def _saved(picture: Image.Image) -> Image.Image:
    return Image.open(io.BytesIO(encode(picture, quality=40))).convert("RGB")


@pytest.mark.parametrize("seed", range(3))
def test_what_was_only_saved_again_or_resized(seed: int) -> None:
    picture = original(seed)
    assert related(picture, picture) is Kind.REENCODED
    assert related(picture, _saved(picture)) is Kind.REENCODED
    assert related(picture, picture.resize((WIDTH // 2, HEIGHT // 2))) is Kind.REENCODED


@pytest.mark.parametrize("seed", range(3))
def test_what_was_edited(seed: int) -> None:
    picture = original(seed)
    assert related(picture, picture.crop((20, 10, 220, 160))) is Kind.EDITED
    assert related(picture, ImageOps.mirror(picture)) is Kind.EDITED
    assert related(picture, ImageOps.expand(picture, 30, "black")) is Kind.EDITED
    assert related(picture, _marked(picture)) is Kind.EDITED
    assert related(picture, ImageEnhance.Brightness(picture).enhance(1.3)) is Kind.EDITED


@pytest.mark.parametrize("seed", range(6))
def test_strangers_are_not_related(seed: int) -> None:
    assert related(original(seed), original(seed + 1)) is None


def test_it_does_not_matter_which_comes_first() -> None:
    picture = original(0)
    for copy in (picture.crop((20, 10, 220, 160)), ImageOps.mirror(picture), _saved(picture)):
        assert related(picture, copy) is related(copy, picture)
