"""What measuring quality costs beside decoding, and how well each measure orders degraded pictures.

Run: python bench/quality.py [--photos DIR] [--large N] [--rounds N]. Without `--photos` it draws
photos of 12 megapixels. Milliseconds a picture in one thread, medians of the rounds, as they come
and as a multiple of the physical limit: a full decode of the same files, which each measure needs.
Then pictures per second of the whole job on all cores. Last, for each measure the rank correlation
(Spearman) of its values with the amount by which pictures were made worse on purpose; 1 is the
right order throughout.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PIL import Image, ImageEnhance  # noqa: E402

from curator.core.jobs import Job  # noqa: E402
from curator.core.parallel import in_threads  # noqa: E402
from curator.imaging import quality  # noqa: E402
from curator.imaging.borders import border  # noqa: E402
from curator.imaging.descriptor import describe  # noqa: E402
from curator.imaging.jpeg_traces import blocking  # noqa: E402
from curator.imaging.lettering import text  # noqa: E402
from curator.imaging.load import load  # noqa: E402
from curator.imaging.noise import noise  # noqa: E402
from curator.imaging.pages import page  # noqa: E402
from curator.imaging.quality import Views, measure_file, measure_picture, views_of  # noqa: E402
from curator.imaging.sharpness import sharpness  # noqa: E402
from curator.imaging.spectrum import upscaled  # noqa: E402
from curator.imaging.tones import clipped, colourfulness, contrast, hue  # noqa: E402
from tests.helpers import degraded  # noqa: E402
from tests.helpers.pictures import photo  # noqa: E402

MOST_PIXELS = 1_000_000_000
MEASURES: dict[str, Callable[[Views], object]] = {
    "sharpness": lambda seen: sharpness(seen.small_gray, 1.0),
    "blocking": lambda seen: blocking(seen.gray),
    "upscaled": lambda seen: upscaled(seen.gray),
    "noise": lambda seen: noise(seen.small_gray),
    "clipped": lambda seen: clipped(seen.picked),
    "contrast": lambda seen: contrast(seen.small_gray),
    "colourfulness": lambda seen: colourfulness(seen.picked),
    "border": lambda seen: border(seen.framed),
    "text": lambda seen: text(seen.small_gray.astype(np.uint8)),
    "page": lambda seen: page(seen.rgb, seen.small_gray),
    "hue": lambda seen: hue(seen.picked),
    "descriptor": lambda seen: describe(seen.small),
}
Worse = Callable[[Image.Image, float], Image.Image]
# By measure: how a picture is changed by an amount, and amounts in the order of rising values.
LADDERS: dict[str, tuple[Worse, Sequence[float]]] = {
    "sharpness": (degraded.blurred, (6, 4, 2.5, 1.5, 0.8, 0)),
    "jpeg_quality": (lambda p, q: degraded.as_jpeg(p, int(q)), (10, 25, 40, 60, 80, 95)),
    "blocking": (lambda p, q: degraded.as_jpeg(p, int(q)), (90, 70, 50, 35, 20, 8)),
    "upscaled": (degraded.enlarged, (1, 1.5, 2, 2.5, 3, 4)),
    "noise": (degraded.noisy, (0, 2, 4, 8, 14, 22)),
    "clipped": (lambda p, x: ImageEnhance.Brightness(p).enhance(x), (1, 1.5, 2, 2.5, 3, 4)),
    "contrast": (lambda p, x: ImageEnhance.Contrast(p).enhance(x), (0.1, 0.3, 0.5, 0.7, 0.85, 1)),
    "colourfulness": (lambda p, x: ImageEnhance.Color(p).enhance(x), (0, 0.3, 0.6, 1, 1.5, 2)),
    "border": (lambda p, x: degraded.framed(p, int(x)), (0, 10, 20, 40, 60, 90)),
    "text": (lambda p, x: degraded.written_on(p, _WORDS[: int(x)]), (0, 6, 9, 13, 20, 34)),
    "page": (lambda p, x: _pasted(p, x), (1, 0.9, 0.7, 0.5, 0.25, 0)),
}
_WORDS = "sample photos of example.com company"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--photos", type=Path, help="a folder of photos to use instead of drawn ones"
    )
    parser.add_argument("--large", type=int, default=6, help="drawn photos of 12 megapixels")
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        files = photos_in(wanted.photos) if wanted.photos else drawn(Path(name), wanted.large)
        speed(files, wanted.rounds)
        order([load(path, MOST_PIXELS).convert("RGB") for path in files[:8]])
    print(f"load after: {os.getloadavg()[0]:.1f}")
    return 0


def photos_in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".jpg", ".png", ".webp"})


def drawn(folder: Path, number: int) -> list[Path]:
    """JPEGs of 4000 x 3000 as finely grained as a camera's."""
    files = []
    for seed in range(number):
        files.append(folder / f"{seed}.jpg")
        photo(seed, (4000, 3000)).save(files[-1], quality=92)
    return files


