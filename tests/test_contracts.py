"""The house rules hold, and each import contract really catches the breach it is for."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = [row["name"] for row in SETTINGS["tool"]["importlinter"]["contracts"]]

# A house with a module in each room, in which every contract is kept.
SKELETON = {
    "curator/core/records.py": "",
    "curator/core/query.py": "import curator.core.records",
    "curator/core/store/images.py": "import sqlite3",
    "curator/imaging/load.py": "import curator.core.records, trainer.buckets",
    "curator/ml/taggers.py": "def tag():\n    import onnxruntime",
    "curator/tasks/train_lora.py": "import curator.ml.taggers, trainer.loop",
    "curator/tasks/find_duplicates.py": "import curator.imaging.load",
    "curator/cli/app.py": "import curator.tasks.train_lora, trainer.events",
    "curator/core/base_models.py": "import trainer.base_kinds, trainer.errors, trainer.headers",
    "curator/ui/grid.py": "import PySide6.QtWidgets, curator.tasks.train_lora",
    "curator/ui/panels/captions.py": "import PySide6.QtWidgets, curator.tasks.find_duplicates",
    "curator/ui/panels/history.py": "import PySide6.QtWidgets",
    "trainer/config.py": "",
    "trainer/events.py": "",
    "trainer/buckets.py": "",
    "trainer/dataset.py": "import trainer.buckets",
    "trainer/order.py": "",
    "trainer/control.py": "",
    "trainer/errors.py": "",
    "trainer/headers.py": "",
    "trainer/base_kinds.py": "",
    "trainer/run_counts.py": "",
    "trainer/outline.py": "",
    "trainer/estimates.py": "",
    "trainer/measured.py": "",
    "trainer/curves.py": "",
    "trainer/launched.py": "",
    "trainer/captions.py": "",
    "trainer/reading.py": "",
    "trainer/regularization.py": "",
    "trainer/held_out.py": "",
    "trainer/subsets.py": "",
    "trainer/interop/kohya.py": "import trainer.config",
    "trainer/families/sd1.py": "import torch",
    "trainer/families/sdxl.py": "import torch",
    "trainer/adapters/lora.py": "import torch",
    "trainer/loop.py": "import torch, trainer.families.sd1",
}

# Contract -> modules rewritten so that it alone is broken.
BREACHES: dict[str, list[dict[str, str]]] = {
    "Layers of the app: each imports only what stands below it": [
        {"curator/core/records.py": "import curator.imaging.load"},
        {"curator/core/records.py": "import curator.tasks.find_duplicates"},
        {"curator/core/store/images.py": "import sqlite3, curator.cli.app"},
    ],
    "Qt lives in curator.ui and nowhere else": [
        {"curator/tasks/find_duplicates.py": "import PySide6.QtCore"},
        {"trainer/loop.py": "def show():\n    from PySide6 import QtCore"},
    ],
    "The trainer stands alone": [{"trainer/loop.py": "import curator.core.records"}],
    "The app knows of the trainer only what needs no torch; tasks may import the rest lazily": [
        {"curator/core/records.py": "import trainer.loop"},
        {"curator/cli/app.py": "import trainer.families.sd1"},
    ],
    "Torch stays out of the core, the window and the shared words": [
        {"curator/core/records.py": "import torch"},
        {"curator/ui/grid.py": "def f():\n    from transformers import pipeline"},
        {"trainer/interop/kohya.py": "import torch.nn"},
        {"trainer/order.py": "import torch"},
        {"trainer/base_kinds.py": "import torch"},
    ],
    "SQL lives in curator.core.store": [
        {"curator/tasks/find_duplicates.py": "import sqlite3"},
        {"curator/core/query.py": "from sqlite3 import connect"},
    ],
    "Model families and adapters do not know each other": [
        {"trainer/families/sdxl.py": "import trainer.families.sd1"},
        {"trainer/families/sd1.py": "import trainer.adapters.lora"},
    ],
    "No cycles among siblings": [
        {"curator/core/records.py": "import curator.core.query"},
        {"trainer/buckets.py": "import trainer.dataset"},
        {
            "curator/ui/panels/captions.py": "import curator.ui.grid",
            "curator/ui/grid.py": "import curator.ui.panels.captions",
        },
    ],
    "Panels do not know their siblings": [
        {"curator/ui/panels/captions.py": "import curator.ui.panels.history"},
    ],
    "Tasks do not know their siblings": [
        {"curator/tasks/train_lora.py": "import curator.tasks.find_duplicates, curator.ml.taggers"},
    ],
    "Only tasks reach the neural models": [
        {"curator/cli/app.py": "import curator.ml.taggers"},
        {"curator/ui/grid.py": "import curator.ml.taggers"},
    ],
}


def broken_contracts(folder: Path, modules: dict[str, str]) -> set[str]:
    """The contracts that lint-imports reports as broken for a house of these modules."""
    for name, text in modules.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for package in path.relative_to(folder).parents[:-1]:
            (folder / package / "__init__.py").touch()
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    code = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    said = " ".join(done.stdout.split())
    assert "Contracts:" in said, done.stdout + done.stderr
    return {name for name in CONTRACTS if f"{name} BROKEN" in said}


def test_a_house_without_breaches_keeps_every_contract(tmp_path: Path) -> None:
    assert broken_contracts(tmp_path, SKELETON) == set()


def test_every_contract_has_a_breach_to_prove_it() -> None:
    assert set(BREACHES) == set(CONTRACTS)


@pytest.mark.parametrize(
    ("contract", "breach"),
    [(name, breach) for name, breaches in BREACHES.items() for breach in breaches],
    ids=lambda value: value[:20] if isinstance(value, str) else "+".join(value),
)
def test_a_breach_breaks_its_contract_and_no_other(
    contract: str, breach: dict[str, str], tmp_path: Path
) -> None:
    assert broken_contracts(tmp_path, SKELETON | breach) == {contract}


def own_files(*suffixes: str) -> Iterator[Path]:
    """The project's own files with these suffixes (all without), not what is built or installed."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if (not name.startswith(".") or name == ".ci") and name not in {"__pycache__", "build"}
        ]
        for name in names:
            path = Path(folder) / name
            if not suffixes or path.suffix in suffixes:
                yield path


