"""Presets of steps: kept under a name in the settings, and found again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curator.core.errors import UserError
from curator.core.recipe_plans import CropTo, PadTo, UpscaleTo, steps_for
from curator.core.recipe_presets import (
    BUILT_IN,
    all_presets,
    own_presets,
    preset_named,
    presets_text,
)
from curator.core.regions import Ellipse
from curator.core.settings import ProjectSettings
from curator.core.steps import Blur, Crop
from trainer.buckets import BucketRule

NONE = ProjectSettings()


def test_what_is_kept_under_a_name_is_found_again() -> None:
    plans = {
        "mine": (CropTo("2:3"), PadTo("square", "edge"), UpscaleTo(2.0)),
        "faces away": (Crop(0, 0, 10, 20, 30, 40), Blur((Ellipse(0.5, 0.5, 0.1, 0.1),))),
    }
    settings = replace(NONE, presets=presets_text(plans))
    assert own_presets(settings) == plans
    assert all_presets(settings) == {**BUILT_IN, **plans}
    assert preset_named(settings, "mine") == plans["mine"]


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_ships_means_something_for_every_picture(name: str) -> None:
    for size in ((300, 200), (1, 1), (4000, 3000), (30_000, 10)):
        steps_for(BUILT_IN[name], size, BucketRule())


def test_no_preset_of_its_own_is_no_text() -> None:
    assert presets_text({}) == ""
    assert own_presets(NONE) == {}


@pytest.mark.parametrize("name", ["", "  ", "crop to bucket", "two\nlines"])
def test_a_name_that_can_not_be_is_a_sentence(name: str) -> None:
    with pytest.raises(UserError):
        presets_text({name: (UpscaleTo(),)})


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[1]",
        '[{"name": "x"}]',
        '[{"name": "x", "version": 2, "steps": []}]',
        '[{"name": "x", "version": 1, "steps": [{"kind": "dance"}]}]',
    ],
)
def test_presets_that_can_not_be_read_are_a_sentence(text: str) -> None:
    with pytest.raises(UserError):
        own_presets(replace(NONE, presets=text))


def test_a_preset_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(UserError, match="no preset") as refused:
        preset_named(NONE, "mine")
    assert "crop to bucket" in refused.value.hint
