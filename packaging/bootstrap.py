"""Sets up what Curator needs on this machine, then does what the first word asks for.

Needs Python 3.11 alone, and is one file so that nothing else has to be found to begin. The
environment lies in `.venv`, its state in a stamp; set-up that was interrupted is repaired by
running the same command again. Says what it does on stderr, so that stdout belongs to the command.
"""

from __future__ import annotations

import ast
import contextlib
import ctypes
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_EXTRAS = frozenset({"train", "models"})
EXTRAS = DEFAULT_EXTRAS | {"dev"}
TOOL_WORDS = ("test", "check", "docs")
DOCS_SCREEN = "-screen 0 2720x1600x24"  # holds a window at twice the usual size
UV = "uv>=0.9,<1"
# What belongs to one build of torch; another build (see `torch_backend`) brings its own.
OF_ONE_TORCH = ("cuda-", "nvidia-", "triton")
# What the tests start, by command: the Debian packages that bring it.
TEST_PROGRAMS = {"xvfb-run": ("xvfb", "xauth"), "exiftool": ("libimage-exiftool-perl",)}
# pip's settings that uv has too, but does not read.
UV_FROM_PIP = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
CHECKS = (
    ("-m", "ruff", "check"),
    ("-m", "ruff", "format", "--check"),
    ("-m", "mypy"),
    ("-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"),
)


class SetupError(Exception):
    """What hinders, and what to do about it, in a sentence or two."""


@dataclass(frozen=True)
class House:
    """Where the parts of an installation lie."""

    root: Path

    @property
    def venv(self) -> Path:
        """The environment that set-up makes."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp(self) -> Path:
        """What the environment was set up from; there only when it is whole."""
        return self.venv / "curator-setup.json"

    @property
    def unfinished(self) -> Path:
        """The step that is under way; left behind when it was interrupted."""
        return self.venv / "curator-setup-unfinished"

    @property
    def constraints(self) -> Path:
        """The pinned versions."""
        return self.root / "packaging" / "constraints.txt"


def say(text: str) -> None:
    """Tell the user something without touching stdout."""
    print(text, file=sys.stderr, flush=True)


def run(command: Sequence[str], house: House, environment: Mapping[str, str]) -> bool:
    """Run a step of the set-up in the project's root, output to stderr. True when it went well."""
    done = subprocess.run(command, cwd=house.root, env=environment, stdout=sys.stderr)
    return done.returncode == 0


