"""The set-up: what it decides, and that it makes a working curation-only installation."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PINS = "torch==2.15.0\ncuda-toolkit==13.2.2 ; sys_platform == 'linux'\n"
needs_sh = pytest.mark.skipif(os.name == "nt", reason="run.sh is for systems with a POSIX shell")


def load_bootstrap() -> ModuleType:
    """packaging/bootstrap.py as a module; it comes before the packages and lies outside them."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "packaging" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bootstrap"] = module
    spec.loader.exec_module(module)
    return module


bootstrap = load_bootstrap()


def copy_of_the_project(folder: Path) -> Path:
    """The project's files as a user gets them, without an environment."""
    left_out = shutil.ignore_patterns(".*", "__pycache__", "tests", "bench")
    return Path(shutil.copytree(ROOT, folder / "curator", ignore=left_out))


def set_up(root: Path, extras: list[str]) -> object:
    """A house with a finished environment, as far as the stamp can tell."""
    house = bootstrap.House(root)
    house.python.parent.mkdir(parents=True)
    house.python.touch()
    house.stamp.write_text(json.dumps({"key": bootstrap.setup_key(house), "extras": extras}))
    return house


@pytest.mark.parametrize(
    ("asked", "word", "installed", "wanted"),
    [
        (None, "demo", None, {"train", "models"}),
        (None, "test", None, {"train", "models", "dev"}),
        ("none", "list", None, set()),
        ("train", "list", None, {"train"}),
        ("train, models", "check", None, {"train", "models", "dev"}),
        (None, "list", frozenset(), set()),  # a curation-only installation stays one
        (None, "test", frozenset(), {"train", "models", "dev"}),
        ("none", "list", frozenset({"train"}), {"train"}),  # nothing is taken away
        ("models", "list", frozenset({"train"}), {"train", "models"}),
    ],
)
def test_extras_are_those_asked_for_else_those_installed_else_all(
    asked: str | None, word: str, installed: frozenset[str] | None, wanted: set[str]
) -> None:
    assert bootstrap.wanted_extras(asked, word, installed) == wanted


def test_an_unknown_extra_is_named() -> None:
    with pytest.raises(bootstrap.SetupError, match='names "everything"'):
        bootstrap.wanted_extras("train,everything", "demo", None)


def test_a_finished_set_up_is_recognised(tmp_path: Path) -> None:
    house = set_up(copy_of_the_project(tmp_path), ["train"])
    assert bootstrap.is_ready(house, frozenset({"train"}))
    assert not bootstrap.is_ready(house, frozenset({"train", "dev"}))


@pytest.mark.parametrize("name", ["packaging/constraints.txt", "pyproject.toml"])
def test_changed_dependencies_are_set_up_anew(name: str, tmp_path: Path) -> None:
    root = copy_of_the_project(tmp_path)
    house = set_up(root, [])
    path = root / name
    path.write_text(path.read_text().replace("pillow", "pillow-simd"))
    assert not bootstrap.is_ready(house, frozenset())


def test_changed_tool_settings_need_no_set_up(tmp_path: Path) -> None:
    root = copy_of_the_project(tmp_path)
    house = set_up(root, [])
    path = root / "pyproject.toml"
    path.write_text(path.read_text().replace("line-length = 100", "line-length = 90"))
    assert bootstrap.is_ready(house, frozenset())


def test_a_moved_folder_is_set_up_anew(tmp_path: Path) -> None:
    root = copy_of_the_project(tmp_path)
    set_up(root, [])
    moved = Path(shutil.move(root, tmp_path / "elsewhere"))
    assert not bootstrap.is_ready(bootstrap.House(moved), frozenset())


@pytest.mark.parametrize("text", ["", "{", "{}", "[]"])
def test_a_damaged_stamp_counts_as_none(text: str, tmp_path: Path) -> None:
    house = set_up(copy_of_the_project(tmp_path), [])
    house.stamp.write_text(text)  # type: ignore[attr-defined]
    assert bootstrap.installed_extras(house) is None
    assert not bootstrap.is_ready(house, frozenset())


