"""How much of a bare onnxruntime session's speed the tagging job reaches.

Run: python bench/tagger.py [--photos DIR] [--layers N] [--rounds N] [--model FILE]. The limit is
the same model's session fed with arrays that were prepared before, in the same batches. Without
`--model` it is a network of convolutions at 448 pixels with 10,861 tags, by default as heavy as
WD's ViT tagger (55 of its 67 billion multiplications); without `--photos` it draws photos of
2 megapixels. Pictures per second, the median of the rounds, and the job's share of the limit; 0.95
and more is the aim. The share of the processor's seconds holds on a machine that is busy, too.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from curator.core.jobs import Job  # noqa: E402
from curator.core.project import Project  # noqa: E402
from curator.imaging.render import render  # noqa: E402
from curator.imaging.tagger_input import prepare  # noqa: E402
from curator.ml.taggers import OpenTagger, open_tagger  # noqa: E402
from curator.tasks.import_images import import_images  # noqa: E402
from curator.tasks.tag_images import BATCH, CARD_BATCH, Tagging, tag_images  # noqa: E402
from tests.helpers.onnx_files import ints, node, number, write_network  # noqa: E402
from tests.helpers.pictures import photo  # noqa: E402

TAGS = 10_861
WIDTH = 128  # channels
Spent = tuple[float, float]  # seconds, and those of the processor


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--count", type=int, default=16, help="pictures that are drawn")
    parser.add_argument("--layers", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        model = asked.model or write_heavy(place / "heavy", asked.layers)
        photos = asked.photos or drawn(place / "photos", asked.count)
        with Project.create(place / "project") as project:
            import_images(Job(), project, [photos])
            compare(project, model, asked.rounds)
    return 0


def write_heavy(folder: Path, layers: int) -> Path:
    """A tagger at 448 pixels, whose time goes into convolutions as in real ones."""
    folder.mkdir()
    dice = np.random.default_rng(0)
    nodes = [node("Transpose", ["in"], "x0", ints("perm", (0, 3, 1, 2)))]
    weights: dict[str, NDArray[np.generic]] = {}
    for n in range(layers + 1):
        before, side, step = (3, 8, 8) if n == 0 else (WIDTH, 3, 1)
        weights[f"w{n}"] = dice.normal(0, 0.02, (WIDTH, before, side, side)).astype(np.float32)
        pad = 0 if n == 0 else 1
        shape = ints("kernel_shape", (side, side)) + ints("strides", (step, step))
        shape += ints("pads", (pad,) * 4)
        nodes.append(node("Conv", [f"x{n}", f"w{n}"], f"c{n}", shape))
        nodes.append(node("Relu", [f"c{n}"], f"x{n + 1}"))
    weights["last"] = dice.normal(0, 0.1, (WIDTH, TAGS)).astype(np.float32)
    nodes += [
        node("GlobalAveragePool", [f"x{layers + 1}"], "pooled"),
        node("Flatten", ["pooled"], "flat", number("axis", 1)),
        node("MatMul", ["flat", "last"], "logits"),
        node("Sigmoid", ["logits"], "out"),
    ]
    rows = [f"{n},tag_{n},{9 if n < 4 else 0},1" for n in range(TAGS)]
    (folder / "selected_tags.csv").write_text("tag_id,name,category,count\n" + "\n".join(rows))
    shapes = {"in": ("n", 448, 448, 3)}, {"out": ("n", TAGS)}
    return write_network(folder / "model.onnx", nodes, *shapes, weights)


def drawn(folder: Path, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        photo(n, (1632, 1224)).save(folder / f"{n:03}.jpg", quality=90)
    return folder


def compare(project: Project, model: Path, rounds: int) -> None:
    ids = list(project.select())
    tagger = open_tagger(model, "", "")
    images = project.images(ids)
    most = project.settings.max_pixels
    ready = [prepare(render(i, project.root, most), tagger.preparation) for i in images]
    print(f"{len(ids)} pictures, {model.name}. {tagger.model.runs_on}")
    bare(tagger, ready[:4])  # warm
    limits, jobs = [], []
    for _ in range(rounds):
        limits.append(bare(tagger, ready))
        jobs.append(whole(project, ids, model))
        shares = [limit / spent for limit, spent in zip(limits[-1], jobs[-1], strict=True)]
        print(f"  bare {limits[-1][0]:.2f} s, job {jobs[-1][0]:.2f} s: {shares[0]:.3f}")
    (limit, limit_cpu), (reached, cpu) = (
        [statistics.median(column) for column in zip(*rows, strict=True)] for rows in (limits, jobs)
    )
    print(
        f"bare session {len(ids) / limit:.2f} pictures/s, the job {len(ids) / reached:.2f}: "
        f"{limit / reached:.3f}; of the processor's seconds {limit_cpu / cpu:.3f}"
    )


def bare(tagger: OpenTagger, ready: Sequence[NDArray[np.float32]]) -> Spent:
    """What the session takes for what is prepared."""
    size = tagger.model.batch or (CARD_BATCH if tagger.model.on_card else BATCH)
    batches = [np.stack(ready[n : n + size]) for n in range(0, len(ready), size)]
    session, name = tagger.model.session, tagger.model.input_name
    start = now()
    for batch in batches:
        session.run(None, {name: batch})
    return since(start)


def whole(project: Project, ids: Sequence[int], model: Path) -> Spent:
    """What the job takes from when its model is open; opening is not a matter of speed."""
    begun: list[Spent] = []
    job = Job(on_progress=lambda _progress: begun.append(now()))
    tag_images(job, project, ids, Tagging(model, again=True))
    return since(begun[1])


def now() -> Spent:
    return time.perf_counter(), time.process_time()


def since(start: Spent) -> Spent:
    return time.perf_counter() - start[0], time.process_time() - start[1]


if __name__ == "__main__":
    sys.exit(main())
