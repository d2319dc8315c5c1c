"""What looks wrong in the captions of a project, and mending it."""

from __future__ import annotations

from pathlib import Path

from curator.core.caption_lint import LintKind
from curator.core.project import Project
from curator.core.project_lint import lint_findings, lint_project
from tests.helpers.projects import fill


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
