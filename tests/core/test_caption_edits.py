"""Builders of edits of captions."""

from pathlib import Path

from curator.core import tag_sources
from curator.core.caption_edits import change_captions, give_scored_tags, set_caption
from curator.core.project import Project
from curator.core.records import TagSource
from tests.helpers.projects import fill


def test_a_tag_removed_by_hand_comes_back_with_its_source_by_undo(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        fill(project, 2, ["a, hat", "a"])
        project.apply(
            give_scored_tags("Tag", {project.image(1): ("a, hat, sun", {"sun": 0.91234})}, "wd")
        )
        tagged = project.image(1)
        assert tag_sources.read(tagged.tag_sources) == {"sun": TagSource("wd", 0.9123)}
        project.apply(change_captions("By hand", {tagged: "a, hat"}))
        assert tag_sources.removed(tag_sources.read(project.image(1).tag_sources)) == {"sun"}
        project.undo()
        assert project.image(1) == tagged


def test_an_edit_that_changes_no_caption_is_empty(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        fill(project, 1, ["a, hat"])
        assert not set_caption(project.images([1]), "a, hat")


def test_what_another_program_takes_out_of_a_file_is_not_proposed_again(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        fill(project, 1, ["a"])
        project.apply(change_captions("File", {project.image(1): "b"}, tag_sources.FILE))
        sources = tag_sources.read(project.image(1).tag_sources)
        assert sources == {"a": TagSource("removed"), "b": TagSource("file")}
