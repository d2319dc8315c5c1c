"""Where the tags of a list stand."""

from __future__ import annotations

from curator.core.project import Project
from curator.core.undesired_hits import hits
from tests.helpers.projects import fill


def test_pictures_are_counted_once_however_often_and_in_whatever_way_they_have_it(
    project: Project,
) -> None:
    fill(project, 4, ("red fur, grey fur", "Long_Hair", "long hair, red fur", "dog"))
    found = hits(project, ["long hair", "* fur", "nobody"])
    assert [(hit.tag, hit.pictures) for hit in found] == [
        ("long hair", 2),
        ("* fur", 2),
        ("nobody", 0),
    ]
    assert [len(project.select(hit.query)) for hit in found[:2]] == [2, 2]
    assert found[2].query == ""
