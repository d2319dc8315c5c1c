"""What is told about the pictures that are laid out for a training."""

from __future__ import annotations

from curator.core.dataset_findings import caption_findings, size_findings
from curator.core.dataset_layout import Placed, lay_out
from curator.core.findings import About
from curator.core.recipe import Recipe, Turn
from curator.core.records import Image, ImageSet, Rating, SetKind
from curator.core.settings import ProjectSettings
from tests.helpers.projects import record
from trainer.buckets import BucketRule

DOGS = ImageSet(1, "dogs", kind=SetKind.REGULARIZATION)
QUARTER = Recipe((Turn(1),)).to_json()


def placed(*images: Image) -> tuple[Placed, ...]:
    return lay_out(images, {1: DOGS}, ProjectSettings(trigger="fr3dd1e"), lambda *_: 5)


def primary(id_: int, **values: object) -> Image:
    return record(id_, **({"rating": Rating.PRIMARY, "caption": "a dog"} | values))


def test_pictures_without_a_caption_are_counted_and_named() -> None:
    laid_out = placed(primary(1), primary(2, caption=" \n"), record(3, set_id=1))
    (finding,) = caption_findings(laid_out, "fr3dd1e")
    assert finding.text == '1 of 2 pictures have no caption; theirs becomes "fr3dd1e".'
    assert (finding.about, finding.images) == (About.UNCAPTIONED, (2,))


def test_a_missing_trigger_is_told_with_what_to_type_only_for_those_who_type() -> None:
    (finding,) = caption_findings(placed(primary(1)), "")
    assert finding.about == About.NO_TRIGGER
    assert "trigger=WORD" not in finding.text
    assert "trigger=WORD" in str(finding)


def test_enlarging_is_judged_by_the_picture_as_it_is_turned() -> None:
    wide = BucketRule(resolution=(128, 64), min_reso=64, enabled=False)
    upright = placed(primary(1, width=256, height=64), primary(2, width=64, height=256))
    (finding,) = size_findings(upright, wide)
    assert finding.text.endswith("at most 2.0 times.")
    assert finding.images == (2,)
    turned = placed(primary(2, width=64, height=256, recipe=QUARTER))
    assert size_findings(turned, wide) == []
