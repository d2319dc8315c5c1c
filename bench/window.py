"""How fast the window answers, in a real window with real key and wheel events.

Run: python bench/window.py [--only start,lists,memory,loading,keys,scroll,bulk,loupe,crop]
[--projects FOLDER]; where there is no display it starts an Xvfb of its own. `--projects` keeps the
projects it makes for the next time. Prints p50, p95 and the maximum, with the target for p95; every
scene idle and while the practice model is trained in the window's worker thread; what kept the
window's thread over 50 ms. Exits 1 if a target was missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SCREEN = "1920x1080x24"
PARTS = ("start", "lists", "memory", "loading", "keys", "scroll", "bulk", "loupe", "crop")


@contextmanager
def display() -> Iterator[None]:
    """The display there is, or an Xvfb for as long as this lasts."""
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # as main.py does
    if os.environ.get("DISPLAY"):
        yield
        return
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    os.environ["DISPLAY"] = f":{server.stdout.readline().strip()}"
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--projects", type=Path, help="a folder to keep the made projects in")
    wanted = parser.parse_args()
    with display(), tempfile.TemporaryDirectory() as name:
        return measure(wanted.only.split(","), wanted.projects or Path(name), Path(name))


def measure(parts: Sequence[str], projects: Path, scratch: Path) -> int:
    from window_bench import Bench

    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    began = time.monotonic()
    bench = Bench(projects, scratch)
    try:
        for part in parts:
            getattr(bench, part)()
    finally:
        bench.close()
    print(f"load after: {os.getloadavg()[0]:.1f}; took {time.monotonic() - began:.0f} s")
    return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())
