"""Pictures that share many local features, found without matching each with each.

Each descriptor is the word of a fixed vocabulary that it is nearest to; pictures are compared by
the words they share, rare ones counting more (Sivic and Zisserman 2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curator.imaging.fingerprints import MIRRORED_BINS, Bytes, Floats
from curator.imaging.local_features import FEATURES

VOCABULARY = Path(__file__).parents[2] / "resources" / "visual_words.npz"
Words = NDArray[np.uint16]
BATCH = 256
MOST_TIMES = 5  # as many guesses for a page as for another picture


@cache
def _vocabulary() -> tuple[Floats, Floats]:
    """The projection (128, d) in which words are told apart, and the words (d + 1, k) under it.

    Made by packaging/make_visual_words.py: the principal components of many pictures' descriptors,
    and k means of them. Under each word stands what makes the nearest the one with the largest
    product: less half its square.
    """
    with np.load(VOCABULARY, allow_pickle=False) as found:
        projection, words = (found[name].astype(np.float32) for name in ("projection", "words"))
    return projection, np.ascontiguousarray(np.vstack([words.T, -(words**2).sum(axis=1) / 2]))


def words_of(descriptors: Bytes, *, mirrored: bool = False) -> Words:
    """The word of each descriptor, uint16 (n,); `mirrored`: of the picture mirrored."""
    projection, words = _vocabulary()
    if mirrored:
        descriptors = descriptors[:, MIRRORED_BINS]
    asked = np.ones((len(descriptors), len(words)), np.float32)
    asked[:, :-1] = descriptors.astype(np.float32) @ projection
    return np.asarray((asked @ words).argmax(axis=1), np.uint16)


class WordIndex:
    """Which pictures have which words, to find those that share most with another."""

    def __init__(self, words: Sequence[Words]) -> None:
        """`words`: of each picture, by its place."""
        from scipy.sparse import csr_array

        size = _vocabulary()[1].shape[1]
        counts = np.array([len(one) for one in words], np.int64)
        places = np.repeat(np.arange(len(words)), counts)
        all_words = np.concatenate([*words, np.zeros(0, np.uint16)]).astype(np.int64)
        pairs = np.unique(places * size + all_words)
        rows, columns = pairs // size, pairs % size
        spread = np.bincount(columns, minlength=size)
        self._rarity = np.log((1 + len(words)) / np.maximum(1, spread)).astype(np.float32)
        weights = self._rarity[columns]
        length = np.sqrt(np.bincount(rows, weights**2, minlength=len(words)))
        weights = weights / np.maximum(length, 1e-6)[rows]
        shape = (len(words), size)
        self._matrix = csr_array((weights.astype(np.float32), (rows, columns)), shape=shape)
        self._by_word = self._matrix.T.tocsr()
        self._is_page = counts > FEATURES
        pages = int(self._is_page.sum())
        self._times = max(1, min(MOST_TIMES, (len(words) - pages) // max(pages, 1)))

    def most_alike(self, queries: Sequence[Words], best: int) -> list[NDArray[np.int64]]:
        """For each query the places of the `best` pictures that share most with it.

        A page shares its text with all other pages; of what is no page it is given many more, but
        for all pages together no more than for the rest.
        """
        from scipy.sparse import csr_array

        size = len(self._rarity)
        found: list[NDArray[np.int64]] = []
        for start in range(0, len(queries), BATCH):
            part = queries[start : start + BATCH]
            rows = np.repeat(np.arange(len(part)), [len(one) for one in part])
            pairs = np.unique(rows * size + np.concatenate([*part, np.zeros(0, np.uint16)]))
            rows, columns = pairs // size, pairs % size
            asked = csr_array((self._rarity[columns], (rows, columns)), shape=(len(part), size))
            likeness = (asked @ self._by_word).toarray()
            for row, words in zip(likeness, part, strict=True):
                found.append(_best(row, best))
                if len(words) > FEATURES:
                    more = _best(np.where(self._is_page, 0, row), best * self._times)
                    found[-1] = np.union1d(found[-1], more)
        return found


def _best(likeness: Floats, best: int) -> NDArray[np.int64]:
    count = min(best, int((likeness > 0).sum()))
    if not count:
        return np.zeros(0, np.int64)
    return np.argpartition(likeness, -count)[-count:].astype(np.int64)
