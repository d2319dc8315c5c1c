"""Tags of several pictures: added, removed, replaced and moved in one step."""

from __future__ import annotations

from pathlib import Path

from curator.core import tag_sources
from curator.core.caption_edits import change_captions
from curator.core.edits import assign_to_set, create_set
from curator.core.project import Project
from curator.core.records import Image, ImageSet
from curator.core.selection_edits import (
    add_tags,
    move_tags,
    remove_tags,
    replace_tag,
    triggers_by_set,
)
from tests.helpers.imported import bring_in
from tests.helpers.windows import pictures_of


def captioned(project: Project, folder: Path, *captions: str) -> list[Image]:
    """Pictures with these captions."""
    bring_in(project, folder / "scraped", pictures_of(len(captions)))  # type: ignore[arg-type]
    images = project.images(project.select(""))
    project.apply(change_captions("", dict(zip(images, captions, strict=True))))
    return project.images(project.select(""))


def captions(project: Project) -> list[str]:
    return [image.caption for image in project.images(project.select(""))]


def test_tags_go_to_those_that_lack_them_behind_the_triggers_of_each(
    project: Project, tmp_path: Path
) -> None:
    images = captioned(project, tmp_path, "fr3d, smile", "c0at, smile", "day, smile")
    project.change_settings({"trigger": "fr3d"})
    coats = ImageSet(project.new_set_id(), "coats", trigger="c0at")
    project.apply(create_set(coats))
    project.apply(assign_to_set(images[1:2], coats))
    images = project.images(project.select(""))
    triggers = triggers_by_set(project.settings, project.sets())
    edit = add_tags(images, ["day", "hat"], triggers, at_front=True)
    project.apply(edit)
    assert captions(project) == [
        "fr3d, day, hat, smile",
        "c0at, day, hat, smile",
        "hat, day, smile",
    ]
    assert edit.label == "Add 2 tags: 3 pictures"
    project.undo()
    assert captions(project) == ["fr3d, smile", "c0at, smile", "day, smile"]


def test_tags_are_removed_and_that_is_remembered(project: Project, tmp_path: Path) -> None:
    images = captioned(project, tmp_path, "a,b,  c", "c\nShe sits.", "d")
    edit = remove_tags(images, ["b", "c"])
    project.apply(edit)
    assert captions(project) == ["a", "\nShe sits.", "d"]
    assert edit.label == "Remove 2 tags: 2 pictures"
    first = project.images(project.select(""))[0]
    assert tag_sources.removed(tag_sources.read(first.tag_sources)) == {"b", "c"}


def test_a_tag_is_replaced_where_it_stands(project: Project, tmp_path: Path) -> None:
    images = captioned(project, tmp_path, "a, b, c", "b", "b, a, b")
    project.apply(replace_tag(images, "b", "x, y"))
    assert captions(project) == ["a, x, y, c", "x, y", "x, y, a"]


def test_tags_move_to_the_front_and_to_the_end(project: Project, tmp_path: Path) -> None:
    images = captioned(project, tmp_path, "fr3d, a, b, c", "b, a")
    project.change_settings({"trigger": "fr3d"})
    triggers = triggers_by_set(project.settings, ())
    project.apply(move_tags(images, ["b"], triggers, to_front=True))
    assert captions(project) == ["fr3d, b, a, c", "b, a"]
    images = project.images(project.select(""))
    project.apply(move_tags(images, ["b", "a"], triggers, to_front=False))
    assert captions(project) == ["fr3d, c, b, a", "b, a"]
