"""The trainer's eye."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.training_fit import bucket_table, fit_of
from trainer.buckets import BucketRule, choose_bucket

SD15, SDXL = BucketRule(), BucketRule((1024, 1024), max_reso=2048)
SIZES = st.tuples(st.integers(1, 3000), st.integers(1, 3000))


def test_the_worked_example_of_the_reference() -> None:
    """512x768 at 512: bucket 384x640, resized to 427x640, a tenth of the width is cropped."""
    fit = fit_of((512, 768), SD15)
    assert fit.bucket == (384, 640)
    assert fit.scale == pytest.approx(640 / 768, abs=0.001)
    assert fit.loss == pytest.approx(0.1, abs=0.002)
    assert fit.lost == (25, 0, 26, 0)


@given(SIZES, st.sampled_from([SD15, SDXL, BucketRule(no_upscale=True), BucketRule(enabled=False)]))
def test_a_fit_is_what_the_trainer_does(size: tuple[int, int], rule: BucketRule) -> None:
    fit, placement = fit_of(size, rule), choose_bucket(size, rule)
    assert fit.bucket == placement.bucket
    assert 0 <= fit.loss < 1
    assert (fit.scale > 1) == any(a > b for a, b in zip(placement.resized, size, strict=True))
    assert all(cut >= 0 for cut in fit.lost)


def test_pictures_are_counted_by_bucket() -> None:
    table = bucket_table(Counter({(512, 768): 3, (1000, 1000): 1, (100, 100): 1}), SD15)
    assert [(row.bucket, row.pictures, row.enlarged) for row in table.rows] == [
        ((384, 640), 3, 0),
        ((512, 512), 2, 1),
    ]
    assert (table.pictures, table.enlarged) == (5, 1)
    assert table.loss == pytest.approx(3 * fit_of((512, 768), SD15).loss / 5)
    assert bucket_table({}, SD15).loss == 0