def speed(files: Sequence[Path], rounds: int) -> None:
    """Print what each measure costs, all contenders in every round."""
    took: dict[str, list[float]] = {}

    def clock(name: str, work: Callable[[], object]) -> object:
        start = time.perf_counter()
        result = work()
        took.setdefault(name, []).append(time.perf_counter() - start)
        return result

    for path in files:  # warm files, and all modules loaded
        measure_file(1, path, MOST_PIXELS)
    for _ in range(rounds):
        for path in files:
            picture = clock("full decode", lambda p=path: load(p, MOST_PIXELS))
            seen = clock("views", lambda p=picture: views_of(p))
            for name, measure in MEASURES.items():
                clock(name, lambda m=measure, s=seen: m(s))
            clock("all, decode included", lambda p=path: measure_file(1, p, MOST_PIXELS))
    limit = statistics.median(took["full decode"])
    print(f"\n{len(files)} files, {rounds} rounds, one thread\n{'':22}{'ms':>8}{'x decode':>10}")
    for name, seconds in took.items():
        middle = statistics.median(seconds)
        print(f"{name:22}{1000 * middle:8.1f}{middle / limit:10.2f}")
    on_all_cores(files)


def on_all_cores(files: Sequence[Path]) -> None:
    """Print pictures per second of both in as many threads as the job uses."""
    many = [*files] * max(1, 24 // len(files))
    print()
    rates = []
    for name, work in (
        ("full decode", lambda path: load(path, MOST_PIXELS)),
        ("measured", lambda path: measure_file(1, path, MOST_PIXELS)),
    ):
        start = time.perf_counter()
        for _item in in_threads(Job(), work, many, str):
            pass
        rates.append(len(many) / (time.perf_counter() - start))
        print(f"{name:22}{rates[-1]:8.1f} pictures a second, all cores")
    print(f"{'measured / decoded':22}{rates[1] / rates[0]:8.2f}")


def order(pictures: Sequence[Image.Image]) -> None:
    """Print how well each measure orders pictures by how much worse they were made."""
    smaller = [_at_most(picture) for picture in pictures]
    print(
        f"\n{len(smaller)} pictures, six steps each, rank correlation\n"
        f"{'':22}{'mean':>8}{'worst':>8}"
    )
    for name, (worsen, steps) in LADDERS.items():
        found = [_correlation(name, picture, worsen, steps) for picture in smaller]
        print(f"{name:22}{statistics.mean(found):8.3f}{min(found):8.3f}")


def _correlation(name: str, picture: Image.Image, worsen: Worse, steps: Sequence[float]) -> float:
    base = (
        picture.resize((picture.width // 2, picture.height // 2)) if name == "upscaled" else picture
    )
    values = []
    for step in steps:
        changed = worsen(base, step)
        kept = quality.quality_of_tables(changed.quantization) if name == "jpeg_quality" else None
        values.append(getattr(measure_picture(1, changed.convert("RGB"), kept).measures, name))
    ranks = [_ranks(values), np.arange(len(steps), dtype=float)]
    return float(np.corrcoef(ranks)[0, 1]) if np.ptp(values) else 0.0


def _ranks(values: Sequence[float]) -> np.ndarray:
    """Ranks, equal values sharing the mean of theirs."""
    array = np.array(values)
    return np.array([(array < v).sum() + ((array == v).sum() - 1) / 2 for v in array])


def _at_most(picture: Image.Image, side_px: int = 1024) -> Image.Image:
    small = picture.copy()
    small.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    return small


def _pasted(picture: Image.Image, share: float) -> Image.Image:
    """A drawn window, so much of whose width the picture covers."""
    window = degraded.screenshot()
    width = round(window.width * share)
    if width:
        window.paste(picture.resize((width, window.height)), (0, 0))
    return window


if __name__ == "__main__":
    sys.exit(main())
