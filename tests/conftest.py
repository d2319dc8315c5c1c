"""What every test is watched for: threads that outlive it, warnings that are logged."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from curator.core.project import Project

if TYPE_CHECKING:
    from curator.ui.app import App

# Projects wait for the disk at every edit, which is half of the suite's time; memory has no such
# wait. Whoever names a folder for what is temporary, or has little memory, gets the disk.
MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK):
    roomy = shutil.disk_usage(MEMORY).free > 4 << 30
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY) if roomy else tempfile.gettempdir()

# How fast examples come says something about the machine, not about the program.
# Half of hypothesis's usual number of examples: the suite has hundreds of properties. They are the
# same in every run, so that no change is refused for what an old one did; "search" looks for more.
settings.register_profile(
    "suite",
    deadline=None,
    max_examples=50,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "search", settings.get_profile("suite"), max_examples=1000, derandomize=False
)
settings.load_profile("suite")


def pytest_collection_finish() -> None:
    """What was imported to collect the tests, torch with it, is no garbage of any of them."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """What was left out goes now, or torch takes it for a leak and tells so."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _no_thread_outlives_its_test() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if not thread.daemon:
            thread.join(timeout=5)
    left = [t for t in set(threading.enumerate()) - before if t.is_alive() and not t.daemon]
    assert not left, f"threads still alive: {left}"


@pytest.fixture(autouse=True)
def _no_warning_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    logged = [r for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not logged, [record.getMessage() for record in logged]


@pytest.fixture
def system_trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of files in a system trash of this test's own, for its children too."""
    if sys.platform in ("win32", "darwin"):
        pytest.skip("the trash of this system can't be put elsewhere")
    from send2trash import plat_other

    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))  # it asks whether a file lies on the same disk as this
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    monkeypatch.setattr(plat_other, "XDG_DATA_HOME", str(home))
    monkeypatch.setattr(plat_other, "HOMETRASH_B", bytes(home / "Trash"))
    return home / "Trash" / "files"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A new, empty project."""
    with Project.create(tmp_path / "project") as made:
        yield made


@pytest.fixture
def open_window(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., App]]:
    """Opens windows (on a project where one is given), and closes them at the end."""
    from tests.helpers.windows import (
        close_app,
        collect,
        open_app,
    )  # Qt is loaded for the tests of windows alone

    opened: list[App] = []
    gc.disable()  # a Qt object that is collected in another thread is an error
    monkeypatch.setattr(gc, "unfreeze", lambda: None)  # a window's end would bring it all back

    def open_one(root: Path | None = None) -> App:
        opened.append(open_app(tmp_path, root))
        return opened[-1]

    yield open_one
    while opened:
        close_app(opened.pop())
    collect()
    gc.enable()
