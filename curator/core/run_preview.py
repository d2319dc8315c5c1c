"""What a run of a project would be, before a single file is written for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

from curator.core.dataset_findings import NOTHING_RATED, caption_findings, size_findings
from curator.core.dataset_layout import Placed
from curator.core.dataset_plan import DatasetPlan, plan_dataset
from curator.core.duplicate_findings import duplicate_findings
from curator.core.findings import About, Finding
from curator.core.project_lint import lint_findings
from curator.core.recipe import Size
from curator.core.records import Rating
from curator.core.shown_size import shown_size
from curator.core.view import ProjectView
from trainer.buckets import BucketRule
from trainer.config import RunConfig
from trainer.dataset import Dataset, Item
from trainer.errors import TrainerError
from trainer.held_out import hold_out
from trainer.regularization import share_reg
from trainer.run_counts import RunCounts, count_run
from trainer.subsets import subset_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPreview(RunCounts):
    """The counts of a run, all 0 while nothing is rated.

    `captioned` of `images` have a caption of their own. `primary_share` is of the showings without
    regularization and what is held out. `buckets` counts pictures by (width, height), the fullest
    first.
    """

    captioned: int
    primary_share: Fraction
    buckets: Mapping[Size, int]
    findings: tuple[Finding, ...]


NOTHING = RunPreview(
    images=0,
    reg_images=0,
    showings=0,
    steps_per_epoch=0,
    steps=0,
    epochs=0,
    captioned=0,
    primary_share=Fraction(0),
    buckets={},
    findings=(NOTHING_RATED,),
)


def preview(project: ProjectView, config: RunConfig) -> RunPreview:
    """The run as it would be if it were exported and started now; reads records, no pictures.

    It equals the preflight of the real run unless pictures can't be read by then, or a stranger's
    files lie in the dataset's folders.
    """
    plan = plan_dataset(project, str(config.pretrained_model_name_or_path or ""))
    if not plan.trains:
        return NOTHING
    dataset, unused, obstacle = _dataset(project, config, plan.placed)
    return RunPreview(
        **asdict(count_run(config, dataset)),
        captioned=sum(one.captioned for one in plan.placed if not one.folder.is_reg),
        primary_share=_primary_share(dataset, plan.placed, project.dataset_dir),
        buckets=dict(Counter(dataset.buckets).most_common()),
        findings=(*obstacle, *_findings(project, plan, config, unused)),
    )


def _dataset(
    project: ProjectView, config: RunConfig, placed: Iterable[Placed]
) -> tuple[Dataset, int, tuple[Finding, ...]]:
    """(the dataset as the trainer will read it, how many regularization pictures it leaves out, and
    why it will refuse to hold pictures out)."""
    root = project.dataset_dir
    subsets = {
        it: subset_of(config, root / it.path, it.repeats, it.class_tokens, it.is_reg)
        for it in {one.folder for one in placed}
    }
    items = [
        Item(
            root / one.picture_path,
            one.caption,
            one.folder.repeats,
            *shown_size(one.image),
            subsets[one.folder],
        )
        for one in placed
    ]
    # In the order in which the trainer finds the files, for chance and need take of them in order.
    trained, reg = (sorted((it for it in items if it.is_reg == is_), key=_place) for is_ in (0, 1))
    obstacle: tuple[Finding, ...] = ()
    try:
        (trained,), _notes = hold_out([trained], config)
    except TrainerError as error:
        obstacle = (Finding(About.HELD_OUT, f"{error.message} {error.hint}"),)
    shared = share_reg(
        reg,
        sum(item.repeats for item in trained),
        first=len(trained),
        exactly=config.exactly_as_sd_scripts,
    )
    dataset = Dataset(
        (*trained, *shared.items),
        tuple(subsets.values()),
        config.train_batch_size,
        (),
        tuple(shared.pools),
    )
    return dataset, len(reg) - len(shared.items), obstacle


def _primary_share(dataset: Dataset, placed: Iterable[Placed], root: Path) -> Fraction:
    primaries = {root / it.picture_path for it in placed if it.image.rating == Rating.PRIMARY}
    trained = [item for item in dataset.items if not item.is_reg]
    showings = sum(item.repeats for item in trained)
    return Fraction(sum(it.repeats for it in trained if it.path in primaries), showings or 1)


def _place(item: Item) -> tuple[str, Path]:
    return str(item.subset.image_dir), item.path


def _findings(
    project: ProjectView, plan: DatasetPlan, config: RunConfig, unused: int
) -> Iterable[Finding]:
    yield from plan.repeats.findings
    yield from caption_findings(plan.placed, plan.settings.trigger)
    yield from size_findings(plan.placed, BucketRule.of(config))
    yield from duplicate_findings(project, plan.placed, plan.repeats.primary)
    yield from lint_findings(project, [one.image for one in plan.placed])
    if unused:
        reg = sum(one.folder.is_reg for one in plan.placed)
        yield Finding(
            About.REG_UNUSED, f"{unused:,} of {reg:,} regularization pictures are not used."
        )