def output_of(command: Sequence[str], timeout_s: float = 60) -> str | None:
    """What a command prints, None when there is no such command or it fails."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s)
        return done.stdout if done.returncode == 0 else None
    return None


def wanted_extras(asked: str | None, word: str, installed: frozenset[str] | None) -> frozenset[str]:
    """The extras to have: those asked for, else the ones installed, else all.

    Nothing installed is taken away. Tests and checks need everything unless told otherwise.
    """
    if asked is not None:
        names = frozenset(asked.replace(",", " ").split()) - {"none"}
        if unknown := sorted(names - EXTRAS):
            known = ", ".join(sorted(EXTRAS))
            raise SetupError(f'CURATOR_EXTRAS names "{unknown[0]}"; it takes none or: {known}.')
    elif installed is None or word in TOOL_WORDS:
        names = DEFAULT_EXTRAS
    else:
        names = installed
    return names | (installed or frozenset()) | ({"dev"} if word in TOOL_WORDS else frozenset())


def setup_key(house: House) -> str:
    """A digest of all that the environment is made from but its extras, and what tests start."""
    import tomllib  # an older Python gets its sentence in `main` first

    settings = tomllib.loads((house.root / "pyproject.toml").read_text(encoding="utf-8"))
    made_from = {
        "project": settings["project"],
        "build": settings["build-system"],
        "uv": settings["tool"]["uv"],
        "constraints": house.constraints.read_text(encoding="utf-8"),
        "programs": TEST_PROGRAMS,
        "root": str(house.root),
        "python": os.path.realpath(house.python),
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def read_stamp(house: House) -> tuple[str, frozenset[str]] | None:
    """The key and extras of a whole environment, None when there is none."""
    try:
        stamp = json.loads(house.stamp.read_text(encoding="utf-8"))
        return stamp["key"], frozenset(stamp["extras"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def installed_extras(house: House) -> frozenset[str] | None:
    """The extras of a whole environment, None when there is none."""
    stamp = read_stamp(house)
    return stamp[1] if stamp else None


def is_ready(house: House, extras: frozenset[str]) -> bool:
    """Whether the environment is whole, up to date, and has these extras."""
    stamp = read_stamp(house)
    if stamp is None or not house.python.exists():
        return False
    return extras <= stamp[1] and stamp[0] == setup_key(house)


def uv_environment(environment: Mapping[str, str], pip_config: str) -> dict[str, str]:
    """The environment for uv: pip's settings (`pip config list`) where uv has none of its own."""
    found: dict[str, str] = {}
    for line in pip_config.splitlines():  # :env: lines come first and win
        name, _, value = line.partition("=")
        key = UV_FROM_PIP.get(name.rpartition(".")[2])
        if key and value.startswith(("'", '"')):
            separator = "," if key == "UV_FIND_LINKS" else " "
            found.setdefault(key, separator.join(str(ast.literal_eval(value)).split()))
    # Compiled once here, not at the first start of each part: torch alone takes half a minute.
    found["UV_COMPILE_BYTECODE"] = "1"
    if "UV_INDEX" in found:
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # how pip treats further indexes
    older = {"UV_INDEX_URL": "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL": "UV_INDEX"}
    for old, new in older.items():
        if old in environment:
            found.pop(new, None)
    return {**found, **environment}


def torch_backend(
    system: str, driver_cuda: int | None, constraints: str, environment: Mapping[str, str]
) -> str | None:
    """uv's torch backend: "auto" only where a GPU is not served by the registry's ordinary build.

    `system` is sys.platform, `driver_cuda` the newest CUDA the driver knows, None without a GPU.
    """
    if driver_cuda is None or "UV_TORCH_BACKEND" in environment:
        return None
    pinned = re.search(r"^cuda-toolkit==(\d+)", constraints, re.MULTILINE)
    too_old = pinned is not None and driver_cuda < int(pinned[1])
    return "auto" if system == "win32" or (system == "linux" and too_old) else None


def driver_cuda() -> int | None:
    """The newest CUDA that the NVIDIA driver knows, None when there is no NVIDIA GPU."""
    found = re.search(r"CUDA[\w ]* Version:\s*(\d+)", output_of(["nvidia-smi"]) or "")
    return int(found[1]) if found else None


def install_command(house: House, extras: frozenset[str], constraints: Path) -> list[str]:
    """The command that installs the project, in place, with its dependencies and these extras."""
    target = f".[{','.join(sorted(extras))}]" if extras else "."
    command = [str(house.python), "-m", "uv", "pip", "install", "--python", str(house.python)]
    # uv finds [tool.uv] of pyproject.toml because `run` starts it in the root.
    return [*command, "--constraints", str(constraints), "--editable", target]


def install(house: House, extras: frozenset[str], again: bool) -> None:
    """Install what is missing; `again` also what seems to be there, after an interruption."""
    python = str(house.python)
    environment = uv_environment(
        os.environ, output_of([python, "-m", "pip", "config", "list"]) or ""
    )
    if output_of([python, "-m", "uv", "--version"]) is None:
        install_uv(house)
    pins = house.constraints.read_text(encoding="utf-8")
    repair = ["--reinstall"] if again else []
    if extras & DEFAULT_EXTRAS and (
        backend := torch_backend(sys.platform, driver_cuda(), pins, environment)
    ):
        loose = house.venv / "constraints-without-cuda.txt"
        kept = [line for line in pins.splitlines() if not line.startswith(OF_ONE_TORCH)]
        loose.write_text("\n".join(kept) + "\n", encoding="utf-8")
        command = [*install_command(house, extras, loose), "--torch-backend", backend, *repair]
        if run(command, house, environment):
            return
        say("No build of torch for this GPU could be had; the ordinary one is installed instead.")
    if not run([*install_command(house, extras, house.constraints), *repair], house, environment):
        raise SetupError(
            "The packages could not be installed; the reason stands above. Look at the network"
            " connection and the free disk space, then run the same command again: it goes on"
            " where it stopped."
        )