def names_of(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


LONGER_WITH_A_REASON = {
    "packaging/bootstrap.py": "a bare Python runs this one file, before anything can be imported",
}


def test_no_file_of_code_has_more_than_300_lines() -> None:
    """Tests may: each mirrors one module, however much there is to say about it."""
    longer = [p for p in own_files(".py") if len(p.read_text(encoding="utf-8").splitlines()) > 300]
    names = [name for name in names_of(longer) if not name.startswith("tests/")]
    assert sorted(names) == sorted(LONGER_WITH_A_REASON)


def test_every_module_opens_with_a_docstring() -> None:
    def lacks_docstring(path: Path) -> bool:
        return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None

    assert names_of([path for path in own_files(".py") if lacks_docstring(path)]) == []


def test_no_module_is_named_for_nothing() -> None:
    names = {
        "utils",
        "util",
        "helpers",
        "common",
        "misc",
        "base",
        "manager",
        "handler",
        "controller",
    }
    modules = [p for room in ("curator", "trainer") for p in (ROOT / room).rglob("*")]
    assert names_of([path for path in modules if path.stem in names]) == []


# Put together here so that this file does not match.
ADDRESSES = re.compile(
    "|".join(["py" + r"pi\.org", "python" + "hosted", r"download\.py" + "torch"])
)
MACHINE_PATHS = re.compile(
    "|".join([re.escape(str(ROOT)), r"/ro" + "ot/", r"/ho" + r"me/\w+/", r"/Us" + r"ers/\w+/"])
)
TEXT_SUFFIXES = (".py", ".md", ".toml", ".txt", ".json", ".yaml", ".yml", ".sh", ".bat", "", ".cfg")


@pytest.mark.parametrize("pattern", [ADDRESSES, MACHINE_PATHS], ids=["registry", "machine path"])
def test_no_file_holds_a_registry_host_or_a_path_of_one_machine(pattern: re.Pattern[str]) -> None:
    hits = [p for p in own_files(*TEXT_SUFFIXES) if pattern.search(p.read_text(encoding="utf-8"))]
    assert names_of(hits) == []


HEAVY = ("torch", "diffusers", "transformers", "peft", "onnxruntime", "transparent_background")
LIGHT_TRAINER = (
    *("config", "events", "buckets", "dataset", "order", "control", "interop"),
    *("errors", "headers", "base_kinds", "run_counts"),
)


def modules_of(package: str) -> list[str]:
    """Every module of a package, by its files."""
    folder = ROOT / package.replace(".", "/")
    parts = [path.relative_to(ROOT).with_suffix("").parts for path in sorted(folder.rglob("*.py"))]
    return [".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts]


def loaded_by(modules: list[str]) -> set[str]:
    """The top-level packages in a fresh process after these modules were imported."""
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    code += "print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code, *modules], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_nothing_heavy_is_loaded_by_importing_the_app() -> None:
    modules = modules_of("curator") + [f"trainer.{name}" for name in LIGHT_TRAINER]
    assert loaded_by(modules) & set(HEAVY) == set()


def test_qt_is_loaded_by_no_module_outside_the_window() -> None:
    modules = [name for name in modules_of("curator") if not name.startswith("curator.ui")]
    assert "PySide6" not in loaded_by(modules)
    on_a_rented_machine = loaded_by(["trainer.__main__", "trainer.loop", "trainer.together"])
    assert not {"PySide6", "curator"} & on_a_rented_machine
