"""Hashes that are nearly equal, among millions, without comparing each with each.

Locality-sensitive hashing by sampled bits (Indyk and Motwani 1998): hashes that agree in some bits
chosen by chance are compared, again and again for other bits. A pair that differs in d of 64 bits
agrees in k of them with about (1 - k / 64) ** d, so that TABLES rounds find it almost surely.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

TABLES = 64
MOST_IN_BUCKET = 400  # neighbours in a bucket that each hash is compared with
_SEED = 20_260_101
_BITS = 64


def near_pairs(
    hashes: Hashes, most_bits: int, check: Callable[[], None] = lambda: None
) -> tuple[Places, Places, NDArray[np.uint8]]:
    """Places (i, j), i < j, of hashes that differ in at most `most_bits`, and in how many.

    `hashes`: uint64 (n,). Equal ones are joined in a chain, each with the next one alone, so that a
    thousand copies of one don't make half a million pairs. `check` is called between rounds.
    """
    unique, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    chained = _chains(inverse)
    found = [chained]
    width = int(np.clip(np.ceil(np.log2(max(2, len(unique)))) - 3, 8, 20))
    dice = np.random.default_rng(_SEED)
    tables = [dice.choice(_BITS, width, replace=False) for _ in range(TABLES)]
    if len(unique) > 1:
        codes = np.zeros(0, np.int64)
        with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="hashes") as pool:
            for part in pool.map(lambda bits: _of_one_table(unique, bits, most_bits), tables):
                check()
                codes = np.union1d(codes, part)
        one, other = first[codes // len(unique)], first[codes % len(unique)]
        found.append(np.stack([np.minimum(one, other), np.maximum(one, other)]))
    low, high = np.concatenate(found, axis=1)
    return low, high, np.bitwise_count(hashes[low] ^ hashes[high])


def _chains(inverse: Places) -> Places:
    """Each hash that occurs again, with its next occurrence."""
    order = np.argsort(inverse, kind="stable")
    follows = inverse[order[1:]] == inverse[order[:-1]]
    return np.stack([order[:-1][follows], order[1:][follows]]).astype(np.int64)


def _of_one_table(hashes: Hashes, bits: NDArray[np.int64], most_bits: int) -> NDArray[np.int64]:
    """Pairs, as i * n + j, among those that agree in some bits."""
    mask = np.bitwise_or.reduce(np.uint64(1) << bits.astype(np.uint64))
    keys = hashes & mask
    order = np.argsort(keys)
    sorted_keys, sorted_hashes = keys[order], hashes[order]
    found = []
    at = np.arange(len(hashes) - 1)
    for step in range(1, MOST_IN_BUCKET):
        at = at[at + step < len(hashes)]
        at = at[sorted_keys[at] == sorted_keys[at + step]]
        if not len(at):
            break
        apart = np.bitwise_count(sorted_hashes[at] ^ sorted_hashes[at + step])
        kept = at[apart <= most_bits]
        one, other = order[kept], order[kept + step]
        found.append(np.minimum(one, other) * len(hashes) + np.maximum(one, other))
    return np.concatenate(found) if found else np.zeros(0, np.int64)
