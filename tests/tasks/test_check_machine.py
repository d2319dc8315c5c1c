"""The doctor says what works, and survives what does not."""

from __future__ import annotations

import sys

import pytest

from curator.core.jobs import Cancelled, Job, Progress
from curator.tasks import check_machine as doctor


@pytest.fixture(scope="module")
def found() -> dict[str, doctor.Finding]:
    """What the doctor finds on the machine of the tests."""
    return {finding.name: finding for finding in doctor.check_machine(Job())}


def test_every_lack_comes_with_something_to_do(found: dict[str, doctor.Finding]) -> None:
    assert set(found) >= {"Display", "GPU", "Training", "Neural models", "Disk", "Pictures"}
    for finding in found.values():
        assert finding.says
        assert finding.ok is not bool(finding.hint), finding


def test_the_formats_of_scraped_pictures_can_be_read_here(
    found: dict[str, doctor.Finding],
) -> None:
    assert found["Pictures"].ok
    for name in ("jpeg", "png", "webp", "avif", "heif", "jxl"):
        assert name in found["Pictures"].says
    assert found["Videos"].ok


def test_without_torch_training_is_a_lack_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "missing_modules", lambda extra: ["torch"])
    training, models = doctor._torch(has_gpu=False), doctor._onnx(has_gpu=False)
    assert not training.ok
    assert not models.ok
    assert "CURATOR_EXTRAS=train" in training.hint
    assert "CURATOR_EXTRAS=models" in models.hint


def test_a_library_that_takes_its_process_down_is_a_finding_not_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor, "QT_PROBE", "import os; os.abort()")
    monkeypatch.setattr(doctor, "missing_packages", list)
    finding = doctor._qt()
    assert not finding.ok
    assert "does not start" in finding.says


def test_missing_system_libraries_are_named_with_their_packages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux has separate libraries")
    monkeypatch.setattr(doctor, "QT_PROBE", "raise SystemExit(1)")
    monkeypatch.setattr(doctor, "_loads", lambda library: "xcb-cursor" not in library)
    finding = doctor._qt()
    assert "apt-get install -y libxcb-cursor0" in finding.hint


def test_cards_are_read_from_what_the_driver_prints() -> None:
    text = "NVIDIA GeForce RTX 3060, 580.95.05, 12288, 11000\nGB10, 580.95.05, [N/A], [N/A]\n"
    first, second = doctor.parse_gpus(text)
    assert first == doctor.Gpu("NVIDIA GeForce RTX 3060", "580.95.05", 12.0, 11000 / 1024)
    assert second.total_gib == 0


def test_looking_can_be_cancelled() -> None:
    seen: list[Progress] = []
    job = Job(seen.append)
    job.cancel()
    with pytest.raises(Cancelled):
        doctor.check_machine(job)
    assert seen == []
