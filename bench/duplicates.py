"""How well and how fast copies are found, beside what others use, on the same files.

Run: python bench/duplicates.py [--labelled FOLDER] [--photos FOLDER] [--only quality,speed,hashes]
[--curve FILE.png]. `--labelled` is what bench/duplicate_pictures.py made; without it one is made of
`--photos`, and without those of drawn pictures. Prints pairwise precision, recall and F1 of the
groups, recall by kind of edit, pHash and dHash at several thresholds, and imagededup's PHash where
it is installed; pictures described a second beside vipsthumbnail; hashes compared.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from duplicate_pictures import make
from duplicate_quality import curve, quality
from duplicate_speed import hashes, speed

from curator.imaging.demo_pictures import draw, scenes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--only", default="quality,speed,hashes")
    parser.add_argument("--curve", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        photos = wanted.photos or _drawn(scratch / "drawn")
        for part in wanted.only.split(","):
            if part == "quality":
                labelled = wanted.labelled or _labelled(photos, scratch / "labelled")
                quality(labelled, scratch)
                if wanted.curve:
                    curve(labelled, scratch, wanted.curve)
            elif part == "speed":
                speed(photos, scratch)
            else:
                hashes()


def _drawn(folder: Path) -> Path:
    folder.mkdir()
    for scene in scenes():
        draw(scene).save(folder / f"{scene.number}.png")
    return folder


def _labelled(photos: Path, out: Path) -> Path:
    make(photos, out, seed=7, most=150, each=13)
    return out


if __name__ == "__main__":
    main()
