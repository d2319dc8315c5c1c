"""Makes `resources/visual_words.npz`, the vocabulary by which look-alikes are guessed.

Run: python packaging/make_visual_words.py FOLDER... [--words 4096]. Any folders of photos will do,
the more different ones the better; only means of descriptors are kept, nothing of a picture.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from curator.core.errors import UserError
from curator.imaging.fingerprints import SIDE_PX, fingerprint
from curator.imaging.load import examine
from curator.imaging.render import flatten
from curator.imaging.visual_words import VOCABULARY

DIMENSIONS, ROUNDS, MOST = 32, 12, 250_000
Floats = NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--words", type=int, default=4096)
    wanted = parser.parse_args()
    found = []
    for file in sorted(f for folder in wanted.folders for f in folder.rglob("*") if f.is_file()):
        try:
            small = flatten(examine(file, SIDE_PX, 400_000_000).small, "white")
        except UserError:
            continue
        found.append(fingerprint(small).descriptors)
    dice = np.random.default_rng(1)
    descriptors = np.concatenate(found).astype(np.float32)
    descriptors = dice.permutation(descriptors)[:MOST]
    print(f"{len(descriptors):,} descriptors of {len(found):,} pictures")
    projection = _projection(descriptors)
    words = _means(descriptors @ projection, wanted.words, dice)
    np.savez_compressed(
        VOCABULARY, projection=projection.astype(np.float16), words=words.astype(np.float16)
    )
    print(f"{VOCABULARY}: {VOCABULARY.stat().st_size:,} bytes")


def _projection(descriptors: Floats) -> Floats:
    """Principal components, without a mean: distances of words need none."""
    centred = descriptors - descriptors.mean(axis=0)
    _values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    return np.ascontiguousarray(vectors[:, ::-1][:, :DIMENSIONS]).astype(np.float32)


def _means(points: Floats, count: int, dice: np.random.Generator) -> Floats:
    """Lloyd's k-means; a word that nobody is nearest to begins again at a chance point."""
    words = points[dice.choice(len(points), count, replace=False)]
    for number in range(ROUNDS):
        half = (words**2).sum(axis=1) / 2
        parts = [(part @ words.T - half).argmax(axis=1) for part in np.array_split(points, 200)]
        nearest = np.concatenate(parts)
        sums = np.zeros_like(words)
        np.add.at(sums, nearest, points)
        counts = np.bincount(nearest, minlength=count)
        words = np.asarray(sums / np.maximum(counts, 1)[:, None], np.float32)
        empty = np.flatnonzero(counts == 0)
        words[empty] = points[dice.choice(len(points), len(empty))]
        print(f"round {number + 1}: {len(empty)} words were empty")
    return words


if __name__ == "__main__":
    main()
