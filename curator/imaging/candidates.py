"""Which pictures may show the same: cheap guesses, each looked at closely afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from curator.imaging.hash_pairs import near_pairs
from curator.imaging.visual_words import WordIndex, Words, words_of

LOOSE_BITS = 14  # of 64 in which pHashes of a copy may differ
BEST = 20  # pictures with the most words in common, upright and again mirrored

Hashes = NDArray[np.uint64]
Guess = tuple[int, int, bool]  # two places, the lower one first, and whether one is mirrored
Descriptors = Callable[[int], NDArray[np.uint8]]


def by_hash(
    hashes: Hashes, is_new: NDArray[np.bool_], check: Callable[[], None]
) -> Iterator[Guess]:
    """Places of pictures whose pHashes are nearly equal, upright or one of them mirrored.

    `hashes`: uint64 (n, 2), see `Fingerprint`. At least one of each pair is new.
    """
    count = len(hashes)
    low, high, _apart = near_pairs(np.concatenate([hashes[:, 0], hashes[:, 1]]), LOOSE_BITS, check)
    is_useful = low < count  # mirrored to mirrored says what upright to upright does
    one, other = low[is_useful], high[is_useful] % count
    kept = (one != other) & (is_new[one] | is_new[other])
    is_mirrored = high[is_useful][kept] >= count
    first, last = np.minimum(one, other)[kept], np.maximum(one, other)[kept]
    yield from zip(first.tolist(), last.tolist(), is_mirrored.tolist(), strict=True)


def by_words(
    words: Sequence[Words],
    new: Sequence[int],
    descriptors: Descriptors,
    check: Callable[[int], None],
) -> Iterator[Guess]:
    """Places of new pictures and of those that have most words in common with them.

    `descriptors` gives those of a place, for the words of the mirrored picture. `check` is called
    with how many are done.
    """
    index = WordIndex(words)
    for start in range(0, len(new), _PART):
        check(start)
        part = new[start : start + _PART]
        mirrored = [words_of(descriptors(place), mirrored=True) for place in part]
        for is_mirrored, asked in enumerate(([words[place] for place in part], mirrored)):
            for place, alike in zip(part, index.most_alike(asked, BEST + 1), strict=True):
                for other in (int(one) for one in alike if one != place):
                    yield min(place, other), max(place, other), bool(is_mirrored)


_PART = 256
