"""Photos per second of a whole import, beside loops that do nothing but make the thumbnails.

Run: python bench/import.py [--photos DIR] [--cores N] [--rounds N] [--large N] [--middle N].
Without `--photos` it draws photos of 12 and of 2 megapixels, as finely grained as a camera's. Every
contender gets the same warm files, the same cores and one process or thread for each; the order
alternates from round to round and the medians are compared. A whole import is hash, metadata,
orientation, colour, thumbnail, a synced copy of the file and the database; the others only scale
down and write a JPEG of 256 pixels. Seconds on the clock count; the processor's, which other work
on the machine hardly changes, stand beside them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

SIDE_PX = 256
EXTENSIONS = {".jpg", ".jpeg", ".png", ".webp"}
Seconds = tuple[float, float]  # on the clock, of the processor
Photo = tuple[Path, int]  # with its longer side in pixels
Contender = Callable[[Sequence[Path], Path, int], Seconds]


def whole_import(photos: Sequence[Path], folder: Path, cores: int) -> Seconds:
    """Seconds that `curator import` takes inside its process, its imports not counted."""
    code = (
        "import sys, time; from pathlib import Path\n"
        "from curator.core.jobs import Job; from curator.core.project import Project\n"
        "from curator.tasks.import_images import import_images\n"
        "project = Project.create(Path(sys.argv[1]))\n"
        "start, cpu = time.perf_counter(), time.process_time()\n"
        "report = import_images(Job(), project, [Path(p) for p in sys.stdin.read().splitlines()])\n"
        "took = time.perf_counter() - start, time.process_time() - cpu\n"
        "print(*took, len(report.accepted)); project.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "project")],
        input="\n".join(map(str, photos)),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    seconds, cpu_s, accepted = done.stdout.split()
    if int(accepted) != len(photos):
        raise SystemExit(f"only {accepted} of {len(photos)} photos were accepted")
    return float(seconds), float(cpu_s)


def bare_opencv(photos: Sequence[Path], folder: Path, cores: int) -> Seconds:
    """Seconds of `IMREAD_REDUCED`, a resize and a write, in one process per core."""
    return in_processes(opencv_loop, photos, folder, cores)


def opencv_in_full(photos: Sequence[Path], folder: Path, cores: int) -> Seconds:
    """The same with a full decode."""
    return in_processes(opencv_full_loop, photos, folder, cores)


def in_processes(
    loop: Callable[[Sequence[Photo], Path], None],
    photos: Sequence[Path],
    folder: Path,
    cores: int,
) -> Seconds:
    """Seconds until the slowest process has done its share, their start not counted."""
    from PIL import Image

    sized = []  # known beforehand, for a bare loop would not look
    for path in photos:
        with Image.open(path) as header:
            sized.append((path, max(header.size)))
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        pool.starmap(timed, [(loop, [], folder)] * cores)
        shares = [(loop, sized[i::cores], folder) for i in range(cores)]
        start = time.perf_counter()
        cpu_s = sum(pool.starmap(timed, shares, chunksize=1))
        return time.perf_counter() - start, cpu_s


def timed(
    loop: Callable[[Sequence[Photo], Path], None], photos: Sequence[Photo], folder: Path
) -> float:
    """Seconds of the processor that this process spends on its share."""
    start = time.process_time()
    loop(photos, folder)
    return time.process_time() - start


def opencv_loop(photos: Sequence[Photo], folder: Path) -> None:
    import cv2

    cv2.setNumThreads(1)
    reduced = {
        8: cv2.IMREAD_REDUCED_COLOR_8,
        4: cv2.IMREAD_REDUCED_COLOR_4,
        2: cv2.IMREAD_REDUCED_COLOR_2,
        1: cv2.IMREAD_COLOR,
    }
    for path, longest in photos:
        scale = next(scale for scale in reduced if longest >= SIDE_PX * scale or scale == 1)
        write_small(cv2.imread(str(path), reduced[scale]), folder / f"{path.stem}.jpg")


def opencv_full_loop(photos: Sequence[Photo], folder: Path) -> None:
    import cv2

    cv2.setNumThreads(1)
    for path, _longest in photos:
        write_small(cv2.imread(str(path)), folder / f"{path.stem}.jpg")


def write_small(pixels, path: Path) -> None:  # type: ignore[no-untyped-def]
    import cv2

    scale = min(1.0, SIDE_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(path), small, [cv2.IMWRITE_JPEG_QUALITY, 88])


def vips(photos: Sequence[Path], folder: Path, cores: int) -> Seconds:
    """Seconds of one `vipsthumbnail` per core, each with one thread."""
    options = ["--size", str(SIDE_PX), "-o", f"{folder}/%s.jpg[Q=88]"]
    environment = {**os.environ, "VIPS_CONCURRENCY": "1"}
    start, cpu = time.perf_counter(), children_cpu_s()
    running = [
        subprocess.Popen(["vipsthumbnail", *share, *options], env=environment)
        for share in ([str(p) for p in photos[i::cores]] for i in range(cores))
        if share
    ]
    for process in running:
        if process.wait():
            raise SystemExit("vipsthumbnail failed")
    return time.perf_counter() - start, children_cpu_s() - cpu


def children_cpu_s() -> float:
    """Seconds of the processor that ended children have used."""
    used = os.times()
    return used.children_user + used.children_system


def draw_photos(folder: Path, count: int, size: tuple[int, int]) -> list[Path]:
    """JPEGs with detail at every scale and with grain, about 0.3 bytes per pixel."""
    from tests.helpers.pictures import exif, photo, write

    names = [folder / f"{size[0]}x{size[1]}-{number:03}.jpg" for number in range(count)]
    for number, name in enumerate(names):
        block = exif(1 + number % 8, taken="2026:01:02 03:04:05")
        write(name, photo(number, size, grain=5), quality=92, exif=block)
    return names


def compare(title: str, photos: Sequence[Path], cores: int, rounds: int) -> None:
    """Print one table: photos per second, and speed against the bare OpenCV loop and libvips."""
    contenders: dict[str, Contender] = {
        "whole import": whole_import,
        "bare OpenCV, reduced": bare_opencv,
        "bare OpenCV, full decode": opencv_in_full,
    }
    if shutil.which("vipsthumbnail"):
        contenders["vipsthumbnail"] = vips
    seconds: dict[str, list[Seconds]] = {name: [] for name in contenders}
    for number in range(rounds):
        order = list(contenders) if number % 2 == 0 else list(reversed(contenders))
        for name in order:
            with tempfile.TemporaryDirectory() as folder:
                seconds[name].append(contenders[name](photos, Path(folder), cores))
    count, megabytes = len(photos), sum(path.stat().st_size for path in photos) / 1e6
    print(f"\n{title}: {count} photos of {megabytes / count:.2f} MB, {cores} core(s)")
    print(f"{'':24} {'photos/s':>9} {'x OpenCV':>9} {'x libvips':>9}", end="")
    print(f" {'CPU ms each':>12} {'x OpenCV':>9} {'x libvips':>9}")
    clock, cpu = medians(seconds, 0), medians(seconds, 1)
    for name in contenders:
        print(f"{name:24} {count / clock[name]:9.1f} {ratios(clock, name)}", end="")
        print(f" {cpu[name] / count * 1000:12.1f} {ratios(cpu, name)}")


def medians(seconds: dict[str, list[Seconds]], kind: int) -> dict[str, float]:
    """Each contender's median, of the clock (0) or of the processor (1)."""
    return {name: statistics.median(took[kind] for took in all_) for name, all_ in seconds.items()}


