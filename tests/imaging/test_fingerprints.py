"""What a picture is recognised by: kept and read again, mirrored, without its rim."""

from __future__ import annotations

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from curator.imaging.fingerprints import (
    POINT_UNITS,
    SMALL_PX,
    Fingerprint,
    content_box,
    fingerprint,
    from_parts,
    mirrored,
    to_parts,
)
from tests.helpers.copied import original

FINGERPRINTS = st.builds(
    lambda seed, count, width, height: made_up(seed, count, width, height),
    st.integers(0, 9),
    st.integers(0, 256),
    st.integers(1, SMALL_PX),
    st.integers(1, SMALL_PX),
)


def made_up(seed: int, count: int, width: int, height: int) -> Fingerprint:
    dice = np.random.default_rng(seed)
    left, top, right, bottom, ratio = dice.random(5, np.float32).tolist()
    return Fingerprint(
        dice.integers(0, 2**63, 2).astype(np.uint64),
        (dice.integers(0, POINT_UNITS, (count, 2)) / POINT_UNITS).astype(np.float32),
        dice.integers(0, 256, (count, 128)).astype(np.uint8),
        dice.integers(0, 256, (height, width)).astype(np.uint8),
        (left, top, right, bottom),
        ratio,
        (12.5, -3.25, 40.0),
    )


def assert_equal(one: Fingerprint, other: Fingerprint) -> None:
    for name in ("hashes", "points", "descriptors", "gray"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert (one.frame, one.ratio, one.colour) == (other.frame, other.ratio, other.colour)


@given(FINGERPRINTS)
@settings(max_examples=40)
def test_what_is_kept_is_read_as_it_was(found: Fingerprint) -> None:
    assert_equal(from_parts(*to_parts(found)), found)


@given(FINGERPRINTS, st.integers(1, 200))
@settings(max_examples=20)
def test_a_part_of_what_was_kept_is_refused(found: Fingerprint, lost: int) -> None:
    hashes, rest = to_parts(found)
    with pytest.raises(ValueError, match=r"no fingerprint|buffer"):
        from_parts(hashes, rest[:-lost])


@pytest.mark.parametrize("seed", range(3))
def test_a_mirrored_fingerprint_is_that_of_the_mirrored_picture(seed: int) -> None:
    picture = original(seed)
    ours, theirs = mirrored(fingerprint(picture)), fingerprint(ImageOps.mirror(picture))
    assert np.bitwise_count(ours.hashes[:2] ^ theirs.hashes[:2]).max() <= 2
    assert ours.frame == pytest.approx(theirs.frame, abs=0.02)
    assert np.abs(ours.gray.astype(int) - theirs.gray).mean() < 2
    apart = np.linalg.norm(ours.points[:, None] - theirs.points[None], axis=2)
    near = apart.argmin(axis=1)
    same = apart.min(axis=1) < 0.01
    assert same.mean() > 0.6
    a = ours.descriptors[same].astype(float) / 255
    b = theirs.descriptors[near[same]].astype(float) / 255
    assert np.median((a * b).sum(axis=1)) > 0.95  # cosine of what lies in the same place


@given(st.integers(0, 9), st.integers(0, 64), st.integers(1, 64))
@settings(max_examples=20)
def test_mirrored_twice_is_as_it_was(seed: int, count: int, width: int) -> None:
    found = made_up(seed, count, width, 20)
    twice = mirrored(mirrored(found))
    assert np.array_equal(twice.descriptors, found.descriptors)
    assert np.array_equal(twice.gray, found.gray)
    assert np.allclose(twice.points, found.points, atol=1e-6)
    assert twice.frame == pytest.approx(found.frame)


@pytest.mark.parametrize("seed", range(3))
def test_hashes_are_those_of_imagehash(seed: int) -> None:
    picture = original(seed).convert("L").resize((64, 64)).convert("RGB")
    theirs = [imagehash.phash(one) for one in (picture, ImageOps.mirror(picture))]
    assert fingerprint(picture).hashes.tolist() == [int(str(one), 16) for one in theirs]


@given(
    st.tuples(*[st.integers(0, 40)] * 4),
    st.integers(0, 255),
    st.integers(0, 3),
)
@settings(max_examples=40)
def test_an_even_rim_is_found(rim: tuple[int, int, int, int], colour: int, noise: int) -> None:
    left, top, right, bottom = rim
    dice = np.random.default_rng(colour)
    inner = dice.integers(0, 256, (90, 100))
    gray = np.full((90 + top + bottom, 100 + left + right), colour)
    gray += dice.integers(0, noise + 1, gray.shape)  # of a JPEG
    gray[top : top + 90, left : left + 100] = inner
    box = content_box(np.clip(gray, 0, 255).astype(np.uint8))
    assert box == (left, top, left + 100, top + 90)


@pytest.mark.parametrize("size", [(50, 40), (8, 8)])
def test_a_picture_of_one_colour_is_no_rim(size: tuple[int, int]) -> None:
    gray = np.full(size[::-1], 90, np.uint8)
    assert content_box(gray) == (0, 0, *size)
    found = fingerprint(Image.new("RGB", size, "red"))
    assert found.frame == (0, 0, 1, 1)
    assert not len(found.points)
    assert_equal(from_parts(*to_parts(found)), found)


def test_a_rim_is_left_out_of_the_hashes() -> None:
    picture = original(0)
    framed = ImageOps.expand(picture, 30, "white")
    one, other = fingerprint(picture), fingerprint(framed)
    assert np.bitwise_count(one.hashes ^ other.hashes).max() <= 6
    assert other.frame == pytest.approx((0.1, 0.125, 0.9, 0.875), abs=0.01)


def test_large_pictures_are_described_small() -> None:
    picture = original(0)
    large = fingerprint(picture.resize((960, 720), Image.Resampling.BICUBIC))
    assert max(large.gray.shape) == SMALL_PX
    assert large.ratio == fingerprint(picture).ratio
    assert np.bitwise_count(large.hashes ^ fingerprint(picture).hashes).max() <= 6
