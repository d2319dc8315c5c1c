"""Nearest neighbours among pictures that an embedding model described, by the cosine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  # (pictures, numbers), each of length 1
_BLOCK = 256  # rows compared at once, which bounds the memory


def nearest(
    vectors: Vectors,
    rows: Sequence[int],
    most: int,
    least: float,
    check: Callable[[], None] = lambda: None,
) -> dict[tuple[int, int], float]:
    """For each of these rows the `most` nearest of all with a cosine of at least `least`.

    By pair, the lower row first, its cosine. `check` is called now and then, and may raise.
    """
    found: dict[tuple[int, int], float] = {}
    most = min(most, len(vectors) - 1)
    if most < 1:
        return found
    for start in range(0, len(rows), _BLOCK):
        check()
        block = np.asarray(rows[start : start + _BLOCK], np.intp)
        like = vectors[block] @ vectors.T
        like[np.arange(len(block)), block] = -2.0  # itself
        best = np.argpartition(like, -most, axis=1)[:, -most:]
        for at, row in enumerate(block.tolist()):
            for other in best[at].tolist():
                if like[at, other] >= least:
                    found[min(row, other), max(row, other)] = float(like[at, other])
    return found
