"""The rule of a project's buckets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.project import Project
from curator.core.run_plan import TrainRequest, draft_run
from curator.core.training_rule import bucket_rule, rule_of, with_limits, with_resolution
from trainer.buckets import BucketRule, bucket_resolutions


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p")


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"resolution": "768"},
        {"resolution": "1024", "trigger": "fr3dd1e", "preset": "style"},
        {"options": "resolution=640,512 max_bucket_reso=896 bucket_reso_steps=32"},
        {"options": "bucket_no_upscale=yes enable_bucket=no network_dim=64"},
    ],
)
def test_it_is_the_rule_of_a_run_that_is_started_now(
    project: Project, changed: dict[str, str]
) -> None:
    with project:
        project.change_settings(changed)
        run = draft_run(project, TrainRequest()).config
        assert rule_of(project.settings) == BucketRule.of(run)


@pytest.mark.parametrize(
    "options", ["min_bucket_reso=2000", "nonsense=1", "preset='", "bucket_reso_steps=9"]
)
def test_options_that_do_not_fit_leave_the_buckets_of_the_resolution(
    project: Project, options: str
) -> None:
    with project:
        project.change_settings({"resolution": "1024", "options": options})
        assert rule_of(project.settings) == BucketRule((1024, 1024), max_reso=2048)


def test_another_resolution_brings_its_own_limits(project: Project) -> None:
    with project:
        options = "network_dim=64 resolution=640 min_bucket_reso=320 bucket_reso_steps=32"
        project.change_settings({"options": options})
        project.change_settings(with_resolution(project.settings, 1024))
        assert rule_of(project.settings) == BucketRule((1024, 1024), max_reso=2048)
        assert project.settings.options == "network_dim=64"
        assert with_resolution(project.settings, 512) == {"resolution": "512"}


def test_limits_are_kept_as_options_of_the_training(project: Project) -> None:
    with project:
        wished = BucketRule(min_reso=320, max_reso=768, step=32)
        project.change_settings(with_limits(project.settings, wished))
        assert rule_of(project.settings) == wished


@given(st.integers(64, 4096), st.integers(64, 4096))
def test_every_resolution_has_buckets_that_hold_it(width: int, height: int) -> None:
    rule = bucket_rule((width, height))
    assert bucket_resolutions(rule.resolution, rule.min_reso, rule.max_reso, rule.step)


def test_the_buckets_of_512_are_those_of_sd_scripts() -> None:
    rule = bucket_rule((512, 512))
    assert (rule.min_reso, rule.max_reso) == (256, 1024)
