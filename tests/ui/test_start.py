"""A start loads little: what is heavy comes when it is needed, and torch only to train."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.helpers.windows import make_project

ROOT = Path(__file__).resolve().parents[2]
NEVER = {"torch", "diffusers", "transformers", "peft", "onnxruntime", "accelerate"}
NOT_YET = {"cv2", "numpy", "PIL", "imagehash", "tokenizers", "sqlite3"}

# Says which packages are loaded once the start page is painted, then once a project's cells are.
START = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from curator.ui.app import App
from curator.ui.preferences import Preferences

class Painted(QObject):
    count = 0
    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False

def work_until(is_so):
    until = time.monotonic() + 100
    while not is_so():
        assert time.monotonic() < until
        application.processEvents()

def say():
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), flush=True)

application = QApplication([])
app = App(application, Preferences(Path(sys.argv[1])))
painted = Painted()
app.window.installEventFilter(painted)
app.window.show()
work_until(lambda: painted.count)
say()
app.open_project(Path(sys.argv[2]))
work_until(lambda: app.session is not None and app.session.context.model.ids)
thumbnails = app.session.thumbnails
came = []
thumbnails.arrived.connect(lambda: came.append(True))
work_until(lambda: came)
say()
app.window.close()
"""


def test_neither_the_start_nor_a_project_loads_what_training_needs(tmp_path: Path) -> None:
    root = make_project(tmp_path, 3)
    done = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path / "window.ini"), str(root)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    start, opened = (set(json.loads(line)) for line in done.stdout.splitlines())
    assert start & (NEVER | NOT_YET) == set()
    assert opened & NEVER == set()
