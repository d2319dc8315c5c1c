"""What looks wrong in the captions of a whole project, also in the files beside its pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from curator.core.caption_lint import LintFinding, LintKind, lint
from curator.core.duplicates import COPIES, groups_of
from curator.core.findings import About, Finding
from curator.core.installed_tag_lists import known_tags
from curator.core.invocation import typed
from curator.core.mirror_files import CAPTION, path_of
from curator.core.readable import count
from curator.core.records import Image
from curator.core.view import ProjectView

# What other findings of a run tell already.
_TOLD = (LintKind.EMPTY,)


def lint_project(project: ProjectView, images: Sequence[Image] | None = None) -> list[LintFinding]:
    """What is wrong with these images, all if None; looks at the caption files beside them."""
    images = project.images(project.select()) if images is None else images
    return [*_in_other_bytes(project, images), *lint_records(project, images)]


def lint_records(project: ProjectView, images: Iterable[Image]) -> list[LintFinding]:
    """What is wrong with these images, told from records alone."""
    copies = [group.ids for group in groups_of(project.all_pairs(COPIES), frozenset())]
    known, _unread = known_tags()
    return lint(
        images, project.settings, project.sets(), copies, lambda t: known.row_of(t) is not None
    )


def _in_other_bytes(project: ProjectView, images: Iterable[Image]) -> Iterator[LintFinding]:
    sources = [image for image in images if image.parent_id is None]
    ids = [image.id for image in sources if not _is_utf8(_caption_file(project, image))]
    if ids:
        files = count(len(ids), "caption file")
        words = f"{files} not in UTF-8, which trainers refuse; exports are."
        yield LintFinding(LintKind.ENCODING, tuple(ids), words)


def _caption_file(project: ProjectView, image: Image) -> Path:
    """What other programs take for the caption: beside the picture itself."""
    if image.in_place:
        return Path(image.path).with_suffix(".txt")
    return path_of(project.images_dir, image, CAPTION)


def _is_utf8(path: Path) -> bool:
    try:
        path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    except OSError:
        pass  # without a file nothing is wrong with it
    return True


def lint_findings(project: ProjectView, images: Iterable[Image]) -> Iterator[Finding]:
    """One line for what is told before a training, of what nothing else tells."""
    found = [one for one in lint_records(project, images) if one.kind not in _TOLD]
    if not found:
        return
    kinds = {kind: {id_ for f in found if f.kind == kind for id_ in f.images} for kind in LintKind}
    parts = [f"{kind} ({len(ids):,})" for kind, ids in kinds.items() if ids]
    yield Finding(
        About.LINT,
        f"Captions to look at: {', '.join(parts)}.",
        f"See them: {typed('lint DIR')}",
        images=tuple(sorted(set().union(*kinds.values()))),
    )