def ratios(seconds: dict[str, float], name: str) -> str:
    """How many times as fast as the bare OpenCV loop and as libvips."""
    others = ("bare OpenCV, reduced", "vipsthumbnail")
    found = (f"{seconds[o] / seconds[name]:.2f}" if o in seconds else "-" for o in others)
    return " ".join(f"{text:>9}" for text in found)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--photos", type=Path, help="a folder of photos, taken with all below it")
    options.add_argument("--cores", type=int, default=os.cpu_count())
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--large", type=int, default=32, help="photos of 12 megapixels to draw")
    options.add_argument("--middle", type=int, default=160, help="photos of 2 megapixels to draw")
    chosen = options.parse_args()
    if not shutil.which("vipsthumbnail"):
        print("vipsthumbnail is not installed (Debian: apt install libvips-tools); it is left out.")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: chosen.cores])
    if chosen.photos:
        found = sorted(p for p in chosen.photos.rglob("*") if p.suffix.lower() in EXTENSIONS)
        compare(str(chosen.photos), found, chosen.cores, chosen.rounds)
        return
    with tempfile.TemporaryDirectory() as folder:
        for title, count, size in (
            ("12 megapixels", chosen.large, (4000, 3000)),
            ("2 megapixels", chosen.middle, (1600, 1200)),
        ):
            photos = draw_photos(Path(folder), count, size)
            compare(title, photos, chosen.cores, chosen.rounds)


if __name__ == "__main__":
    main()
