"""How a picture trains, in words."""

from __future__ import annotations

import pytest

from curator.core.fit_words import fit_badge, fit_facts, fit_facts_of_many, image_fit, short_words
from curator.core.recipe import Recipe, Turn
from curator.core.training_fit import fit_of
from tests.helpers.projects import record
from trainer.buckets import BucketRule

SD15 = BucketRule()
SDXL = BucketRule((1024, 1024), max_reso=2048)


@pytest.mark.parametrize(
    ("size", "rule", "words"),
    [
        ((512, 768), SD15, "384x640 -10 %"),
        ((400, 300), SD15, "576x448 -4 % up 1.5x"),
        ((512, 512), SD15, "512x512"),
        ((500, 500), SD15, "512x512"),
        ((832, 1216), SDXL, "832x1216"),
        ((800, 600), SDXL, "1152x896 -4 % up 1.5x"),
    ],
)
def test_few_words_stand_upon_a_picture(
    size: tuple[int, int], rule: BucketRule, words: str
) -> None:
    assert short_words(fit_of(size, rule)) == words


def test_the_tooltip_explains_them() -> None:
    badge = fit_badge(fit_of((512, 768), SD15))
    assert badge.meaning == (
        "Trains at 384 x 640, made smaller, to 83 %; 10 % is cropped away, 25 px left and 26 px"
        " right."
    )
    assert "nothing is cropped" in fit_badge(fit_of((512, 512), SD15)).meaning


def test_details_say_what_the_recipe_made_of_it() -> None:
    plain = record(1, width=300, height=400)
    assert [label for label, _ in fit_facts(plain, SD15)] == ["Bucket", "Cropped", "Scaled"]
    turned = record(1, width=300, height=400, recipe=Recipe((Turn(1),)).to_json())
    facts = dict(fit_facts(turned, SD15))
    assert facts["Prepared"] == "400 x 300"
    assert facts["Bucket"] == "576 x 448"
    assert facts["Scaled"] == "enlarged 1.49 times"
    assert image_fit(turned, SD15).bucket == (576, 448)


def test_of_several_pictures_the_mean_is_told() -> None:
    sizes = {(512, 768): 2, (512, 512): 1, (400, 300): 1}
    assert fit_facts_of_many(sizes, SD15) == [
        ("Buckets", "3"),
        ("Cropped", "6 % is cropped away"),
        ("Enlarged", "1"),
    ]
    assert len(fit_facts_of_many({(1024, 1024): 1}, SD15)) == 2
