"""The rule that says which bucket a project's pictures train in, as a run started now would."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from curator.core.errors import UserError
from curator.core.run_options import read_options, write_options
from curator.core.settings import ProjectSettings, from_stored
from trainer.buckets import BucketRule
from trainer.config import parse_options
from trainer.errors import TrainerError
from trainer.interop.presets import find_preset

LIMITS = ("min_bucket_reso", "max_bucket_reso", "bucket_reso_steps")
_RESOLUTION = "resolution"


def preset_values(name: str, settings: ProjectSettings) -> dict[str, Any]:
    """The options of a preset; by default photos of a subject, without a trigger a style."""
    key = name.replace("-", "_").lower() or ("subject_photo" if settings.trigger else "style")
    return dict(find_preset(key).options)


def resolution_values(settings: ProjectSettings, options: Mapping[str, str]) -> dict[str, Any]:
    """The resolution with bucket limits that allow it, unless the limits are asked for."""
    asked = options.get(_RESOLUTION, str(settings.resolution))
    size = parse_options({_RESOLUTION: asked, "bucket_no_upscale": True}).resolution
    rule = bucket_rule(size)
    return {
        _RESOLUTION: rule.resolution,
        "min_bucket_reso": rule.min_reso,
        "max_bucket_reso": rule.max_reso,
    }


def rule_of(settings: ProjectSettings) -> BucketRule:
    """The rule of a run as the project says; where its options don't fit, of its resolution."""
    return _rule(settings.options, settings.preset, settings.resolution, bool(settings.trigger))


def bucket_rule(resolution: tuple[int, int]) -> BucketRule:
    """The buckets for a resolution (width, height): sd-scripts' limits at 512, wider where needed.

    Below 512 the smallest side follows, because a bucket may not be larger than the resolution;
    above 768 the largest one does, so that a 1024 run still has long buckets.
    """
    step = BucketRule().step
    shorter, longer = min(resolution), max(resolution)
    return BucketRule(
        resolution=resolution,
        min_reso=min(256, max(step, shorter // 2 // step * step)),
        max_reso=1024 if longer <= 768 else 2 * longer,
    )


@lru_cache(maxsize=256)
def _rule(options: str, preset: str, resolution: int, has_trigger: bool) -> BucketRule:
    settings = ProjectSettings(resolution=resolution, trigger="x" if has_trigger else "")
    try:
        kept = read_options(options)
        values = preset_values(preset, settings) | resolution_values(settings, kept) | kept
        return BucketRule.of(parse_options(values))
    except (UserError, TrainerError):  # the form of the training says what is wrong
        return bucket_rule((resolution, resolution))


def rule_of_stored(stored: Mapping[str, str]) -> BucketRule:
    """The rule from the settings that differ from their defaults, as they are stored."""
    return rule_of(from_stored(stored))


def with_resolution(settings: ProjectSettings, resolution: int) -> dict[str, str]:
    """The settings to change for another resolution; limits that were set by hand go with it."""
    kept = read_options(settings.options)
    rest = {name: text for name, text in kept.items() if name not in (_RESOLUTION, *LIMITS)}
    changed = {_RESOLUTION: str(resolution)}
    return changed if rest == kept else {**changed, "options": write_options(rest)}


def with_limits(settings: ProjectSettings, rule: BucketRule) -> dict[str, str]:
    """The settings to change for the limits and the step of a rule."""
    limits = zip(LIMITS, (rule.min_reso, rule.max_reso, rule.step), strict=True)
    options = read_options(settings.options) | {name: str(number) for name, number in limits}
    return {"options": write_options(options)}
