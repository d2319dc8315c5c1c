"""Hashes that are nearly equal are found without comparing each with each."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from curator.imaging.hash_pairs import near_pairs

MOST_BITS = 10


def clusters(seed: int, groups: int, each: int, flips: int) -> NDArray[np.uint64]:
    """Hashes by chance, and others in whose bits a few are flipped."""
    dice = np.random.default_rng(seed)
    middles = dice.integers(0, 2**63, groups).astype(np.uint64)
    found = []
    for middle in middles:
        for _ in range(each):
            bits = dice.choice(64, dice.integers(0, flips + 1), replace=False)
            found.append(middle ^ np.bitwise_or.reduce(np.uint64(1) << bits.astype(np.uint64)))
    return np.array(found, np.uint64)


def by_brute_force(hashes: NDArray[np.uint64]) -> dict[tuple[int, int], int]:
    apart = np.bitwise_count(hashes[:, None] ^ hashes[None])
    low, high = np.nonzero(np.triu(apart <= MOST_BITS, 1))
    return {(i, j): int(apart[i, j]) for i, j in zip(low.tolist(), high.tolist(), strict=True)}


@given(st.integers(0, 999), st.integers(1, 25), st.integers(1, 5), st.integers(0, 5))
@settings(max_examples=30)
def test_all_near_pairs_are_found_and_no_others(
    seed: int, groups: int, each: int, flips: int
) -> None:
    hashes = clusters(seed, groups, each, flips)
    low, high, apart = near_pairs(hashes, MOST_BITS)
    found = dict(zip(zip(low.tolist(), high.tolist(), strict=True), apart.tolist(), strict=True))
    expected = by_brute_force(hashes)
    assert found.items() <= expected.items()
    # Of equal ones a chain is enough: what they are near to hangs together even so.
    missing = expected.keys() - found.keys()
    equal = {pair for pair in missing if hashes[pair[0]] == hashes[pair[1]]}
    first = {int(one): n for n, one in reversed(list(enumerate(hashes)))}
    doubled = {
        (a, b) for a, b in missing if first[int(hashes[a])] != a or first[int(hashes[b])] != b
    }
    assert len(missing - equal - doubled) <= 0.01 * len(expected)


def test_a_thousand_equal_ones_make_a_chain() -> None:
    hashes = np.full(1000, 12345, np.uint64)
    low, high, apart = near_pairs(hashes, MOST_BITS)
    assert sorted(zip(low.tolist(), high.tolist(), strict=True)) == [(n, n + 1) for n in range(999)]
    assert not apart.any()


def test_nothing_makes_no_pairs() -> None:
    for count in (0, 1):
        assert not len(near_pairs(np.zeros(count, np.uint64), MOST_BITS)[0])


def test_it_can_be_stopped() -> None:
    asked = []
    near_pairs(clusters(1, 5, 2, 3), MOST_BITS, lambda: asked.append(1))
    assert len(asked) > 10
