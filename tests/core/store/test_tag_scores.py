"""Scores of taggers in a real database: recorded, found, gone with their picture or its recipe."""

from __future__ import annotations

import numpy as np
import pytest

from curator.core.edits import forget_images, remove_images, turn_images
from curator.core.project import Project
from curator.core.query_tree import QueryError
from curator.core.recipe import Turn
from curator.core.records import Image
from curator.core.tag_scores import scored
from curator.core.tagger_records import SAFETY, Tagger
from tests.helpers.projects import fill

TAGGER = Tagger("ab" * 32, "wd", (*SAFETY, "hat", "sun"), (*["rating"] * 4, "general", "general"))
OTHER = Tagger("cd" * 32, "dd", ("hat",), ("general",))


def score(project: Project, image: Image, hat: float, safety: str = "general") -> None:
    numbers = [*(0.9 * (one == safety) for one in SAFETY), hat, 0.0]
    project.record([TAGGER, scored(TAGGER, image.id, image.recipe, np.array(numbers, np.float32))])


@pytest.fixture
def images(project: Project) -> list[Image]:
    return fill(project, 3)


def test_what_is_recorded_is_read_again(project: Project, images: list[Image]) -> None:
    assert project.taggers() == []
    score(project, images[0], 0.5)
    score(project, images[1], 0.7)
    score(project, images[1], 0.6)
    assert project.taggers() == [TAGGER]
    scores = project.scores(TAGGER)
    assert [round(f.score, 2) for f in scores.of(images[1].id)] == [0.9, 0.6]
    assert project.scores(TAGGER, [images[0].id]).ids == [images[0].id]
    assert project.scored_by(TAGGER.sha256) == {images[0].id, images[1].id}
    assert [(id_, round(s, 2)) for id_, s in project.tag_scores(TAGGER.sha256, "hat")] == [
        (images[0].id, 0.5),
        (images[1].id, 0.6),
    ]
    assert project.tag_scores("unheard of", "hat") == []


def test_taggers_do_not_mix(project: Project, images: list[Image]) -> None:
    score(project, images[0], 0.5)
    project.record([OTHER, scored(OTHER, images[1].id, "", np.array([0.8], np.float32))])
    assert project.taggers() == [OTHER, TAGGER]
    assert project.scores(OTHER).ids == [images[1].id]
    assert project.scored_by(TAGGER.sha256) == {images[0].id}


def test_a_turned_picture_is_another_one_until_it_is_turned_back(
    project: Project, images: list[Image]
) -> None:
    score(project, images[0], 0.5, "explicit")
    project.apply(turn_images([images[0]], Turn(1)))
    assert not project.scored_by(TAGGER.sha256)
    assert not project.select("safety:explicit")
    score(project, project.image(images[0].id), 0.6, "general")
    assert list(project.select("safety:general")) == [images[0].id]
    project.undo()
    assert list(project.select("safety:explicit")) == [images[0].id]
    assert round(project.scores(TAGGER).of(images[0].id)[1].score, 2) == 0.5


def test_pictures_are_found_by_their_rating(project: Project, images: list[Image]) -> None:
    score(project, images[0], 0.5, "explicit")
    score(project, images[1], 0.5, "sensitive")
    assert list(project.select("safety:explicit OR safety:questionable")) == [images[0].id]
    assert len(project.select("safety:*")) == 2
    assert list(project.select("-safety:*")) == [images[2].id]
    with pytest.raises(QueryError, match="no rating of a tagger"):
        project.select("safety:nice")


def test_scores_go_with_their_picture(project: Project, images: list[Image]) -> None:
    score(project, images[0], 0.5)
    project.apply(remove_images([images[0]]))
    assert not project.scores(TAGGER).ids
    assert project.scores(TAGGER, [images[0].id]).ids
    project.apply(forget_images(project.images([images[0].id])))
    score(project, images[0], 0.5)
    assert not project.scores(TAGGER, [images[0].id]).ids
