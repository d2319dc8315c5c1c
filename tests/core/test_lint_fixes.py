"""Findings mended together, and queries for the pictures that they are about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.edits import set_rating
from curator.core.lint_fixes import fix_all, showing
from curator.core.project import Project
from curator.core.project_lint import lint_records
from curator.core.query import MAX_CHARACTERS, parse
from curator.core.records import Rating
from tests.helpers.projects import dump, fill


def test_all_that_rules_can_mend_is_mended_in_one_step(project: Project) -> None:
    images = fill(project, 3, ["lawn, lawn", "", "w0rd, hat, hat"])
    project.apply(set_rating(images, Rating.PRIMARY))
    project.change_settings({"trigger": "w0rd"})
    before = dump(project)
    images = project.images(project.select())
    edit = fix_all(project, lint_records(project, images), images)
    assert edit.label.startswith("Mend 3 captions: empty, missing trigger, repeated tag")
    project.apply(edit)
    captions = [image.caption for image in project.images(project.select())]
    assert captions == ["w0rd, lawn", "w0rd", "w0rd, hat"]
    project.undo()
    assert dump(project) == before


def test_where_no_rule_can_mend_nothing_changes(project: Project) -> None:
    fill(project, 1, ["red hair, blonde hair"])
    images = project.images(project.select())
    findings = lint_records(project, images)
    assert [finding.kind for finding in findings] == ["contradiction"]
    assert not fix_all(project, findings, images)


def test_the_pictures_of_a_finding_are_found_by_their_ids(project: Project) -> None:
    ids = [image.id for image in fill(project, 9)]
    query, number = showing([ids[0], ids[2], ids[3], ids[4], ids[8]])
    assert list(project.select(query)) == [ids[0], *ids[2:5], ids[8]]
    assert number == 5


@given(st.sets(st.integers(1, 10**6), min_size=1, max_size=4000))
def test_a_query_never_outgrows_what_can_be_read(ids: set[int]) -> None:
    query, number = showing(ids)
    assert len(query) <= MAX_CHARACTERS
    parse(query)
    assert 0 < number <= len(ids)
