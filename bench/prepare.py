"""How near preparing pictures comes to the fastest bare loops.

Run: python bench/prepare.py [--photos DIR] [--count N] [--rounds N] [--model FILE]. Without
`--photos` it draws photos of 3 megapixels. It compares, in turns, the median of the rounds:

- crop to a square, scale to 512 and save as JPEG: `render` with Lanczos, against OpenCV's imread,
  INTER_AREA and imwrite at quality 95, in one thread each; 0.85 and more is the aim;
- the same as the job does it, with one thread and with two, and what two threads gain on this
  machine at hashing; 1.7 and more is the aim;
- a heavy step that is kept: the time to have the picture again; under 3 ms is the aim;
- an upscaler in tiles against the bare network on the same pictures; 0.9 and more is the aim.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from PIL import Image as Pillow  # noqa: E402

from curator.core import parallel  # noqa: E402
from curator.core.jobs import Job  # noqa: E402
from curator.core.project import Project  # noqa: E402
from curator.core.recipe import Recipe  # noqa: E402
from curator.core.recipe_edits import set_recipes  # noqa: E402
from curator.core.recipe_plans import CropTo, with_plan  # noqa: E402
from curator.core.records import Image  # noqa: E402
from curator.core.steps import Resize, Upscale  # noqa: E402
from curator.imaging.encode import picture_bytes  # noqa: E402
from curator.imaging.made_steps import MadeSteps  # noqa: E402
from curator.imaging.render import apply, render  # noqa: E402
from curator.ml.upscalers import Upscaler  # noqa: E402
from curator.ml.upscalers.networks import SpandrelNetwork  # noqa: E402
from curator.tasks.import_images import import_images  # noqa: E402
from curator.tasks.render_images import render_images  # noqa: E402
from tests.helpers.heavy_models import write_esrgan  # noqa: E402
from tests.helpers.pictures import photo  # noqa: E402
from trainer.buckets import BucketRule  # noqa: E402

SIDE = 512
PIXELS = 10**9


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--count", type=int, default=24, help="pictures that are drawn")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", type=Path, help="an upscaler; else a small ESRGAN")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        photos = asked.photos or drawn(place / "photos", asked.count)
        with Project.create(place / "project") as project:
            import_images(Job(), project, [photos])
            images = prepared(project)
            print(f"{len(images)} JPEGs, each cropped to a square and scaled to {SIDE}:")
            compare_loops(project, images, place, asked.rounds)
            compare_threads(project, images, place, asked.rounds)
            measure_hits(project, images[0], asked.rounds)
        compare_upscaler(asked.model or write_esrgan(place / "small.pth"), asked.rounds)
    return 0


def drawn(folder: Path, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        photo(n, (2048, 1536)).save(folder / f"{n:03}.jpg", quality=90)
    return folder


def prepared(project: Project) -> list[Image]:
    """The JPEGs, each with a crop and a resize."""
    plan = (CropTo("square"), Resize(SIDE, SIDE))
    recipes = {}
    for image in project.images(project.select()):
        if image.format == "jpeg":
            size = (image.width, image.height)
            recipes[image] = with_plan(Recipe(), plan, size, BucketRule())
    project.apply(set_recipes("Prepare", recipes))
    return project.images([image.id for image in recipes])


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The median seconds of each, after one round to warm up."""
    for work in works:
        work()
    found = [[timed(work) for work in works] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def compare_loops(project: Project, images: Sequence[Image], place: Path, rounds: int) -> None:
    cv2.setNumThreads(1)
    target = str(place / "bare.jpg")

    def bare() -> None:
        for image in images:
            pixels = cv2.imread(str(project.root / image.path))
            height, width = pixels.shape[:2]
            side = min(height, width)
            top, left = (height - side) // 2, (width - side) // 2
            square = pixels[top : top + side, left : left + side]
            made = cv2.resize(square, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
            cv2.imwrite(target, made, [cv2.IMWRITE_JPEG_QUALITY, 95])

    def same() -> None:
        for image in images:
            render(image, project.root, PIXELS).save(place / "ours.jpg", quality=95)

    def ours() -> None:
        for image in images:
            data = picture_bytes(render(image, project.root, PIXELS), ".jpg")
            (place / "ours.jpg").write_bytes(data)

    limit, same_s, ours_s = in_turns(rounds, bare, same, ours)
    print(f"  bare OpenCV loop {each(limit, images)}")
    print(f"  render, saved at 95 {each(same_s, images)}: {limit / same_s:.2f} of the bare loop")
    print(f"  render, as written {each(ours_s, images)}: {limit / ours_s:.2f}")
    print(f"  against Lanczos on the whole picture: {likeness(project, images):.1f} dB")


def likeness(project: Project, images: Sequence[Image]) -> float:
    """The least peak signal-to-noise ratio of what is rendered and what Lanczos gives."""
    ratios = []
    for image in images:
        whole = render(replace(image, recipe=""), project.root, PIXELS)
        wanted = np.asarray(apply(Recipe.from_json(image.recipe), whole), np.float64)
        made = np.asarray(render(image, project.root, PIXELS), np.float64)
        ratios.append(10 * math.log10(255**2 / max(((made - wanted) ** 2).mean(), 1e-9)))
    return min(ratios)


def each(seconds: float, items: Sequence[object]) -> str:
    return f"{1000 * seconds / len(items):.1f} ms each"


def compare_threads(project: Project, images: Sequence[Image], place: Path, rounds: int) -> None:
    def with_threads(number: int) -> Callable[[], object]:
        def work() -> None:
            parallel.THREADS = number
            render_images(Job(), project, images, place / "out", ".jpg")

        return work

    one, two = in_turns(rounds, with_threads(1), with_threads(2))
    print(f"  the job: one thread {each(one, images)}, two {each(two, images)}: {one / two:.2f}")
    alone, beside = in_turns(rounds, partial(hashed, 1), partial(hashed, 2))
    print(f"  hashing, which needs nothing but a core: {alone / beside:.2f}")


def hashed(threads: int) -> None:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: hashlib.sha256(bytes(20_000_000)).digest(), range(16)))


def measure_hits(project: Project, image: Image, rounds: int) -> None:
    recipe = Recipe((Upscale(2.0, "kept"),))
    kept = replace(image, recipe=recipe.to_json())
    MadeSteps(project.cache_dir, kept, recipe).keep(0, photo(1, (SIDE, SIDE)))
    spent = [timed(lambda: render(kept, project.root, PIXELS)) for _ in range(9 * rounds)]
    print(f"a kept upscale of {SIDE} x {SIDE}: {1000 * statistics.median(spent):.2f} ms")


def compare_upscaler(path: Path, rounds: int) -> None:
    import torch

    network = SpandrelNetwork(path)
    pictures = [photo(n, (480, 360)) for n in range(4)]
    ready = [
        (torch.from_numpy(np.array(one)).permute(2, 0, 1)[None].float() / 255).to(
            network.model.device, network.model.dtype
        )
        for one in pictures
    ]
    model = Upscaler("bench", network)

    def bare() -> None:
        for one in ready:
            network.model(one).cpu()

    def ours() -> None:
        for one in pictures:
            size = one.width * model.scale, one.height * model.scale
            made = model.upscale(one, size)
            assert isinstance(made, Pillow.Image)

    limit, spent = in_turns(rounds, bare, ours)
    print(f"{path.name} x{model.scale} at 480 x 360. {model.runs_on}")
    print(f"  bare {each(limit, pictures)}, in tiles {each(spent, pictures)}: {limit / spent:.2f}")


if __name__ == "__main__":
    raise SystemExit(main())
