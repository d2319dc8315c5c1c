"""The way into the program: what main.py starts for which arguments."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run_main(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """main.py in a process of its own, started from another folder."""
    environment = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    command = [sys.executable, str(ROOT / "main.py"), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_without_a_display_the_window_says_so(tmp_path: Path) -> None:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {key: value for key, value in os.environ.items() if key not in screens}
    command = [sys.executable, str(ROOT / "main.py")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("There is no display")


def wait_until_it_hears(process: subprocess.Popen[bytes]) -> None:
    """Until it does something of its own at SIGTERM, which is once its window is there."""
    status = Path(f"/proc/{process.pid}/status")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None
        caught = re.search(r"SigCgt:\s*(\w+)", status.read_text()) if status.exists() else None
        if caught and int(caught[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.05)
    assert not status.exists()  # elsewhere than on Linux a minute must be enough


def test_without_arguments_the_window_opens_and_a_signal_closes_it(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    process = subprocess.Popen([sys.executable, str(ROOT / "main.py")], env=environment)
    try:
        wait_until_it_hears(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()
    assert (tmp_path / "curator" / "window.ini").is_file()


def test_help_lists_the_commands(tmp_path: Path) -> None:
    done = run_main(tmp_path, "--help")
    assert done.returncode == 0
    assert "new" in done.stdout
    assert "import" in done.stdout


def test_with_arguments_it_is_the_command_line(tmp_path: Path) -> None:
    done = run_main(tmp_path, "new", "here")
    assert done.returncode == 0
    assert (tmp_path / "here" / "project.db").is_file()


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    assert run_main(tmp_path, "no-such-command").returncode == 2


def test_it_is_the_trainer_of_a_frozen_app_too(tmp_path: Path) -> None:
    done = run_main(tmp_path, "--trainer", "missing.toml")
    assert done.returncode == 1
    assert "missing.toml" in done.stderr


def test_idle_training_threads_are_told_to_sleep_before_torch_is_loaded() -> None:
    code = (
        "import os, main\n"
        "try: main.main(['--trainer', '--help'])\n"
        "except SystemExit: pass\n"
        "print(os.environ['OMP_WAIT_POLICY'])"
    )
    environment = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.split()[-1] == "passive"
