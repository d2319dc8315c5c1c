"""Writes the pictures to train on in Kohya's folder layout, with a dataset.toml beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator.core.dataset_findings import NOTHING_RATED, caption_findings, size_findings
from curator.core.dataset_layout import Folder, Placed
from curator.core.dataset_plan import DatasetPlan, plan_dataset
from curator.core.duplicate_findings import duplicate_findings
from curator.core.errors import UserError
from curator.core.export_folder import CONFIG, ExportFolder
from curator.core.findings import About, Finding
from curator.core.invocation import typed
from curator.core.jobs import Job
from curator.core.parallel import in_threads
from curator.core.project import Project
from curator.core.project_lint import lint_findings
from curator.core.recipe_plans import check_colour
from curator.core.run_plan import PlannedRun
from curator.core.training_rule import rule_of
from curator.core.workflow import Make, nothing_made
from curator.imaging.encode import training_bytes
from trainer.buckets import BucketRule
from trainer.interop.dataset_toml import DatasetFolder, write_dataset_toml

SAVE_EVERY = 50  # pictures between two states of the manifest
RECODING = "1"  # raise when the same source would become other bytes


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a dataset is written; the rule None means the one that a run started now has.

    `base`: the base model whose caption recipe is used, the project's if None. `background` is any
    colour that Pillow knows, for what is transparent.
    """

    background: str = "white"
    rule: BucketRule | None = None
    batch_size: int = 1
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture that could not be exported, and why."""

    image_id: int
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export made. `folders` maps each folder to the number of its pictures.

    `captioned` counts pictures with a caption of their own; `written` and `unchanged` pictures;
    `deleted` files that are no longer part of the dataset.
    """

    dest: Path
    folders: Mapping[Folder, int]
    captioned: int
    written: int
    unchanged: int
    deleted: int
    failures: tuple[Failure, ...]
    findings: tuple[Finding, ...]

    @property
    def warnings(self) -> list[str]:
        """The findings in words."""
        return [str(finding) for finding in self.findings]

    @property
    def config(self) -> Path:
        """The dataset.toml that trainers read."""
        return self.dest / CONFIG

    @property
    def images(self) -> int:
        """How many pictures the dataset holds."""
        return sum(self.folders.values())

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        folders = [
            {
                "path": folder.path,
                "repeats": folder.repeats,
                "class_tokens": folder.class_tokens,
                "is_reg": folder.is_reg,
                "images": count,
            }
            for folder, count in self.folders.items()
        ]
        failed = [
            {"id": one.image_id, "source": one.source, "reason": one.reason}
            for one in self.failures
        ]
        return {
            "dest": str(self.dest),
            "config": str(self.config),
            "images": self.images,
            "captioned": self.captioned,
            "folders": folders,
            "written": self.written,
            "unchanged": self.unchanged,
            "deleted": self.deleted,
            "failed": failed,
            "warnings": self.warnings,
        }


def export_dataset(
    job: Job,
    project: Project,
    dest: Path,
    options: ExportOptions | None = None,
    make: Make = nothing_made,
) -> ExportReport:
    """Bring the folder `dest` to what the project says now; what is right already is left alone.

    `make` makes what heavy steps lack first. A picture that can't be read is reported and left out.
    Raises UserError when there is nothing to train on, when the folder holds a dataset that is not
    ours, or when the disk refuses.
    """
    options = options or ExportOptions()
    check_colour(options.background)
    plan = plan_dataset(project, options.base)
    settings, placed = plan.settings, plan.placed
    rule = options.rule or rule_of(settings)
    _require_pictures(plan, project.root)
    folder = ExportFolder(dest.absolute())
    folder.clean()
    folder.plan([CONFIG, *_files(placed)])
    writer = _Writer(folder, project.root, options.background, settings.max_pixels)
    writer.unmade.update(make(job, project, [p.image for p in placed if writer.is_outdated(p)]))
    exported, failures, written = _write_all(job, writer, placed)
    _require_exported(exported, failures)
    folders = Counter(one.folder for one in exported)
    masked = {one.folder for one in exported if one.image.mask}
    config = _config(folder.root, folders, masked, rule, options.batch_size)
    folder.refresh(CONFIG, config.encode())
    dropped = folder.drop_others([CONFIG, *_files(exported)])
    findings = (
        *plan.repeats.findings,
        *caption_findings(exported, settings.trigger),
        *size_findings(exported, rule),
        *duplicate_findings(project, exported, plan.repeats.primary),
        *lint_findings(project, [one.image for one in exported]),
        *_folder_findings(folder, failures),
    )
    return ExportReport(
        dest=folder.root,
        folders=dict(sorted(folders.items(), key=lambda row: row[0].path)),
        captioned=sum(one.captioned for one in exported),
        written=written,
        unchanged=len(exported) - written,
        deleted=len(dropped),
        failures=tuple(failures),
        findings=findings,
    )