def install_uv(house: House) -> None:
    """Bring uv into the environment with pip."""
    pip = [str(house.python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    done = subprocess.run(
        [*pip, "--force-reinstall", "--retries", "2", UV], capture_output=True, text=True
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SetupError(
            "uv, which installs the rest, could not be downloaded. Look at the network connection"
            f" or pip's settings, then run the same command again. (pip: {reason})"
        )


def apt(packages: Sequence[str], why: str) -> bool:
    """Install Debian packages when root, else print the command. True when they are there."""
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        say(f"{why} Install what your system calls: {names}")
        return False
    if os.geteuid() != 0:
        say(f"{why} Install it with:\n    sudo apt-get install -y {names}")
        return False
    say(f"{why} Installing {names}")
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    output_of([*quietly, "update"], timeout_s=600)
    install = [*quietly, "install", "-y", "--no-install-recommends", *packages]
    if output_of(install, timeout_s=1800) is None:
        say(f"apt-get could not. Try: apt-get update && apt-get install -y {names}")
        return False
    return True


def missing_libraries(house: House) -> list[str]:
    """The Debian packages of the shared libraries that Qt and OpenCV would not find; Linux only."""
    import tomllib

    text = (house.root / "resources" / "system_libraries.toml").read_text(encoding="utf-8")
    return [
        package
        for table in tomllib.loads(text).values()
        for library, package in table.items()
        if not loads(library)
    ]


def missing_programs() -> list[str]:
    """The Debian packages of the programs that the tests would not find."""
    missing = (command for command in TEST_PROGRAMS if not shutil.which(command))
    return [package for command in missing for package in TEST_PROGRAMS[command]]


def loads(library: str) -> bool:
    """Whether the system has this shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def make_environment(house: House) -> None:
    """Make `.venv`, unless there is one that works."""
    interrupted = house.unfinished.exists() and house.unfinished.read_text() == "creating"
    probe = [str(house.python), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    if not interrupted and output_of(probe) is not None:
        return
    if importlib_lacks("ensurepip"):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not apt([package], "Python's venv module is missing."):
            raise SetupError("Without Python's venv module nothing can be set up.")
    shutil.rmtree(house.venv, ignore_errors=True)
    house.venv.mkdir(exist_ok=True)
    house.unfinished.write_text("creating")
    if not run([sys.executable, "-m", "venv", str(house.venv)], house, os.environ):
        raise SetupError(
            f"The environment {house.venv} could not be made; the reason stands above."
        )
    house.unfinished.unlink()


def importlib_lacks(module: str) -> bool:
    """Whether this Python has no such module; asked anew, because apt may just have brought it."""
    return output_of([sys.executable, "-c", f"import {module}"]) is None


def prepare(house: House, asked: str | None, word: str) -> None:
    """Bring the environment to what the word needs; one process at a time."""
    if is_ready(house, wanted_extras(asked, word, installed_extras(house))):
        return
    with only_one(house.root / ".setup.lock"):
        extras = wanted_extras(asked, word, installed_extras(house))
        if is_ready(house, extras):
            return
        more = "with training, 7 GB" if extras & DEFAULT_EXTRAS else "without training, 0.8 GB"
        say(f"Setting up Curator in {house.venv} ({more}).")
        make_environment(house)
        if sys.platform == "linux":
            lacks = missing_libraries(house)
            lacks += missing_programs() if "dev" in extras else []
            if lacks:
                apt(lacks, "System libraries for windows and tests are missing.")
        again = house.unfinished.exists()
        house.unfinished.write_text("installing")
        house.stamp.unlink(missing_ok=True)
        install(house, extras, again)
        stamp = {"key": setup_key(house), "extras": sorted(extras)}
        house.stamp.write_text(json.dumps(stamp), encoding="utf-8")
        house.unfinished.unlink()


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold this lock file; waits while another process does. The system frees it however we end."""
    with path.open("a+") as file:
        if sys.platform == "win32":
            import msvcrt
            import time

            while True:
                with contextlib.suppress(OSError):
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                    break
                time.sleep(0.5)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def typed_command(house: House, folder: Path) -> str:
    """What a user in this folder types to start this program."""
    name = "run.bat" if os.name == "nt" else "run.sh"
    if folder == house.root:
        return f".{os.sep}{name}"
    path = str(house.root / name)
    return subprocess.list2cmdline([path]) if os.name == "nt" else shlex.quote(path)


def main_environment(house: House, word: str) -> tuple[dict[str, str], list[str]]:
    """The command's environment, and what goes before it so that Qt has a screen or needs none."""
    environment = {"OMP_WAIT_POLICY": "passive", **os.environ}
    if word not in TOOL_WORDS:
        environment["CURATOR_COMMAND"] = typed_command(house, Path.cwd())
    drawn = ("demo", "test", "docs")
    if sys.platform != "linux" or word not in drawn or "QT_QPA_PLATFORM" in environment:
        return environment, []
    drawable = not missing_libraries(house)
    if drawable and word == "docs" and (xvfb := shutil.which("xvfb-run")):
        return environment, [xvfb, "-a", "-s", DOCS_SCREEN]
    if drawable and (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return environment, []
    if drawable and word == "test" and shutil.which("Xvfb"):
        return environment, []  # pytest-xvfb gives each worker a screen of its own
    return {**environment, "QT_QPA_PLATFORM": "offscreen"}, []


def commands(house: House, word: str, rest: Sequence[str]) -> list[list[str]]:
    """What to run for a word, in order."""
    python = str(house.python)
    if word == "check":
        return [[python, *check] for check in CHECKS]
    if word == "docs":
        return [[python, str(house.root / "packaging" / "make_docs.py"), *rest]]
    if word == "test":
        workers = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
        return [[python, "-m", "pytest", *(rest or workers)]]
    return [[python, str(house.root / "main.py"), *([word] if word else []), *rest]]


def start(house: House, word: str, rest: Sequence[str]) -> int:
    """Run the command for the word and return its exit code."""
    environment, before = main_environment(house, word)
    todo = [[*before, *command] for command in commands(house, word, rest)]
    if word not in TOOL_WORDS and os.name != "nt":
        os.execve(todo[0][0], todo[0], environment)
    folder = house.root if word in TOOL_WORDS else None
    return max((exit_code(command, folder, environment) for command in todo), key=abs)


def exit_code(command: Sequence[str], folder: Path | None, environment: Mapping[str, str]) -> int:
    """Run a command to its end; Ctrl-C is the command's to answer."""
    process = subprocess.Popen(command, cwd=folder, env=environment)
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()


def main(arguments: Sequence[str]) -> int:
    """Set up, run, and return the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - a sentence instead of a traceback
        say("Curator needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
        return 1
    house, word = House(ROOT), arguments[0] if arguments else ""
    try:
        prepare(house, os.environ.get("CURATOR_EXTRAS"), word)
    except SetupError as failure:
        say(str(failure))
        return 1
    except OSError as error:
        say(f"Setting up failed: {error}.")
        return 1
    except KeyboardInterrupt:
        say("Set-up was interrupted; run the same command again to go on.")
        return 130
    return start(house, word, arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
