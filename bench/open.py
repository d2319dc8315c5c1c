"""How long opening takes: until the ordered ids and the first screen of records are in hand.

Run: python bench/open.py [ROWS ...]; default 10,000, 100,000 and 1,000,000. Each size is opened in
a process of its own, several times, the files warm. The ratio compares with the least anybody could
do: a process that reads the same ids through the same index with bare sqlite3. Memory is the peak
of the process, and what it had before it opened the project.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from projects import filled

SCREEN = 100
ROUNDS = 5
PEAK = """
def peak_mib():  # the peak of this very process; Linux alone tells it
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
"""
OURS = f"""
import json, sys, time
from pathlib import Path
from curator.core.project import Project
{PEAK}
idle = peak_mib()
start = time.perf_counter()
project = Project.open(Path(sys.argv[1]))
ids = project.select()
first = project.images(ids[:{SCREEN}])
took = time.perf_counter() - start
rss = peak_mib()
assert len(first) == min(len(ids), {SCREEN})
print(json.dumps([took, rss, idle, len(ids)]))
project.close()
"""
BARE = f"""
import json, sqlite3, sys, time
from array import array
{PEAK}
idle = peak_mib()
start = time.perf_counter()
db = sqlite3.connect(sys.argv[1] + "/project.db")
ids = array("q", (r[0] for r in db.execute("SELECT id FROM images WHERE removed = 0 ORDER BY id")))
took = time.perf_counter() - start
rss = peak_mib()
print(json.dumps([took, rss, idle, len(ids)]))
"""


def measure(code: str, root: Path) -> list[float]:
    """Medians of seconds, MiB, MiB before opening, and rows."""
    command = [sys.executable, "-c", code, str(root)]
    runs = [
        json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        for _ in range(ROUNDS)
    ]
    return [statistics.median(column) for column in zip(*runs, strict=True)]


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    print(f"{'rows':>10} {'open':>10} {'bare ids':>10} {'ratio':>6} {'memory':>9} {'at import':>9}")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "project"
            filled(root, rows, tags_each=5).close()
            ours, bare = measure(OURS, root), measure(BARE, root)
        print(
            f"{int(ours[3]):>10,} {ours[0] * 1000:>7.1f} ms {bare[0] * 1000:>7.1f} ms "
            f"{ours[0] / bare[0]:>5.1f}x {ours[1]:>5.0f} MiB {ours[2]:>5.0f} MiB"
        )


if __name__ == "__main__":
    main()
