"""How many pictures carry each tag: kept up to date, and counted for any pictures."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curator.core import caption_edits, edits
from curator.core.captions import split_tags
from curator.core.edits import Edit
from curator.core.project import Project
from curator.core.records import Image, Rating
from tests.helpers.older import insert, older_project
from tests.helpers.projects import fill

CAPTIONS = ["cat, sun", "cat", "dog, sun, cat", "", "dog, Sun"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as made:
        yield made


def recounted(project: Project, query: str = "") -> dict[str, int]:
    images = project.images(project.select(query))
    return Counter(tag for image in images for tag in set(split_tags(image.caption)))


def test_tags_of_chosen_images_are_counted(project: Project) -> None:
    images = fill(project, 5, CAPTIONS)
    assert project.tags_of(i.id for i in images[:2]) == {"cat": 2, "sun": 1}
    assert project.tags_of([images[3].id]) == {}
    assert project.tags_of([]) == {}
    assert project.tags_of([images[0].id, 99]) == {"cat": 1, "sun": 1}


def test_most_images_are_counted_as_few_are(project: Project) -> None:
    images = fill(project, 5, CAPTIONS)
    project.apply(edits.remove_images(images[4:]))
    assert project.tags_of(i.id for i in images[:4]) == {"cat": 3, "sun": 2, "dog": 1}
    assert project.tags_of(i.id for i in images[1:4]) == {"cat": 2, "sun": 1, "dog": 1}
    assert project.tags_of(i.id for i in images) == {"cat": 3, "sun": 2, "dog": 2, "Sun": 1}


def test_usage_tells_the_share_of_primaries(project: Project) -> None:
    images = fill(project, 5, CAPTIONS)
    project.apply(edits.set_rating(images[:3], Rating.PRIMARY))
    project.apply(edits.reject(images[:1]))
    used = project.tag_usage()
    assert (used.images, used.primaries) == (5, 2)
    assert used.counts == {"cat": 3, "dog": 2, "sun": 2, "Sun": 1}
    assert used.primary_counts == {"cat": 2, "dog": 1, "sun": 1}
    few = project.tag_usage("tag:dog -rating:1")
    assert (few.images, few.primaries, few.counts) == (1, 0, {"dog": 1, "Sun": 1})


def test_a_project_from_before_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    with older_project(tmp_path / "p", 5) as db:
        for n, tag in enumerate(["cat", "dog", "sun"]):
            insert(db, "tags", id=n, text=tag, folded=tag)
        for id_, tags in ((1, [0, 1, 2]), (2, [0, 1]), (3, [0, 2])):
            insert(db, "images", id=id_, sha256=f"{id_:064x}", removed=int(id_ == 1))
            for n in tags:
                insert(db, "image_tags", image_id=id_, tag_id=n)
    with Project.open(tmp_path / "p") as project:
        assert project.tag_counts() == [("cat", 2), ("dog", 1), ("sun", 1)]


TAGS = st.lists(st.sampled_from(["cat", "dog", "sun", "Sun", "a b"]), max_size=4)
PLACES = st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True)


def _captioned(project: Project, images: list[Image], tags: list[str]) -> Edit:
    return caption_edits.set_caption(images, ", ".join(tags))


def _removed(project: Project, images: list[Image], _tags: list[str]) -> Edit:
    return edits.remove_images(images)


def _restored(project: Project, images: list[Image], _tags: list[str]) -> Edit:
    return edits.restore_images(images)


BUILDERS: list[Callable[[Project, list[Image], list[str]], Edit]] = [
    _captioned,
    _captioned,
    _removed,
    _restored,
]
STEPS = st.one_of(
    st.tuples(st.sampled_from(BUILDERS), PLACES, TAGS),
    st.sampled_from(["undo", "undo", "redo", "forget", "both"]),
)


def _take(project: Project, ids: list[int], step: object) -> None:
    if step == "undo":
        project.undo()
    elif step == "redo":
        project.redo()
    elif step == "forget":
        project.forget(ids, lambda _image: True, group="empty")
        project.seal_history()
    elif step == "both":  # removed and captioned in one edit
        images = project.images(ids[:2])
        one = edits.remove_images(images)
        two = caption_edits.set_caption(images, "cat, new")
        project.apply(Edit("Both", (*one.changes, *two.changes)))
    else:
        build, places, tags = step  # type: ignore[misc]
        project.apply(build(project, project.images(ids[n] for n in places), tags))


@settings(max_examples=40)
@given(st.lists(STEPS, max_size=12))
def test_counts_kept_up_to_date_are_those_of_a_recount(steps: list[object]) -> None:
    with tempfile.TemporaryDirectory() as folder, Project.create(Path(folder) / "p") as project:
        ids = [image.id for image in fill(project, 6, [*CAPTIONS, "cat"])]
        for step in steps:
            _take(project, ids, step)
            assert dict(project.tag_counts()) == recounted(project)
        with closing(sqlite3.connect(project.root / "project.db")) as db:
            assert db.execute("SELECT count(*) FROM tags WHERE uses < 0").fetchone() == (0,)
