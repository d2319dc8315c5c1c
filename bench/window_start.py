"""How long the window takes to its first paint, and which imports that time goes to."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from window_rows import Row

ROOT = Path(__file__).resolve().parents[1]
STARTS = 7
SHOWN = 10
HEAVY = ("torch", "diffusers", "transformers", "cv2", "numpy", "PIL")

START = """
import time
began = time.perf_counter()
import json, sys
from typing_extensions import override
from PySide6.QtCore import QTimer
from curator.ui import app
from curator.ui.main_window import MainWindow

class Timed(MainWindow):
    told = False

    def paintEvent(self, event):
        super().paintEvent(event)
        took, names = time.perf_counter() - began, list(sys.modules)
        sys.stderr.write("\\npainted\\n")
        QTimer.singleShot(0, lambda: self.tell(took, names))

    def tell(self, took, names):
        if not self.told:
            self.told = True
            print(json.dumps([took, sorted({name.partition(".")[0] for name in names})]))
            self.close()

app.MainWindow = Timed
app.run()
"""
PROFILED = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)")


def starts(folder: Path) -> list[Row]:
    """From Python being up to the first painted window, of starts one after another."""
    runs = [_start(folder) for _ in range(STARTS)]
    loaded = sorted({name for _took, names in runs for name in names if name in HEAVY})
    words = f"loaded: {', '.join(loaded)}" if loaded else "torch, numpy and cv2 not loaded"
    return [Row(f"Python is up to first painted window ({words})", [t for t, _n in runs], 1000)]


def _child(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    places = {"XDG_CONFIG_HOME": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *options, "-c", START],
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=True,
    )


def _start(folder: Path) -> tuple[float, list[str]]:
    took, names = json.loads(_child(folder).stdout.splitlines()[-1])
    return float(took), names


def import_profile(folder: Path) -> Sequence[str]:
    """The most expensive imports of a start: by themselves, and with all they import."""
    profiles = [_profile(_child(folder, "-X", "importtime").stderr) for _ in range(3)]
    names = set.intersection(*map(set, profiles))
    alone = {n: statistics.median(p[n][0] for p in profiles) for n in names}
    whole = {n: statistics.median(p[n][1] for p in profiles) for n in names}
    dearest = sorted(names, key=alone.__getitem__, reverse=True)[:SHOWN]
    lines = [f"{'ms alone':>9} {'ms in all':>9}  module"]
    lines += [f"{alone[n] / 1000:>9.1f} {whole[n] / 1000:>9.1f}  {n}" for n in dearest]
    lines.append(f"{sum(alone.values()) / 1000:>9.1f}            all {len(names):,} modules")
    return lines


def _profile(text: str) -> dict[str, tuple[int, int]]:
    before, _painted, _later = text.partition("\npainted\n")
    found = (PROFILED.match(line) for line in before.splitlines())
    return {m[4]: (int(m[1]), int(m[2])) for m in found if m}