def export_for_run(
    job: Job, project: Project, plan: PlannedRun, make: Make = nothing_made
) -> ExportReport:
    """Write the dataset that a planned run will read, with its buckets and batch size."""
    rule = BucketRule.of(plan.config)
    base = str(plan.config.pretrained_model_name_or_path or "")
    options = ExportOptions(rule=rule, batch_size=plan.config.train_batch_size, base=base)
    return export_dataset(job, project, project.dataset_dir, options, make)


@dataclass(frozen=True, slots=True)
class _Writer:
    """What the threads need to write one picture with its caption.

    `unmade`: why steps of some pictures could not be made, by image id.
    """

    folder: ExportFolder
    root: Path
    background: str
    max_pixels: int
    unmade: dict[int, str] = field(default_factory=dict)

    def is_outdated(self, one: Placed) -> bool:
        """Whether the picture is not in the folder as it is now."""
        return not self.folder.is_current(one.picture_path, self.key(one))

    def key(self, one: Placed) -> str:
        """Names everything that the bytes of the exported picture depend on."""
        image = one.image
        parts = [RECODING, image.sha256, image.frame, image.recipe, self.background]
        parts += [image.mask] if image.mask else []
        return "|".join(map(str, parts))

    def write(self, one: Placed) -> tuple[bool, str]:
        """(whether the picture had to be written, why it could not be made or "")."""
        path = one.picture_path
        outdated = self.is_outdated(one)
        if outdated:
            suffix = path[path.rindex(".") :]
            try:
                data = training_bytes(
                    one.image, self.root, suffix, self.background, self.max_pixels
                )
            except UserError as error:
                return False, self.unmade.get(one.image.id, str(error))
            self.folder.write(path, data)
        self.folder.refresh(one.caption_path, one.caption.encode())
        return outdated, ""


def _write_all(
    job: Job, writer: _Writer, placed: Sequence[Placed]
) -> tuple[list[Placed], list[Failure], int]:
    """(what is in the folder now, what could not be made, how many pictures were written)."""
    exported, failures, written = [], [], 0
    try:
        for one, (is_new, reason) in in_threads(job, writer.write, placed, lambda p: p.image.name):
            if reason:
                failures.append(Failure(one.image.id, one.image.source, reason))
                continue
            exported.append(one)
            if is_new:
                writer.folder.wrote(one.picture_path, writer.key(one))
                written += 1
                if written % SAVE_EVERY == 0:
                    writer.folder.save()
    finally:
        writer.folder.save()  # a cancelled export goes on from here
    return exported, failures, written


def _require_pictures(plan: DatasetPlan, root: Path) -> None:
    if not plan.trains:
        raise UserError(
            NOTHING_RATED.text,
            "Rate some first.",
            "For example: " + typed(f'rate {root} primary "name:*"'),
        )


def _require_exported(exported: Sequence[Placed], failures: Sequence[Failure]) -> None:
    """What an earlier export wrote stays when not one picture can be read, as on a missing disk."""
    if not any(not one.folder.is_reg for one in exported):
        raise UserError(
            f"None of the rated pictures could be read; the first: {failures[0].reason}",
            "Nothing that was exported before has been deleted.",
        )


def _files(placed: Iterable[Placed]) -> list[str]:
    return [path for one in placed for path in (one.picture_path, one.caption_path)]


def _config(
    root: Path,
    folders: Iterable[Folder],
    masked: Collection[Folder],
    rule: BucketRule,
    batch_size: int,
) -> str:
    rows = [
        DatasetFolder(
            image_dir=root / folder.path,
            num_repeats=folder.repeats,
            class_tokens=folder.class_tokens,
            is_reg=folder.is_reg,
            alpha_mask=folder in masked,
        )
        for folder in sorted(folders, key=lambda folder: folder.path)
    ]
    return write_dataset_toml(rows, rule, batch_size)


def _folder_findings(folder: ExportFolder, failures: Sequence[Failure]) -> list[Finding]:
    findings = [
        Finding(About.LEFT_OUT, f"{one.source} was left out: {one.reason}", images=(one.image_id,))
        for one in failures
    ]
    if strangers := folder.strangers():
        text = (
            f"Not all in {folder.root} is Curator's, but trainers use it too"
            f" ({len(strangers):,}, such as {strangers[0]})."
        )
        findings.append(Finding(About.STRANGERS, text))
    return findings
