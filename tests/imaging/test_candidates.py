"""Cheap guesses: copies are among them, and what is old is not compared with what is old."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from curator.imaging.candidates import BEST, by_hash, by_words
from curator.imaging.fingerprints import Fingerprint, fingerprint
from curator.imaging.visual_words import words_of
from tests.helpers.copied import original

ORIGINALS = 6


@pytest.fixture(scope="module")
def prints() -> list[Fingerprint]:
    """Some pictures, then a small copy, a mirrored one and a crop of the first three."""
    copies: list[Image.Image] = [
        original(0).resize((120, 90)),
        ImageOps.mirror(original(1)),
        original(2).crop((60, 30, 210, 150)),
    ]
    return [fingerprint(one) for one in [*map(original, range(ORIGINALS)), *copies]]


def new_from(prints: list[Fingerprint], first: int) -> np.ndarray:
    return np.arange(len(prints)) >= first


def test_hashes_find_small_and_mirrored_copies(prints: list[Fingerprint]) -> None:
    hashes = np.stack([one.hashes for one in prints])
    found = set(by_hash(hashes, new_from(prints, 0), lambda: None))
    assert {(0, 6, False), (1, 7, True)} <= found
    assert all(low < high for low, high, _ in found)


def test_words_find_crops(prints: list[Fingerprint]) -> None:
    words = [words_of(one.descriptors) for one in prints]
    done: list[int] = []
    found = set(by_words(words, [8], lambda place: prints[place].descriptors, done.append))
    assert (2, 8, False) in found
    assert all(8 in pair[:2] and pair[0] < pair[1] for pair in found)
    assert len(found) <= 2 * (BEST + 1)
    assert done == [0]


def test_what_was_compared_is_not_compared_again(prints: list[Fingerprint]) -> None:
    hashes = np.stack([one.hashes for one in prints])
    assert not set(by_hash(hashes, new_from(prints, len(prints)), lambda: None))
    found = set(by_hash(hashes, new_from(prints, 7), lambda: None))
    assert (1, 7, True) in found
    assert all(high >= 7 for _low, high, _ in found)
