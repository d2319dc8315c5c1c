"""What a job finds out is recorded from time to time."""

from __future__ import annotations

from curator.core.jobs import Job
from curator.core.measures import Measures
from curator.core.project import Project
from curator.core.recording import Recording
from curator.core.records import Measured
from tests.helpers.projects import fill


def test_facts_are_recorded_when_there_are_many_or_at_the_end(project: Project) -> None:
    facts = [Measured(image.id, Measures(sharpness=1.0), 0, b"") for image in fill(project, 3)]
    told: list[list[int]] = []
    recording = Recording(Job(on_part=told.append), project, 2, 3600)
    recording.add(facts[:1])
    assert told == []
    recording.add(facts[1:2])
    assert told == [[1, 2]]
    recording.add(facts[2:])
    assert set(project.measures([1, 2, 3])) == {1, 2}
    recording.record()
    recording.record()
    assert told == [[1, 2], [3]]
    assert recording.done == [1, 2, 3]


def test_or_once_some_time_has_passed(project: Project) -> None:
    (image,) = fill(project, 1)
    recording = Recording(Job(), project, 100, 0)
    recording.add([Measured(image.id, Measures(), 0, b"")])
    assert recording.done == [image.id]
