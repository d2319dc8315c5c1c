"""Queries about who gave a tag."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from curator.core import caption_edits
from curator.core.edits import change_image
from curator.core.project import Project
from tests.helpers.projects import fill


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """1: by hand; 2: by a model, one tag of it taken away; 3: by a rule; 4: both; 5: nothing."""
    with Project.create(tmp_path_factory.mktemp("given") / "p") as made:
        _, two, three, four, *_ = fill(made, 5, ["smile, Long Hair"])
        scores = {"smile": 0.9, "Straße": 0.5, "hat": 0.4}
        given = {two: ("smile, Straße, hat", scores)}
        made.apply(caption_edits.give_scored_tags("Tag", given, "wd-v3"))
        made.apply(caption_edits.change_captions("Less", {made.image(two.id): "smile, Straße"}))
        made.apply(caption_edits.change_captions("Rule", {three: "smile"}, by="rule"))
        made.apply(
            caption_edits.give_scored_tags("Tag", {four: ("smile", {"smile": 0.8})}, "wd-v3")
        )
        made.apply(caption_edits.change_captions("More", {made.image(four.id): "smile, smirk"}))
        yield made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("auto:smile", [2, 4]),
        ("manual:smile", [1]),
        ("auto:strasse", [2]),
        ('manual:"long hair"', [1]),
        ("auto:sm*", [2, 4]),
        ("manual:sm*", [1, 4]),
        ("auto:hat", []),
        ("manual:hat", []),
        ("-auto:smile", [1, 3, 5]),
        ("-manual:*", [2, 3, 5]),
        ("auto:*", [2, 4]),
        ("by:wd-v3", [2, 4]),
        ("by:WD*", [2, 4]),
        ("by:rule", [3]),
        ("by:removed", [2]),
        ("-by:*", [1, 5]),
        ("tag:smile -auto:smile -manual:smile", [3]),
    ],
)
def test_a_query_tells_who_gave_a_tag(project: Project, query: str, found: list[int]) -> None:
    assert list(project.select(query)) == found


@pytest.mark.parametrize(
    "tag", ['say "x"', "name\\new", "\\\\", "a\tb", "{x", "name \\(x\\)", "1.5", "日本", "\x01"]
)
def test_any_tag_can_be_told_by_who_gave_it(project: Project, tag: str) -> None:
    five = project.image(5)
    project.apply(caption_edits.give_scored_tags("Tag", {five: (tag, {tag: 0.25})}, "wd, v3 {2}"))
    try:
        assert list(project.select('by:"wd, v3 {2}"')) == [5]
        assert list(project.select("auto:* -auto:smile")) == [5]
        assert list(project.select("manual:* id:5")) == []
    finally:
        project.undo()


def test_what_an_older_version_kept_is_told_too(project: Project) -> None:
    before = '{"smile":{"by":"wd-old","score":0.5},"hat":{"by":"file","score":null}}'
    change = change_image("Tag", project.image(5), {"caption": "smile, x", "tag_sources": before})
    project.apply(change)
    try:
        assert list(project.select("by:wd-old by:file auto:smile manual:x")) == [5]
    finally:
        project.undo()
