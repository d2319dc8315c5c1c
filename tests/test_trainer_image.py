"""The image for rented machines installs what the trainer imports, and nothing of the window."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = {"PIL": "pillow", "cv2": "opencv-python-headless"}  # that are not called as imported
OPTIONAL = {"bitsandbytes", "tensorboard", "wandb"}  # asked for by options, with a sentence if not


def imported() -> set[str]:
    """The packages that any module of the trainer imports, by their names in a registry."""
    names = set()
    for path in (ROOT / "trainer").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(str(node.module).partition(".")[0])
    own = names - sys.stdlib_module_names - {"trainer"} - OPTIONAL
    return {PACKAGES.get(name, name.replace("_", "-")) for name in own}


def test_the_image_installs_what_the_trainer_imports() -> None:
    text = (ROOT / "packaging" / "trainer-requirements.txt").read_text("utf-8")
    assert set(text.split()) == imported()


def test_the_image_copies_the_trainer_and_what_it_reads_alone() -> None:
    lines = (ROOT / "packaging" / "Dockerfile").read_text("utf-8").splitlines()
    copied = {word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]}
    lists = {"packaging/trainer-requirements.txt", "packaging/constraints.txt"}
    assert copied == {"trainer", "resources", *lists}
