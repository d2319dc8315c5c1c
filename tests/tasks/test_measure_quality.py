"""Measuring a project's pictures: what is missing, in batches that outlive a stop."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from curator.core.installed_models import use_file
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.tasks import measure_quality as task
from curator.tasks.measure_quality import Measuring, QualityReport, measure_quality
from tests.helpers.degraded import blurred
from tests.helpers.imported import bring_in
from tests.helpers.onnx_files import write_white_finder
from tests.helpers.pictures import draw, photo
from tests.helpers.projects import fill


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of the test's own."""
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


def measure(project: Project, query: str = "") -> QualityReport:
    return measure_quality(Job(), project, query, Measuring(counts_faces=True))


def test_what_is_missing_is_measured_once(project: Project, tmp_path: Path) -> None:
    first = bring_in(project, tmp_path / "a", {"a.png": draw(1), "b.png": draw(2)})
    assert len(measure(project).measured) == 2
    assert measure(project) == QualityReport((), ())
    second = bring_in(project, tmp_path / "b", {"c.png": draw(3)})
    assert measure(project).measured == (second["c.png"].id,)
    assert len(project.measures([*(i.id for i in first.values()), second["c.png"].id])) == 3


def test_only_what_the_query_finds_is_measured(project: Project, tmp_path: Path) -> None:
    images = bring_in(project, tmp_path / "a", {"a.png": draw(1), "b.png": draw(2)})
    assert measure(project, "name:b OR name:c").measured == (images["b.png"].id,)


def test_blurred_pictures_are_found_and_look_alikes_stand_together(
    project: Project, tmp_path: Path
) -> None:
    pictures = {f"{n}.png": photo(n, (300, 300), grain=0) for n in range(4)}
    pictures |= {f"{n} soft.png": blurred(pictures[f"{n}.png"], 3) for n in range(4)}
    images = bring_in(project, tmp_path / "a", pictures)
    measure(project)
    soft = {i.id for name, i in images.items() if "soft" in name}
    assert set(project.select("sharp:<50%")) == soft
    assert set(project.select("sort:sharp")[:4]) == soft
    order = [int(i.name[0]) for i in project.images(project.select("sort:likeness"))]
    assert sum(a == b for a, b in pairwise(order)) == 4


def test_what_can_not_be_read_is_told_and_tried_again(project: Project, tmp_path: Path) -> None:
    images = bring_in(project, tmp_path / "a", {"a.png": draw(1), "b.png": draw(2)})
    path = project.root / images["a.png"].path
    whole = path.read_bytes()
    path.write_bytes(b"spoilt")
    report = measure(project)
    assert [(id_, source) for id_, source, _why in report.failed] == [
        (images["a.png"].id, images["a.png"].source)
    ]
    assert report.lines()[0].startswith(images["a.png"].source)
    assert report.as_json()["measured"] == 1
    path.write_bytes(whole)
    assert measure(project).measured == (images["a.png"].id,)


def test_a_stop_keeps_what_was_measured(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(project, tmp_path / "a", {f"{n}.png": draw(n) for n in range(12)})
    monkeypatch.setattr(task, "BATCH", 3)
    parts: list[list[int]] = []

    def take(part: list[int]) -> None:
        parts.append(part)
        job.cancel()

    job = Job(on_part=take)
    with pytest.raises(Cancelled):
        measure_quality(job, project)
    done = [id_ for part in parts for id_ in part]
    assert 3 <= len(done) < 12
    assert set(project.measures(project.select())) == set(done)
    assert len(measure(project).measured) == 12 - len(done)


def test_a_broken_face_detector_is_told_and_all_else_measured(
    project: Project, tmp_path: Path, models: Path
) -> None:
    bring_in(project, tmp_path / "a", {"a.png": draw(1)})
    (models / "face_detection_yunet_2023mar.onnx").write_bytes(b"broken")
    report = measure(project)
    assert len(report.measured) == 1
    assert "no face detector" in report.faces
    use_file("faces", write_white_finder(models / "mine.onnx")).path.unlink()
    assert "no longer there" in measure(project).faces


def test_faces_are_counted_once_there_is_a_detector(
    project: Project, tmp_path: Path, models: Path
) -> None:
    white = Image.new("RGB", (96, 96), "black")
    white.paste((255, 255, 255), (32, 32, 64, 64))
    (image,) = bring_in(project, tmp_path / "a", {"a.png": white}).values()
    assert len(measure(project).measured) == 1
    assert project.measures([image.id])[image.id].faces is None
    use_file("faces", write_white_finder(models / "white.onnx"))
    assert len(measure(project).measured) == 1
    assert project.measures([image.id])[image.id].faces == 1
    assert list(project.select("faces:1 face:33")) == [image.id]
    assert measure(project).measured == ()


def test_each_thread_is_told_to_begin(project: Project, tmp_path: Path) -> None:
    bring_in(project, tmp_path / "a", {"a.png": draw(1)})
    seen: list[str] = []
    how = Measuring(begin=lambda: seen.append(threading.current_thread().name))
    measure_quality(Job(), project, how=how)
    assert seen
    assert all(name.startswith("parallel") for name in seen)


def test_an_empty_project_has_nothing_to_measure(project: Project) -> None:
    assert measure(project) == QualityReport((), ())


def test_where_nothing_can_be_read_it_is_given_up_if_nobody_asked(project: Project) -> None:
    fill(project, 40)
    report = measure_quality(Job(), project, how=Measuring(most_failed=5))
    assert len(report.failed) == 5
    assert len(measure(project).failed) == 40
