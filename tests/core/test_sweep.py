"""A sweep over one tag: who is asked about, in which order, and what an answer leaves behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curator.core import tag_sources
from curator.core.edits import Edit
from curator.core.project import Project
from curator.core.records import Image, TagSource
from curator.core.sweep import (
    Bounds,
    accept_ends,
    answer,
    by_likeness,
    by_scores,
    decided,
)
from tests.helpers.projects import dump, fill, record

BY_MODEL = tag_sources.stored({"smile": TagSource("wd-v3", 0.4)})
TAKEN_AWAY = tag_sources.stored({"smile": TagSource("removed"), "cat": TagSource("rule")})


def after(image: Image, edit: Edit) -> Image:
    values = {c.field: c.new for c in edit.changes if c.id == image.id}
    return replace(image, **values)


def test_the_most_uncertain_is_asked_first_and_sure_ends_are_apart() -> None:
    images = [record(n, caption="dog") for n in range(1, 7)]
    scores = {1: 0.95, 2: 0.36, 3: 0.6, 4: 0.02, 5: 0.2}
    sweep = by_scores(images, "smile", scores, Bounds())
    assert sweep.asked == (2, 5, 3, 6)
    assert (sweep.yes, sweep.no) == ((1,), (4,))
    assert sweep.in_words() == "4 of 6 pictures need you."
    assert sweep.ends_in_words() == "Accept 1 yes and 1 no"


def test_what_the_person_decided_is_never_asked_again() -> None:
    by_hand = record(1, caption="smile")
    taken_away = record(2, tag_sources=TAKEN_AWAY)
    by_model = record(3, caption="smile", tag_sources=BY_MODEL)
    sweep = by_scores([by_hand, taken_away, by_model], "smile", {3: 0.4}, Bounds())
    assert sweep.asked == (3,)
    assert sweep.decided == 2
    assert sweep.in_words() == "1 of 1 picture needs you. 2 decided before."


def test_a_yes_makes_the_tag_the_persons_own() -> None:
    image = record(1, caption="dog, smile", tag_sources=BY_MODEL)
    told = after(image, answer([image], "smile", is_there=True))
    assert (told.caption, told.tag_sources) == ("dog, smile", "")
    new = record(2, caption="dog\nIt laughs.")
    assert after(new, answer([new], "smile", is_there=True)).caption == "dog, smile\nIt laughs."


def test_a_no_takes_the_tag_out_and_remembers_it() -> None:
    image = record(1, caption="smile, dog", tag_sources=BY_MODEL)
    told = after(image, answer([image], "smile", is_there=False))
    assert told.caption == "dog"
    assert decided(told, "smile") is False


def test_both_ends_are_accepted_in_one_step_that_undo_takes_back(project: Project) -> None:
    images = fill(project, 4, ["dog", "dog", "smile", "cat"])
    before = dump(project)
    ids = [image.id for image in images]
    edit = accept_ends(images, "smile", ids[:2], ids[2:])
    assert edit.label == '"smile": accept 2 yes and 1 no'  # the third was tagged by hand
    project.apply(edit)
    captions = [image.caption for image in project.images(ids)]
    assert captions == ["dog, smile", "dog, smile", "smile", "cat"]
    assert by_scores(project.images(ids), "smile", {}, Bounds()).asked == ()
    project.undo()
    assert dump(project) == before


def descriptor(level: int) -> bytes:
    return np.full(300, level, np.uint8).tobytes()


def test_without_scores_pictures_between_the_known_ones_are_asked_first() -> None:
    yes = record(1, caption="smile")
    no = record(2, tag_sources=TAKEN_AWAY)
    images = [yes, no, record(3), record(4), record(5), record(6)]
    levels = {1: 200, 2: 40, 3: 195, 4: 120, 5: 45}
    sweep, _ = by_likeness(images, "smile", {id_: descriptor(n) for id_, n in levels.items()})
    assert sweep.asked[0] == 4
    assert sweep.asked[-1] == 6
    assert (sweep.yes, sweep.no) == ((), ())


def test_where_only_pictures_with_the_tag_are_known_the_most_alike_come_first() -> None:
    images = [record(1, caption="smile"), record(2), record(3)]
    levels = {1: 200, 2: 40, 3: 190}
    sweep, is_told = by_likeness(images, "smile", {id_: descriptor(n) for id_, n in levels.items()})
    assert sweep.asked == (3, 2)
    assert is_told
    sweep, is_told = by_likeness(images[1:], "smile", {})
    assert sweep.asked == (2, 3)
    assert not is_told


@given(
    st.sampled_from(["", "smile", "smile, dog", "dog,smile ,smile\nfree text, smile"]),
    st.sampled_from(["", BY_MODEL, TAKEN_AWAY]),
    st.booleans(),
)
def test_an_answer_decides_and_a_second_one_changes_nothing(
    caption: str, sources: str, is_there: bool
) -> None:
    image = record(1, caption=caption, tag_sources=sources)
    told = after(image, answer([image], "smile", is_there))
    assert decided(told, "smile") is is_there
    assert not answer([told], "smile", is_there)
