"""Whether the groups that are found are right, for bench/duplicates.py."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from pathlib import Path

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps

from curator.core.duplicates import COPIES, Kind, Pair, groups_of
from curator.core.jobs import Job
from curator.core.project import Project
from curator.imaging import relation
from curator.tasks.find_duplicates import find_duplicates
from curator.tasks.import_images import import_images

Labels = Mapping[str, list[str]]
Places = Mapping[str, int]  # file -> number of its group
THRESHOLDS = (4, 6, 8, 10, 12)
HEADING = f"{'':34}{'precision':>10}{'recall':>8}{'F1':>8}{'wrong pairs':>13}"


def quality(labelled: Path, scratch: Path) -> None:
    """Ours, and the hashes that others go by."""
    labels: Labels = json.loads((labelled / "labels.json").read_text())
    began = time.perf_counter()
    found, search_s = _searched(labelled, scratch / "project")
    took = time.perf_counter() - began
    photos = len({photo for photo, _what in labels.values()})
    print(
        f"\n{len(labels):,} files of {photos:,} photos; search {search_s:.0f} s, {took:.0f} in all"
    )
    print(HEADING)
    ours = _places(found)
    _tell("Curator", ours, labels)
    for name, work in (("pHash", imagehash.phash), ("dHash", imagehash.dhash)):
        prints = _hashed(labelled, labels, work)
        for most in THRESHOLDS:
            _tell(f"{name} <= {most}", _joined(prints, most), labels)
    _tell_imagededup(labelled, labels)
    _tell_kinds(ours, labels)


def _searched(labelled: Path, root: Path) -> tuple[list[set[str]], float]:
    """Groups of files, and the seconds that the search took after the import."""
    with Project.create(root) as project:
        report = import_images(Job(), project, [labelled])
        began = time.perf_counter()
        find_duplicates(Job(), project)
        took = time.perf_counter() - began
        files = {image.id: [image.name] for image in project.images(project.select())}
        for known in report.known:  # the same bytes, which an import recognises
            files[known.id].append(Path(known.source).name)
        groups = groups_of(project.all_pairs(COPIES))
    of = {id_: number for number, group in enumerate(groups) for id_ in group.ids}
    parts: dict[object, set[str]] = defaultdict(set)
    for id_, names in files.items():
        parts[of.get(id_, f"alone {id_}")].update(names)
    return list(parts.values()), took


def _places(groups: Iterable[set[str]]) -> Places:
    return {name: number for number, group in enumerate(groups) for name in group}


def _hashed(
    labelled: Path, labels: Labels, work: Callable[[Image.Image], imagehash.ImageHash]
) -> dict[str, int]:
    return {
        name: int(str(work(ImageOps.exif_transpose(Image.open(labelled / name)))), 16)
        for name in labels
    }


def _joined(prints: Mapping[str, int], most: int) -> Places:
    """Groups of all that hang together by hashes that differ in so many bits at most."""
    names = list(prints)
    values = np.array([prints[name] for name in names], np.uint64)
    pairs = [
        Pair(place, int(other), Kind.EDITED)
        for place in range(len(names))
        for other in place + 1 + _near(values[place], values[place + 1 :], most)
    ]
    places = {name: -1 - number for number, name in enumerate(names)}
    for number, group in enumerate(groups_of(pairs)):
        places |= {names[id_]: number for id_ in group.ids}
    return places


def _near(value: np.uint64, others: NDArray[np.uint64], most: int) -> NDArray[np.intp]:
    return np.flatnonzero(np.bitwise_count(value ^ others) <= most)


def _tell_imagededup(labelled: Path, labels: Labels) -> None:
    try:
        from imagededup.methods import PHash  # type: ignore[import-not-found]
    except ImportError:
        print(f"{'imagededup PHash':34}  not installed")
        return
    found = PHash(verbose=False).find_duplicates(image_dir=str(labelled))
    names = list(labels)
    numbers = {name: number for number, name in enumerate(names)}
    pairs = {
        (min(numbers[one], numbers[other]), max(numbers[one], numbers[other]))
        for one, others in found.items()
        for other in others
        if one in numbers
    }
    places = {name: -1 - number for number, name in enumerate(names)}
    for number, group in enumerate(groups_of(Pair(a, b, Kind.EDITED) for a, b in pairs)):
        places |= {names[id_]: number for id_ in group.ids}
    _tell("imagededup PHash, its default", places, labels)


def _tell(name: str, places: Places, labels: Labels) -> None:
    right, said = _counts(places, labels)
    wanted = sum(_pairs(n) for n in Counter(photo for photo, _ in labels.values()).values())
    precision, recall = right / max(1, said), right / wanted
    score = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"{name:34}{precision:10.4f}{recall:8.4f}{score:8.4f}{said - right:13,}", flush=True)


def _counts(places: Places, labels: Labels) -> tuple[int, int]:
    """Pairs that are in one group and belong together, and all that are in one group."""
    groups: dict[int, list[str]] = defaultdict(list)
    for name in labels:
        groups[places[name]].append(labels[name][0])
    right = sum(_pairs(n) for photos in groups.values() for n in Counter(photos).values())
    return right, sum(_pairs(len(photos)) for photos in groups.values())


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _tell_kinds(places: Places, labels: Labels) -> None:
    """How many of each kind of copy came into the group of their photo."""
    home = {photo: places[name] for name, (photo, what) in labels.items() if what == "the photo"}
    found: dict[str, list[bool]] = defaultdict(list)
    for name, (photo, what) in labels.items():
        if what != "the photo":
            found[what.split(":")[0]].append(places[name] == home[photo])
    print("Copies in the group of their photo:")
    for kind, hits in found.items():
        print(f"  {kind:16}{sum(hits):6,} of {len(hits):6,}{sum(hits) / len(hits):8.3f}")


# -- the curve


def curve(labelled: Path, scratch: Path, target: Path) -> None:
    """Precision and recall of single pairs by the likeness that is asked for, drawn."""
    labels: Labels = json.loads((labelled / "labels.json").read_text())
    usual = relation.COPY, relation.SURER
    relation.COPY = relation.SURER = 0.5  # so that all of them are kept
    try:
        with Project.create(scratch / "curve") as project:
            import_images(Job(), project, [labelled])
            find_duplicates(Job(), project)
            names = {image.id: image.name for image in project.images(project.select())}
            pairs = project.all_pairs(COPIES)
    finally:
        relation.COPY, relation.SURER = usual
    photo = {id_: labels[name][0] for id_, name in names.items()}
    wanted = sum(_pairs(n) for n in Counter(photo.values()).values())
    likeness = np.array([pair.likeness for pair in pairs])
    is_right = np.array([photo[pair.a] == photo[pair.b] for pair in pairs])
    points = []
    print(f"{'likeness':>10}{'precision':>11}{'recall':>8}")
    for asked in np.arange(0.5, 1.0, 0.025):
        kept = likeness >= asked
        precision, recall = float(is_right[kept].mean()), float(is_right[kept].sum() / wanted)
        points.append((float(asked), precision, recall))
        print(f"{asked:10.3f}{precision:11.4f}{recall:8.4f}")
    _draw(points, usual[0], target)


SIZE, LEFT, TOP, WIDE, HIGH = (760, 420), 70, 30, 650, 320
FLOOR = 0.9  # of the picture


def _draw(points: list[tuple[float, float, float]], usual: float, target: Path) -> None:
    picture = Image.new("RGB", SIZE, "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(14)

    def place(x: float, y: float) -> tuple[float, float]:
        return LEFT + (x - 0.5) * 2 * WIDE, TOP + (1 - max(y, FLOOR)) / (1 - FLOOR) * HIGH

    for share in (0.9, 0.92, 0.94, 0.96, 0.98, 1.0):
        pen.line([place(0.5, share), place(1.0, share)], "#dddddd")
        pen.text((14, place(0.5, share)[1] - 8), f"{share:.2f}", "#444444", font=font)
    for asked in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        pen.text((place(asked, 0)[0] - 10, TOP + HIGH + 8), f"{asked:.1f}", "#444444", font=font)
    pen.line([place(usual, 0), place(usual, 1)], "#999999")
    for column, colour in ((1, "#1459aa"), (2, "#c05a00")):
        line = [place(point[0], point[column]) for point in points]
        for start, end in combinations(line, 2):
            if line.index(end) == line.index(start) + 1:
                pen.line([start, end], colour, 3)
    pen.text(
        (LEFT, TOP + HIGH + 34),
        "least likeness of a copy (line: what is used)",
        "#444444",
        font=font,
    )
    pen.text((LEFT + 380, TOP + HIGH + 34), "precision", "#1459aa", font=font)
    pen.text((LEFT + 470, TOP + HIGH + 34), "recall of single pairs", "#c05a00", font=font)
    picture.save(target)
