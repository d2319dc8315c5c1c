"""What is shown before a start is what the run will be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, fields
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from curator.core import edits
from curator.core.duplicates import Kind, Pair
from curator.core.findings import About
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.recipe import Turn
from curator.core.records import ImageSet, Rating, SetKind
from curator.core.run_plan import TrainRequest, plan_run, preflight
from curator.core.run_preview import preview
from curator.tasks.export_dataset import export_for_run
from tests.helpers.imported import bring_in, decide
from tests.helpers.pictures import draw, encode, exif, stored_for
from trainer.config import RunConfig
from trainer.dataset import read_dataset
from trainer.run_counts import RunCounts

SIZES = ((96, 64), (64, 96), (64, 64), (150, 60), (60, 150), (200, 200), (97, 61))


@pytest.fixture
def ready(project: Project, tmp_path: Path) -> Project:
    """Pictures of many shapes and formats: primaries, supporting ones, one unrated."""
    bring_in(
        project,
        tmp_path / "in",
        {
            **{f"{n}.jpg": draw(n, size) for n, size in enumerate(SIZES)},
            "turned.jpg": encode(stored_for(draw(20, (64, 96)), 6), exif=exif(6)),
            "cut out.png": draw(21, (80, 120), alpha=True),
            "web.webp": draw(22, (120, 80)),
            "moving.gif": encode(draw(23, (70, 90)), "GIF"),
            "unrated.jpg": draw(24, (64, 64)),
        },
    )
    decide(project, "format:jpeg", Rating.PRIMARY, "fr3dd1e, on grass")
    decide(project, "-format:jpeg", Rating.SUPPORTING)
    decide(project, "name:unrated*", Rating.UNRATED)
    settings = {"trigger": "fr3dd1e", "class": "dog", "base": "practice", "resolution": "128"}
    project.change_settings(settings)
    return project


def turned(project: Project) -> None:
    images = project.images(project.select("name:0* OR name:3* OR name:web*"))
    project.apply(edits.turn_images(images[:1], Turn(1)))
    project.apply(edits.turn_images(images[1:], Turn(3, mirrored=True)))


def sets(project: Project) -> None:
    coat = ImageSet(project.new_set_id(), "coat", trigger="c0at", repeats=7)
    project.apply(edits.create_set(coat))
    project.apply(edits.assign_to_set(project.images(project.select("name:1* OR name:cut*")), coat))


def few_regularization_pictures(project: Project) -> None:
    _regularize(project, "name:unrated* OR name:5*")


def more_regularization_pictures_than_are_used(project: Project) -> None:
    project.change_settings({"primary_repeats": "1", "supporting_repeats": "1"})
    _regularize(project, "-name:0* -name:1* -name:web*")


def _regularize(project: Project, query: str) -> None:
    plain = ImageSet(project.new_set_id(), "plain", kind=SetKind.REGULARIZATION)
    project.apply(edits.create_set(plain))
    project.apply(edits.assign_to_set(project.images(project.select(query)), plain))


def doubled(project: Project) -> None:
    project.change_settings({"balance": "double"})
    decide(project, "format:jpeg -name:0*", Rating.SUPPORTING)


def nothing(_project: Project) -> None:
    return


@pytest.mark.parametrize(
    "change",
    [
        nothing,
        turned,
        sets,
        doubled,
        few_regularization_pictures,
        more_regularization_pictures_than_are_used,
    ],
    ids=lambda change: change.__name__,
)
@pytest.mark.parametrize(
    "options",
    [
        (),
        ("train_batch_size=2",),
        ("train_batch_size=3", "gradient_accumulation_steps=2", "max_train_epochs=3"),
        ("max_train_epochs=", "max_train_steps=100", "bucket_no_upscale=true"),
        ("enable_bucket=false", "train_batch_size=4"),
        ("validation_split=0.4", "train_batch_size=2"),
    ],
    ids=["plain", "batch", "accumulated", "unscaled", "one bucket", "held out"],
)
def test_the_preview_is_what_the_run_counts_after_the_export(
    ready: Project, change: Callable[[Project], None], options: tuple[str, ...]
) -> None:
    change(ready)
    plan = plan_run(ready, TrainRequest(assignments=options))
    shown = preview(ready, plan.config)
    export_for_run(Job(), ready, plan)
    dataset = read_dataset(plan.config)
    found = preflight(plan, dataset)
    names = [field.name for field in fields(RunCounts)]
    assert {n: asdict(shown)[n] for n in names} == {n: asdict(found)[n] for n in names}
    assert shown.buckets == Counter(dataset.buckets)
    trained = [item for item in dataset.items if not item.is_reg]
    primaries = [item for item in trained if item.caption == "fr3dd1e, on grass"]
    if change is not doubled:
        share = Fraction(sum(item.repeats for item in primaries), found.showings)
        assert shown.primary_share == share
    assert shown.captioned == len(primaries)


def test_what_is_to_be_known_is_found_before_the_export_too(ready: Project) -> None:
    decide(ready, "format:jpeg -name:0*", Rating.SUPPORTING)
    ready.change_settings({"trigger": "", "primary_repeats": "1"})
    plan = plan_run(ready, TrainRequest())
    shown = preview(ready, plan.config)
    assert shown.findings == export_for_run(Job(), ready, plan).findings
    assert [finding.about for finding in shown.findings] == [
        About.OUTWEIGHED,
        About.UNCAPTIONED,
        About.NO_TRIGGER,
        About.ENLARGED,
    ]


def test_regularization_pictures_that_are_not_used_are_told(ready: Project) -> None:
    more_regularization_pictures_than_are_used(ready)
    exactly = TrainRequest(assignments=("exactly_as_sd_scripts=yes",))
    shown = preview(ready, plan_run(ready, exactly).config)
    (finding,) = (it for it in shown.findings if it.about == About.REG_UNUSED)
    assert finding.text == "6 of 9 regularization pictures are not used."


def test_a_share_that_holds_nothing_out_is_told_beforehand(ready: Project) -> None:
    shown = preview(
        ready, plan_run(ready, TrainRequest(assignments=("validation_split=0.01",))).config
    )
    assert shown.findings[0].about == About.HELD_OUT
    assert "no picture would be held out" in shown.findings[0].text


def test_nothing_rated_is_shown_as_nothing(project: Project) -> None:
    shown = preview(project, RunConfig())
    assert (shown.images, shown.steps_per_epoch, shown.steps) == (0, 0, 0)
    assert [finding.about for finding in shown.findings] == [About.NOTHING_RATED]


def test_duplicates_are_told_as_the_export_tells_them(ready: Project) -> None:
    ids = ready.select("rating:1")
    ready.record([Pair(a, b, Kind.SHOT) for a, b in pairwise(ids)])
    plan = plan_run(ready, TrainRequest())
    told = [f for f in preview(ready, plan.config).findings if f.about is About.TOO_HEAVY]
    assert len(told) == 1
    assert told[0] in export_for_run(Job(), ready, plan).findings
