"""Pictures that share local features are found by words."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageOps

from curator.imaging.fingerprints import MIRRORED_BINS, fingerprint
from curator.imaging.visual_words import WordIndex, words_of
from tests.helpers.copied import original

SEEDS = range(8)


@pytest.fixture(scope="module")
def index() -> WordIndex:
    """The words of some pictures, by their seeds."""
    return WordIndex([words_of(fingerprint(original(seed)).descriptors) for seed in SEEDS])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_crop_shares_most_words_with_its_whole(index: WordIndex, seed: int) -> None:
    cut = fingerprint(original(seed).crop((50, 30, 220, 160)))
    (found,) = index.most_alike([words_of(cut.descriptors)], 1)
    assert found.tolist() == [seed]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mirrored_one_is_found_by_its_mirrored_words(index: WordIndex, seed: int) -> None:
    turned = fingerprint(ImageOps.mirror(original(seed))).descriptors
    (found,) = index.most_alike([words_of(turned, mirrored=True)], 1)
    assert found.tolist() == [seed]
    assert np.array_equal(words_of(turned, mirrored=True), words_of(turned[:, MIRRORED_BINS]))


def test_no_more_are_named_than_asked_for_and_none_without_a_word(index: WordIndex) -> None:
    none = np.zeros(0, np.uint16)
    words = words_of(fingerprint(original(0)).descriptors)
    many, nothing = index.most_alike([words, none], 3)
    assert len(many) == 3
    assert not len(nothing)
    assert not index.most_alike([], 3)


def test_pictures_without_words_are_never_found() -> None:
    words = words_of(fingerprint(original(0)).descriptors)
    found = WordIndex([np.zeros(0, np.uint16)] * 3).most_alike([words], 5)
    assert [len(one) for one in found] == [0]
