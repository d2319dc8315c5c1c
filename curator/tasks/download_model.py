"""Fetches a model of the table from its hub, goes on where it stopped, and keeps what is whole.

The files come into a folder beside the model's own; each is checked before it gets its name, and
the record that makes the model count as installed is written when all are there. `huggingface_hub`
says where the hub is and how it is asked; the rest stands here, because it begins every file anew.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from filelock import FileLock, Timeout

from curator.core.errors import UserError
from curator.core.files import sync_files, write_atomic, write_error
from curator.core.hub_files import HubFile
from curator.core.installed_models import (
    RECORD,
    InstalledModel,
    folder_of,
    installed,
    partial_folder,
)
from curator.core.jobs import Job
from curator.core.model_table import KINDS, KnownModel
from curator.core.readable import size

TIMEOUT_S = 10
TRIES, WAIT_S = 4, 1.0  # in a row that bring nothing, before it is given up
KB = 1000
AGENT = "curator"
_PARTIAL_CONTENT = 206


def download_model(job: Job, model: KnownModel, endpoint: str | None = None) -> InstalledModel:
    """Fetch a model, or what is missing of it; progress counts kilobytes.

    `endpoint`: another hub than the usual one. Cancelled or failed, it keeps what came for the next
    time. Raises UserError when the hub can't be reached, a file is not what it should be, or the
    disk refuses.
    """
    part = partial_folder(model)
    _make(part)
    with _alone(part, model):
        with _hub_errors(model):
            commit, wanted = _listed(model, endpoint)
        _check_room(model, wanted, part)
        fetch = _Fetch(job, model, commit, endpoint, sum(one.size for one in wanted))
        for one in wanted:
            fetch.bring(one, part)
        _install(model, commit, wanted, part)
    shutil.rmtree(part, ignore_errors=True)
    found = installed(model)
    if found is None:
        raise UserError(f"{model.title} is not whole.", _by_hand(model))
    return found


class _Fetch:
    """Brings files one after the other, and tells how far all of them together are."""

    def __init__(
        self, job: Job, model: KnownModel, commit: str, endpoint: str | None, total: int
    ) -> None:
        self._job, self._model, self._commit, self._endpoint = job, model, commit, endpoint
        self._total, self._before = total, 0

    def bring(self, one: HubFile, part: Path) -> None:
        """Have a file whole and checked under its name in `part`."""
        whole, growing = part / one.name, part / f"{one.name}.{(one.sha256 or one.git)[:16]}"
        if not (one.is_at(whole) or one.is_at(folder_of(self._model) / one.name)):
            _make(whole.parent)
            with _hub_errors(self._model):
                self._grow(growing, one)
            self._check(growing, one)
            growing.replace(whole)
        self._before += one.size
        self._tell(0, one)

    def _tell(self, there: int, one: HubFile) -> None:
        done, total = (self._before + there) // KB, max(1, self._total // KB)
        self._job.progress(done, total, f"kB, {Path(one.name).name}")

    def _grow(self, path: Path, one: HubFile) -> None:
        """Append what is missing; a connection that breaks is taken up again."""
        from httpx2 import TransportError

        try:
            with path.open("r+b" if path.exists() else "w+b") as file:
                tries = 0
                while (had := file.seek(0, 2)) < one.size:
                    trouble = None
                    try:
                        self._append(file, had, one)
                    except TransportError as error:
                        trouble = error
                    tries = 0 if file.seek(0, 2) > had else tries + 1
                    if tries == TRIES:
                        raise trouble or _wrong(self._model, one)
                    if tries:
                        self._wait()
        except OSError as error:
            raise write_error(error, path) from error

    def _append(self, file: BinaryIO, had: int, one: HubFile) -> None:
        from huggingface_hub import get_session

        where = f"{self._model.repository}/resolve/{self._commit}/{quote(one.name)}"
        url = f"{_hub(self._endpoint)}/{where}"
        # A range of something compressed would be another one.
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
        if had:
            headers["Range"] = f"bytes={had}-"
        with get_session().stream("GET", url, headers=headers, timeout=TIMEOUT_S) as answer:
            answer.raise_for_status()
            if had and answer.status_code != _PARTIAL_CONTENT:
                had = file.seek(0)
                file.truncate()
            for piece in answer.iter_raw():
                file.write(piece)
                had += len(piece)
                if had > one.size:
                    return
                self._tell(had, one)

    def _wait(self) -> None:
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            self._job.check()
            time.sleep(WAIT_S / 10)

    def _check(self, path: Path, one: HubFile) -> None:
        if not one.is_at(path):
            path.unlink()
            raise _wrong(self._model, one)


def _listed(model: KnownModel, endpoint: str | None) -> tuple[str, list[HubFile]]:
    """The commit that is fetched, and what of it. Raises UserError for a file that is not there."""
    from huggingface_hub import get_session

    # As HfApi.model_info does, which tells the hub much about this machine and asks for more.
    url = f"{_hub(endpoint)}/api/models/{model.repository}/revision"
    answer = get_session().get(
        f"{url}/{quote(model.revision, safe='')}",
        params={"blobs": "true"},
        headers={"User-Agent": AGENT},
        timeout=TIMEOUT_S,
    )
    answer.raise_for_status()
    info = answer.json()
    offered = {one["rfilename"]: one for one in info["siblings"]}
    names: dict[str, None] = {}
    for pattern in model.files:
        # A name with a folder comes from the table alone, so that no other leads out of ours.
        found = [n for n in offered if "/" not in n and "\\" not in n and fnmatchcase(n, pattern)]
        found = [pattern] if pattern in offered else found
        if not found:
            raise UserError(
                f"{model.repository} has no {pattern} any more.",
                f"A newer version of this program may know more. {_by_hand(model)}",
            )
        names |= dict.fromkeys(found)
    return str(info["sha"]), [_wanted(model, offered[name]) for name in names]


def _hub(endpoint: str | None) -> str:
    from huggingface_hub import constants

    return endpoint or str(constants.ENDPOINT)


def _wanted(model: KnownModel, offered: Mapping[str, Any]) -> HubFile:
    name = str(offered["rfilename"])
    sha256 = model.sha256.get(name) or offered.get("lfs", {}).get("sha256", "")
    return HubFile(name, int(offered["size"]), sha256, str(offered["blobId"]))


def _install(model: KnownModel, commit: str, wanted: list[HubFile], part: Path) -> None:
    """Give the files their place; the record comes last."""
    folder = folder_of(model)
    moved = [one for one in wanted if (part / one.name).is_file()]
    try:
        sync_files([part / one.name for one in moved])
        for one in moved:
            _make((folder / one.name).parent)
            (part / one.name).replace(folder / one.name)
    except OSError as error:
        raise write_error(error, folder) from error
    files = {one.name: {"size": one.size, "sha256": one.sha256, "git": one.git} for one in wanted}
    record = {"repository": model.repository, "revision": commit, "files": files}
    write_atomic(folder / RECORD, json.dumps(record, indent=1).encode())


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, folder) from error


@contextmanager
def _alone(part: Path, model: KnownModel) -> Iterator[None]:
    """Hold the folder, so that two never write the same file."""
    try:
        with FileLock(part.parent / f".{model.key}.lock", timeout=0):
            yield
    except Timeout as error:
        raise UserError(f"{model.title} is being downloaded already.", "Wait for it.") from error


def _check_room(model: KnownModel, wanted: list[HubFile], part: Path) -> None:
    there = sum(path.stat().st_size for path in part.rglob("*") if path.is_file())
    missing = sum(one.size for one in wanted) - there
    free = shutil.disk_usage(part).free
    if missing > free:
        raise UserError(
            f"{model.title} needs {size(missing)}; {size(free)} are free where models lie.",
            "Free some space, or set CURATOR_MODELS to a folder on a larger disk.",
        )


@contextmanager
def _hub_errors(model: KnownModel) -> Iterator[None]:
    """What goes wrong between here and the hub, in a sentence with the way out."""
    from httpx2 import HTTPError
    from huggingface_hub.errors import OfflineModeIsEnabled

    try:
        yield
    except OfflineModeIsEnabled as error:
        raise UserError(
            "HF_HUB_OFFLINE is set, so nothing is downloaded.", f"Unset it. {_by_hand(model)}"
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"{model.title} could not be downloaded: what answered is no hub of models.",
            f"A proxy may stand between. {_by_hand(model)}",
        ) from error
    except HTTPError as error:
        answer = getattr(error, "response", None)
        said = f"it answered {answer.status_code}" if answer is not None else _said(error)
        raise UserError(
            f"{model.title} could not be downloaded: {said}.",
            f"Try again later; what came is kept. {_by_hand(model)}",
        ) from error


def _said(error: Exception) -> str:
    words = str(error).strip().rstrip(".")
    return f"the hub could not be reached ({words or type(error).__name__})"


def _wrong(model: KnownModel, one: HubFile) -> UserError:
    return UserError(
        f"What came as {one.name} is not what {model.repository} should send; it was deleted.",
        f"Try again. {_by_hand(model)}",
    )


def _by_hand(model: KnownModel) -> str:
    """The way to a model without the hub."""
    names = ", ".join(model.files)
    return (
        f"Or get {names} of {model.repository} another way and put it into {folder_of(model)}, or"
        f" choose a file of your own as {KINDS[model.kind].one}."
    )