def test_the_settings_of_pip_are_handed_to_uv() -> None:
    config = (
        ":env:.find-links='/a /b'\nglobal.find-links='/c'\nglobal.index-url='https://one/simple'\n"
        "global.extra-index-url='https://two/simple'\nglobal.require-virtualenv='true'\n"
    )
    assert bootstrap.uv_environment({"PATH": "/bin"}, config) == {
        "PATH": "/bin",
        "UV_COMPILE_BYTECODE": "1",
        "UV_FIND_LINKS": "/a,/b",
        "UV_DEFAULT_INDEX": "https://one/simple",
        "UV_INDEX": "https://two/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


@pytest.mark.parametrize("key", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_what_uv_is_told_itself_wins_over_pip_and_us(key: str) -> None:
    environment = {key: "https://mine/simple", "UV_COMPILE_BYTECODE": "0"}
    config = "global.index-url='https://one/simple'\n"
    assert bootstrap.uv_environment(environment, config) == environment


@pytest.mark.parametrize(
    ("system", "driver", "backend"),
    [
        ("linux", None, None),
        ("linux", 13, None),
        ("linux", 12, "auto"),
        ("win32", 13, "auto"),
        ("win32", None, None),
        ("darwin", None, None),
    ],
)
def test_another_build_of_torch_is_asked_for_only_where_the_ordinary_one_does_not_fit(
    system: str, driver: int | None, backend: str | None
) -> None:
    assert bootstrap.torch_backend(system, driver, PINS, {}) == backend


def test_the_users_own_choice_of_torch_backend_stands() -> None:
    assert bootstrap.torch_backend("win32", 13, PINS, {"UV_TORCH_BACKEND": "cpu"}) is None


@needs_sh
@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("| NVIDIA-SMI 580.95.05   Driver Version: 580.95.05   CUDA Version: 13.0 |", 13),
        ("| NVIDIA-SMI 550.54   Driver Version: 550.54   CUDA Version: 12.4     |", 12),
        ("No devices were found", None),
    ],
)
def test_the_drivers_cuda_is_read_from_nvidia_smi(
    line: str, version: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\necho '{line}'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert bootstrap.driver_cuda() == version


def test_words_become_commands_of_the_environment(tmp_path: Path) -> None:
    house = bootstrap.House(tmp_path)
    python, main = str(house.python), str(tmp_path / "main.py")
    assert bootstrap.commands(house, "", []) == [[python, main]]
    assert bootstrap.commands(house, "list", ["my dir"]) == [[python, main, "list", "my dir"]]
    assert bootstrap.commands(house, "test", ["-k", "undo"]) == [
        [python, "-m", "pytest", "-k", "undo"]
    ]
    tools = [command[2] for command in bootstrap.commands(house, "check", [])]
    assert tools[:3] == ["ruff", "ruff", "mypy"]


def test_idle_training_threads_sleep_and_demo_needs_no_display(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OMP_WAIT_POLICY", "QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    environment, before = bootstrap.main_environment(bootstrap.House(ROOT), "demo")
    assert environment["OMP_WAIT_POLICY"] == "passive"
    assert (environment["QT_QPA_PLATFORM"], before) == ("offscreen", [])
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    assert (
        bootstrap.main_environment(bootstrap.House(ROOT), "list")[0]["OMP_WAIT_POLICY"] == "active"
    )


@needs_sh
def test_without_root_the_command_that_installs_system_packages_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not bootstrap.apt(["libxcb-cursor0", "xvfb"], "Something is missing.")
    said = capsys.readouterr()
    assert "sudo apt-get install -y libxcb-cursor0 xvfb" in said.err
    assert said.out == ""


def test_missing_libraries_are_named_by_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "loads", lambda library: "xcb" not in library)
    missing = bootstrap.missing_libraries(bootstrap.House(ROOT))
    assert "libxcb-cursor0" in missing
    assert "libgl1" not in missing


@needs_sh
def test_programs_that_only_tests_need_are_named_by_their_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.missing_programs() == ["xvfb", "xauth", "libimage-exiftool-perl"]
    (tmp_path / "xvfb-run").write_text("#!/bin/sh\n")
    (tmp_path / "xvfb-run").chmod(0o755)
    assert bootstrap.missing_programs() == ["libimage-exiftool-perl"]


@needs_sh
def test_a_failed_download_gives_one_clear_sentence(tmp_path: Path) -> None:
    house = bootstrap.House(tmp_path)
    house.python.parent.mkdir(parents=True)
    house.python.write_text(
        "#!/bin/sh\necho 'WARNING: retrying' >&2; echo 'no route' >&2; exit 1\n"
    )
    house.python.chmod(0o755)
    with pytest.raises(bootstrap.SetupError) as caught:
        bootstrap.install_uv(house)
    assert "could not be downloaded" in str(caught.value)
    assert "(pip: no route)" in str(caught.value)


def test_the_pins_are_versions_and_no_addresses() -> None:
    pins = (ROOT / "packaging" / "constraints.txt").read_text().splitlines()
    assert all("==" in line and "://" not in line and "@" not in line for line in pins)
    assert not any(line.startswith("opencv-python-headless") for line in pins)


@needs_sh
def test_without_a_new_enough_python_run_sh_says_so(tmp_path: Path) -> None:
    for name in ("dirname", "sh"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    done = subprocess.run([ROOT / "run.sh"], env={"PATH": str(tmp_path)}, capture_output=True)
    assert done.returncode == 1
    assert b"needs Python 3.11 or newer" in done.stderr


def interrupt_making(house: object) -> None:
    """An environment that looks whole, whose making was interrupted."""
    house.python.parent.mkdir(parents=True)  # type: ignore[attr-defined]
    house.python.symlink_to(sys.executable)  # type: ignore[attr-defined]
    house.unfinished.write_text("creating")  # type: ignore[attr-defined]


def run_sh(root: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """./run.sh with these arguments, for curation only, started in the root."""
    # Only what is used is compiled: to compile all would take half a minute.
    environment = {**os.environ, "CURATOR_EXTRAS": "none", "UV_COMPILE_BYTECODE": "0"}
    command = [root / "run.sh", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)


@needs_sh
@pytest.mark.slow
def test_curation_works_where_torch_and_onnxruntime_are_not_installed(tmp_path: Path) -> None:
    """Set up by the real bootstrap after an interruption; it needs the network, as any set-up."""
    root, pictures, project = copy_of_the_project(tmp_path), tmp_path / "heap", tmp_path / "project"
    house = bootstrap.House(root)
    interrupt_making(house)
    pictures.mkdir()
    for name, colour in {"a": "red", "b": "green"}.items():
        Image.new("RGB", (64, 48), colour).save(pictures / f"{name}.png")
    for command in (
        ["new", project],
        ["import", project, pictures],
        ["rate", project, "1", "name:a"],
    ):
        done = run_sh(root, *command)
        assert done.returncode == 0, done.stderr
        assert ("Setting up" in done.stderr) == (command[0] == "new")
    done = run_sh(root, "list", project, "--json")
    assert "Setting up" not in done.stderr  # a second time
    assert {row["source"][-5:]: row["rating"] for row in json.loads(done.stdout)} == {
        "a.png": 1,
        "b.png": 0,
    }
    assert not house.unfinished.exists()
    prefix = subprocess.run(
        [house.python, "-c", "import sys; print(sys.prefix)"], capture_output=True
    )
    assert Path(prefix.stdout.decode().strip()) == house.venv  # made again, not taken as it was
    installed = {path.name.partition("-")[0] for path in (root / ".venv").rglob("*.dist-info")}
    assert "opencv_python" in installed
    assert not installed & {"torch", "onnxruntime_gpu", "onnxruntime", "opencv_python_headless"}
    done = run_sh(root, "train", project)
    assert done.returncode == 1
    assert "CURATOR_EXTRAS=train" in done.stderr
