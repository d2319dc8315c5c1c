"""Fetching a model from a hub on this machine: whole, checked, resumed, cancelled, refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from curator.core.errors import UserError
from curator.core.installed_models import RECORD, installed, left_over, partial_folder
from curator.core.jobs import Cancelled, Job, Progress
from curator.core.model_table import KnownModel
from curator.tasks import download_model as task
from curator.tasks.download_model import download_model
from tests.helpers.hub import COMMIT, Hub, serving

WEIGHTS = bytes(range(256)) * 4000  # about a megabyte
TAGS = b"tag_id,name\n0,a\n"
MODEL = KnownModel(
    "tiny",
    "tagger",
    "Tiny tagger",
    "For tests.",
    "someone/model",
    "main",
    "MIT",
    len(WEIGHTS),
    "model.onnx",
    ("model.onnx", "selected_tags.csv"),
)


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of the test's own, and no long waits."""
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(task, "WAIT_S", 0.01)
    return tmp_path / "models"


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub with the model and something beside it."""
    files = {"model.onnx": WEIGHTS, "selected_tags.csv": TAGS, "model.msgpack": b"not wanted"}
    with serving(Hub(files, large=("model.onnx",))) as serves:
        yield serves


def test_a_model_is_fetched_and_installed_whole(hub: Hub, models: Path) -> None:
    seen: list[Progress] = []
    found = download_model(Job(seen.append), MODEL, hub.endpoint)
    assert found == installed(MODEL)
    assert found.path.read_bytes() == WEIGHTS
    names = sorted(path.name for path in found.path.parent.iterdir())
    assert names == [RECORD, "model.onnx", "selected_tags.csv"]
    assert json.loads((found.path.parent / RECORD).read_text())["revision"] == COMMIT
    assert not partial_folder(MODEL).exists()
    assert (seen[-1].done, seen[-1].total) == (1024, 1024)


def test_what_is_there_already_is_not_fetched_again(hub: Hub) -> None:
    found = download_model(Job(), MODEL, hub.endpoint)
    hub.asked.clear()
    assert download_model(Job(), MODEL, hub.endpoint) == found
    assert hub.asked == []
    found.path.write_bytes(b"spoilt" + WEIGHTS[6:])
    download_model(Job(), MODEL, hub.endpoint)
    assert [name for name, _range in hub.asked] == ["model.onnx"]
    assert found.path.read_bytes() == WEIGHTS


def test_a_connection_that_breaks_is_taken_up_where_it_was(hub: Hub) -> None:
    hub.cut_after = 300_000
    found = download_model(Job(), MODEL, hub.endpoint)
    assert found.path.read_bytes() == WEIGHTS
    ranges = [wanted for name, wanted in hub.asked if name == "model.onnx"]
    assert ranges == ["", "bytes=300000-", "bytes=600000-", "bytes=900000-"]


def test_a_cancelled_download_is_resumed_by_the_next(hub: Hub) -> None:
    job = Job(lambda _progress: job.cancel())
    with pytest.raises(Cancelled):
        download_model(job, MODEL, hub.endpoint)
    assert installed(MODEL) is None
    had = left_over(MODEL)
    assert 0 < had < len(WEIGHTS)
    hub.asked.clear()
    download_model(Job(), MODEL, hub.endpoint)
    assert hub.asked[0] == ("model.onnx", f"bytes={had}-")
    found = installed(MODEL)
    assert found is not None
    assert found.path.read_bytes() == WEIGHTS


def test_a_hub_that_knows_no_ranges_sends_all_again(hub: Hub) -> None:
    hub.knows_ranges = False
    job = Job(lambda _progress: job.cancel())
    with pytest.raises(Cancelled):
        download_model(job, MODEL, hub.endpoint)
    assert download_model(Job(), MODEL, hub.endpoint).path.read_bytes() == WEIGHTS


@pytest.mark.parametrize("name", ["model.onnx", "selected_tags.csv"])
@pytest.mark.parametrize("change", [b"X", b"longer than it was told"])
def test_what_is_not_what_the_hub_told_is_refused_and_deleted(
    hub: Hub, name: str, change: bytes
) -> None:
    right = hub.files[name]
    hub.sent[name] = right[:-1] + change
    with pytest.raises(UserError, match=f"What came as {name}") as refused:
        download_model(Job(), MODEL, hub.endpoint)
    assert "put it into" in refused.value.hint
    assert installed(MODEL) is None
    assert not list(partial_folder(MODEL).glob(f"{name}*"))
    hub.sent.clear()
    assert download_model(Job(), MODEL, hub.endpoint).path.read_bytes() == WEIGHTS


def test_the_hash_of_the_table_counts_before_that_of_the_hub(hub: Hub) -> None:
    pinned = replace(MODEL, sha256={"model.onnx": hashlib.sha256(b"what it was").hexdigest()})
    with pytest.raises(UserError, match=r"What came as model\.onnx"):
        download_model(Job(), pinned, hub.endpoint)


def test_names_with_a_star_are_those_at_the_top(hub: Hub) -> None:
    hub.files |= {"a.json": b"{}", "deep/b.json": b"{}", "..\\c.json": b"{}"}
    pattern = replace(MODEL, files=("*.json",), main="")
    found = download_model(Job(), pattern, hub.endpoint)
    assert sorted(path.name for path in found.path.iterdir()) == sorted(["a.json", RECORD])


def test_a_file_that_the_hub_no_longer_has_is_told(hub: Hub) -> None:
    del hub.files["selected_tags.csv"]
    with pytest.raises(UserError, match=r"has no selected_tags\.csv any more"):
        download_model(Job(), MODEL, hub.endpoint)


@pytest.mark.parametrize("status", [401, 404, 503])
def test_a_hub_that_refuses_is_one_sentence_with_the_way_out(hub: Hub, status: int) -> None:
    hub.status = status
    with pytest.raises(UserError, match=f"it answered {status}") as refused:
        download_model(Job(), MODEL, hub.endpoint)
    assert "model.onnx, selected_tags.csv of someone/model" in refused.value.hint
    assert "choose a file of your own as a tagger" in refused.value.hint


@pytest.mark.parametrize("page", [b"<html>Log in</html>", b"[]", b"{}", b"null"])
def test_a_proxy_that_answers_for_the_hub_is_told(hub: Hub, page: bytes) -> None:
    hub.page = page
    with pytest.raises(UserError, match="what answered is no hub"):
        download_model(Job(), MODEL, hub.endpoint)


def test_a_hub_that_can_not_be_reached_is_one_sentence_with_the_way_out(models: Path) -> None:
    with serving(Hub({})) as gone:
        pass
    with pytest.raises(UserError, match="could not be reached") as refused:
        download_model(Job(), MODEL, gone.endpoint)
    assert str(models / "tiny") in refused.value.hint


def test_a_hub_that_sends_nothing_is_given_up(hub: Hub) -> None:
    hub.sent["model.onnx"] = b""
    with pytest.raises(UserError, match=r"What came as model\.onnx"):
        download_model(Job(), MODEL, hub.endpoint)
    assert len(hub.asked) == task.TRIES


def test_two_never_fetch_the_same_at_once(hub: Hub, models: Path) -> None:
    models.mkdir()
    with FileLock(models / ".tiny.lock"), pytest.raises(UserError, match="already"):
        download_model(Job(), MODEL, hub.endpoint)


def test_a_disk_without_room_is_told_before_anything_is_fetched(hub: Hub, models: Path) -> None:
    models.parent.joinpath("models").write_bytes(b"a file in the way")
    with pytest.raises(UserError, match="could not be written"):
        download_model(Job(), MODEL, hub.endpoint)
    assert hub.asked == []
