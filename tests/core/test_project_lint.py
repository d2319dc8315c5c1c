"""What looks wrong in the captions of a project, and mending it."""

from __future__ import annotations

from pathlib import Path

from curator.core.caption_context import project_context
from curator.core.caption_lint import LintKind
from curator.core.edits import set_rating
from curator.core.project import Project
from curator.core.project_lint import fix_lint, lint_findings, lint_project
from curator.core.records import Rating
from tests.helpers.projects import fill


def test_all_that_rules_can_mend_is_mended_in_one_step(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        images = fill(project, 3, ["hat, Hat", "", "fr3dd1e, name (x"])
        project.apply(set_rating(images, Rating.PRIMARY))
        project.change_settings({"trigger": "fr3dd1e"})
        images = project.images([1, 2, 3])
        findings = lint_project(project)
        kinds = [one.kind for one in findings]
        assert kinds == [
            LintKind.EMPTY,
            LintKind.NO_TRIGGER,
            LintKind.REPEATED,
            LintKind.PARENTHESES,
        ]
        project.apply(fix_lint(findings, images, project_context(project, images)))
        assert [i.caption for i in project.images([1, 2, 3])] == [
            "fr3dd1e, hat",
            "fr3dd1e",
            "fr3dd1e, name (x",
        ]
        assert [one.kind for one in lint_project(project)] == [LintKind.PARENTHESES]
        project.undo()
        assert project.images([1, 2, 3]) == images


def test_a_caption_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        fill(project, 2, ["a", "b"])
        (project.images_dir / "1.txt").write_bytes("Käse".encode("cp1252"))
        (project.images_dir / "2.txt").write_text("Käse", "utf-8-sig")
        (finding,) = lint_project(project)
        assert (finding.kind, finding.images) == (LintKind.ENCODING, (1,))


def test_one_line_of_it_is_told_before_a_training(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        images = fill(project, 3, ["a, A", "name (x", ""])
        (finding,) = lint_findings(project, images)
        assert "repeated tag (1), parentheses (1)" in finding.text
        assert finding.images == (1, 2)
        assert list(lint_findings(project, images[2:])) == []
