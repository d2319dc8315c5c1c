"""What works on this machine and what does not, in plain words, and what to do about each lack.

Everything that could take the process down with it (Qt, torch, ONNX) is tried in a child process.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401 - registers itself with Pillow
import psutil
from PIL import Image

from curator.core.extras import install_hint, missing_modules
from curator.core.jobs import Job

LIBRARIES = Path(__file__).resolve().parents[2] / "resources" / "system_libraries.toml"
GIB = 1024**3
# Room for the packages, a base model, and a run's checkpoints; below it something will fill up.
ENOUGH_DISK_GIB, ENOUGH_MEMORY_GIB, ENOUGH_VRAM_GIB = 10.0, 4.0, 5.0
CHILD_TIMEOUT_S = 180
PICTURE_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "JXL", "GIF", "TIFF")

QT_PROBE = """
import json
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
print(json.dumps({"platform": app.platformName(), "version": qVersion()}))
"""
TORCH_PROBE = """
import json, torch
cuda = torch.cuda.is_available()
print(json.dumps({
    "version": torch.__version__, "built_for": torch.version.cuda, "cuda": cuda,
    "name": torch.cuda.get_device_name() if cuda else "",
    "bf16": cuda and torch.cuda.is_bf16_supported(),
    "mps": torch.backends.mps.is_available(), "threads": torch.get_num_threads(),
}))
"""
# The smallest model, one Identity node: which provider a session really gets, it alone can tell.
ONNX_PROBE = """
import json, onnxruntime
model = bytes.fromhex(
    "08083a370a100a017812017922084964656e746974791201675a0f0a0178120a"
    "0a08080112040a020801620f0a0179120a0a08080112040a0208014202100d"
)
if hasattr(onnxruntime, "preload_dlls"):
    onnxruntime.preload_dlls()
onnxruntime.set_default_logger_severity(4)
offered = [p for p in onnxruntime.get_available_providers() if "Tensorrt" not in p]
session = onnxruntime.InferenceSession(model, providers=offered)
print(json.dumps({
    "version": onnxruntime.__version__, "offered": offered, "used": session.get_providers(),
}))
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is as it should be, and what to do if not."""

    name: str
    ok: bool
    says: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Gpu:
    """An NVIDIA card as its driver describes it."""

    name: str
    driver: str
    total_gib: float
    free_gib: float


def check_machine(job: Job) -> list[Finding]:
    """Look at everything; takes some seconds where torch is installed."""
    gpus = nvidia_gpus()
    checks: Mapping[str, Callable[[], Finding]] = {
        "Python": _python,
        "Display": _qt,
        "GPU": lambda: _gpu(gpus),
        "Training": lambda: _torch(bool(gpus)),
        "Neural models": lambda: _onnx(bool(gpus)),
        "Memory": _memory,
        "Disk": _disk,
        "Pictures": _pictures,
        "Videos": _videos,
    }
    findings = []
    for done, (name, check) in enumerate(checks.items()):
        job.progress(done, len(checks), name)
        findings.append(check())
    job.progress(len(checks), len(checks))
    return findings


def nvidia_gpus() -> list[Gpu]:
    """The NVIDIA cards that `nvidia-smi` reports."""
    fields = "name,driver_version,memory.total,memory.free"
    command = ["nvidia-smi", f"--query-gpu={fields}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return parse_gpus(done.stdout) if done.returncode == 0 else []


def parse_gpus(text: str) -> list[Gpu]:
    """The cards in nvidia-smi's CSV; a size it does not know ("[N/A]") counts as 0."""
    gpus = []
    for line in text.splitlines():
        name, driver, total, free = (part.strip() for part in line.rsplit(",", 3))
        sizes = [int(mib) / 1024 if mib.isdecimal() else 0.0 for mib in (total, free)]
        gpus.append(Gpu(name, driver, *sizes))
    return gpus


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Python", True, f"Python {version} on {sys.platform}.")


def _qt() -> Finding:
    seen, _error = _probe(QT_PROBE)
    if seen and seen["platform"] not in ("offscreen", "minimal"):
        return Finding("Display", True, f"Qt {seen['version']} draws on {seen['platform']}.")
    if packages := missing_packages():
        names = " ".join(packages)
        says = "Qt can't show windows: system libraries are missing. The command line works."
        return Finding("Display", False, says, f"Install them: sudo apt-get install -y {names}")
    offscreen, error = _probe(QT_PROBE, {"QT_QPA_PLATFORM": "offscreen"})
    if offscreen is None:
        return Finding(
            "Display", False, f"Qt does not start: {error}", "Delete .venv; start again."
        )
    says = f"Qt {offscreen['version']} works, but there is no display to show windows on."
    return Finding("Display", False, says, "Start it from a desktop; the command line needs none.")


