"""How fast pictures are described and hashes compared, for bench/duplicates.py."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from PIL import ImageOps

from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.project import Project
from curator.imaging.described import Subject, fingerprints_for
from curator.imaging.hash_pairs import near_pairs
from curator.imaging.load import examine
from curator.imaging.render import flatten

SIZE, COUNT, ROUNDS = (1632, 1224), 400, 3  # 2 megapixels
SOURCES = 100
HASHES = (100_000, 1_000_000)
BITS = 14


def speed(photos: Path, scratch: Path) -> None:
    """Pictures described a second, decoding and all, beside vipsthumbnail on as many cores."""
    files = _of_two_megapixels(photos, scratch / "two")
    print(
        f"\nPictures a second: {len(files)} JPEGs of 2 MP, {os.cpu_count()} cores, best of {ROUNDS}"
    )
    has_vips = shutil.which("vipsthumbnail") is not None
    ours, theirs = [], []
    for number in range(ROUNDS):  # by turns, so that both meet the same load
        ours.append(_described(files, scratch / f"described{number}"))
        if has_vips:
            theirs.append(_by_vips(files, scratch / "vips"))
    print(f"{'hashed and described':34}{max(ours):8.1f}")
    if has_vips:
        print(f"{'vipsthumbnail':34}{max(theirs):8.1f}{max(ours) / max(theirs):10.2f}x")
    else:
        print("vipsthumbnail is not installed (Debian: libvips-tools)")


def _of_two_megapixels(photos: Path, out: Path) -> list[Path]:
    out.mkdir()
    found = [file for file in sorted(photos.iterdir()) if file.is_file()]
    pictures = []
    for file in found[:SOURCES]:
        try:
            pictures.append(flatten(examine(file, 2000, 400_000_000).small, "white"))
        except UserError:
            continue
    for number, picture in enumerate(islice(cycle(pictures), COUNT)):
        moved = ImageOps.fit(picture, SIZE, centering=(number / COUNT, 0.5))
        moved.save(out / f"{number:04d}.jpg", quality=88)
    return sorted(out.iterdir())


def _described(files: list[Path], root: Path) -> float:
    """All that a search does with a picture before it compares: words and keeping included."""
    subjects = [Subject(file.name, file, file.name) for file in files]
    with Project.create(root) as project, fingerprints_for(project) as prints:
        began = time.perf_counter()
        prints.make(Job(), subjects)
        return len(files) / (time.perf_counter() - began)


def _by_vips(files: list[Path], out: Path) -> float:
    out.mkdir(exist_ok=True)
    cores = os.cpu_count() or 1
    began = time.perf_counter()
    command = ["vipsthumbnail", "--vips-concurrency=1", "-s", "256", "-o", f"{out}/%s.jpg"]
    running = [subprocess.Popen([*command, *files[part::cores]]) for part in range(cores)]
    for one in running:
        one.wait()
    return len(files) / (time.perf_counter() - began)


def hashes() -> None:
    """Known hashes compared with each other."""
    print(f"\nHashes compared, all that differ in at most {BITS} of 64 bits")
    dice = np.random.default_rng(1)
    for count in HASHES:
        values = dice.integers(0, 2**64, count, dtype=np.uint64)
        planted = dice.choice(count, 2000, replace=False).reshape(2, -1)
        values[planted[1]] = values[planted[0]] ^ _flips(dice, planted.shape[1])
        began = time.perf_counter()
        low, high, _apart = near_pairs(values, BITS)
        took = time.perf_counter() - began
        pairs = set(zip(low.tolist(), high.tolist(), strict=True))
        hits = np.mean([(min(a, b), max(a, b)) in pairs for a, b in planted.T.tolist()])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{count:12,}{took:8.2f} s, of pairs 8 bits apart {hits:.3f}, peak {peak:,.0f} MiB")


def _flips(dice: np.random.Generator, count: int) -> np.ndarray:
    """Masks with 8 bits set."""
    bits = np.array([dice.choice(64, 8, replace=False) for _ in range(count)], np.uint64)
    return np.bitwise_or.reduce(np.uint64(1) << bits, axis=1)