def missing_packages() -> list[str]:
    """The Debian packages of the shared libraries that Qt and OpenCV miss; empty but on Linux."""
    if sys.platform != "linux":
        return []
    tables = tomllib.loads(LIBRARIES.read_text(encoding="utf-8"))
    libraries = {name: package for table in tables.values() for name, package in table.items()}
    return [package for name, package in libraries.items() if not _loads(name)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _gpu(gpus: list[Gpu]) -> Finding:
    if not gpus and sys.platform == "darwin":
        return Finding("GPU", True, "No NVIDIA GPU; training uses Apple's GPU if torch can.")
    if not gpus:
        says = "No NVIDIA GPU was found: training real models would take days on the processor."
        hint = "The practice model (`demo`) trains anywhere; for more, use a machine with a GPU."
        return Finding("GPU", False, says, hint)
    says = "; ".join(
        f"{gpu.name}, driver {gpu.driver}, {gpu.free_gib:.1f} of {gpu.total_gib:.1f} GiB free"
        for gpu in gpus
    )
    ok = max(gpu.free_gib for gpu in gpus) >= ENOUGH_VRAM_GIB
    hint = "Close other programs that use the GPU; SD 1.5 trains in about 5 GiB."
    return Finding("GPU", ok, says + ".", "" if ok else hint)


def _torch(has_gpu: bool) -> Finding:
    if missing := missing_modules("train"):
        says = f"Training is not installed: {missing[0]} is missing. Curation works without it."
        return Finding("Training", False, says, install_hint("train"))
    seen, error = _probe(TORCH_PROBE)
    if seen is None:
        return Finding(
            "Training", False, f"torch does not start: {error}", "Delete .venv; start again."
        )
    if seen["cuda"]:
        kind = "bf16" if seen["bf16"] else "fp16"
        says = f"torch {seen['version']} trains on {seen['name']} in {kind}."
        return Finding("Training", True, says)
    if seen["mps"]:
        return Finding("Training", True, f"torch {seen['version']} trains on Apple's GPU.")
    where = f"torch {seen['version']} trains on the processor with {seen['threads']} threads"
    if not has_gpu:
        return Finding("Training", True, f"{where}.")
    hint = "Update the NVIDIA driver."
    if seen["built_for"] is None:
        hint = "This torch is built without CUDA: delete .venv and run the same command again."
    return Finding("Training", False, f"{where}, although there is an NVIDIA GPU.", hint)


def _onnx(has_gpu: bool) -> Finding:
    if missing := missing_modules("models"):
        says = f"Neural models are not installed: {missing[0]} is missing. Curation works without."
        return Finding("Neural models", False, says, install_hint("models"))
    seen, error = _probe(ONNX_PROBE)
    if seen is None:
        says = f"onnxruntime does not start: {error}"
        return Finding("Neural models", False, says, "Delete .venv; start again.")
    used = [provider.removesuffix("ExecutionProvider") for provider in seen["used"]]
    says = f"onnxruntime {seen['version']} computes on {', '.join(used)}."
    ok = not has_gpu or used[0] != "CPU"
    hint = "Update the NVIDIA driver; until then taggers run on the processor."
    return Finding("Neural models", ok, says, "" if ok else hint)


def _memory() -> Finding:
    memory = psutil.virtual_memory()
    free = memory.available / GIB
    says = f"{free:.1f} of {memory.total / GIB:.1f} GiB free."
    ok = free >= ENOUGH_MEMORY_GIB
    return Finding("Memory", ok, says, "" if ok else "Close other programs before training.")


def _disk() -> Finding:
    free = psutil.disk_usage(str(Path.cwd())).free / GIB
    ok = free >= ENOUGH_DISK_GIB
    hint = "Make room: a base model takes 2 to 7 GiB, each checkpoint 20 to 300 MiB."
    return Finding("Disk", ok, f"{free:.0f} GiB free in {Path.cwd()}.", "" if ok else hint)


def _pictures() -> Finding:
    pillow_heif.register_heif_opener()
    broken = [name for name in PICTURE_FORMATS if not _round_trip(name)]
    works = ", ".join(name.lower() for name in PICTURE_FORMATS if name not in broken)
    hint = f"For {', '.join(broken).lower()}: delete .venv and run the same command again."
    return Finding("Pictures", not broken, f"{works} can be read.", hint if broken else "")


def _round_trip(name: str) -> bool:
    file = io.BytesIO()
    try:
        Image.new("RGB", (32, 32), "red").save(file, name)
        with Image.open(file) as picture:
            picture.load()
            return picture.format == name
    except (OSError, KeyError):
        return False


def _videos() -> Finding:
    try:
        import cv2  # needs system libraries, which may be what is missing
    except ImportError as error:
        hint = f"Install them: sudo apt-get install -y {' '.join(missing_packages())}"
        return Finding("Videos", False, f"OpenCV does not start: {error}", hint)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "check.mp4")
        writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"mp4v"), 10, (64, 64))
        for _ in range(3):
            writer.write(np.zeros((64, 64, 3), np.uint8))
        writer.release()
        video = cv2.VideoCapture(path)
        ok, _frame = video.read()
        video.release()
    if ok:
        return Finding("Videos", True, f"OpenCV {cv2.__version__} reads them.")
    return Finding("Videos", False, "OpenCV can't read videos.", "Delete .venv; start again.")


def _probe(
    code: str, more_environment: Mapping[str, str] | None = None
) -> tuple[dict[str, Any] | None, str]:
    """What a child process running `code` prints as JSON at its end, or None and its last words."""
    environment = {**os.environ, **(more_environment or {})}
    command = [sys.executable, "-c", code]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=CHILD_TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        return None, f"no answer within {CHILD_TIMEOUT_S} s."
    if done.returncode != 0:
        return None, (done.stderr.strip().splitlines() or [f"exit code {done.returncode}."])[-1]
    return json.loads(done.stdout.splitlines()[-1]), ""
