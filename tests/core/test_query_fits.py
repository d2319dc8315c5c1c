"""How a picture trains, as it is typed in queries."""

from __future__ import annotations

from math import inf, nextafter

import pytest

from curator.core.query import parse
from curator.core.query_tree import Not, Or, QueryError, Range, Text, Wild

LOSS, SCALE = "crop_loss", "upscale"


def after(value: float) -> float:
    return nextafter(value, inf)


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("bucket:512x768", Text("bucket", ("512x768",), anywhere=False)),
        ("BUCKET:512X768", Text("bucket", ("512x768",), anywhere=False)),
        ("bucket:512:768", Text("bucket", ("512x768",), anywhere=False)),
        ("-bucket:512x*", Not(Text("bucket", ("512x", Wild.ANY), anywhere=False))),
        ("crop_loss:>5%", Range(LOSS, after(0.05), None)),
        ("crop_loss:<=0.05", Range(LOSS, None, after(0.05))),
        ("crop_loss:5%..10%", Range(LOSS, 0.05, after(0.1))),
        ("crop_loss:5%", Range(LOSS, 0.045, 0.055)),
        ("crop_loss:0.05", Range(LOSS, 0.045, 0.055)),
        ("crop_loss:2.5%", Range(LOSS, 0.0245, 0.0255)),
        ("crop_loss:0.025", Range(LOSS, 0.0245, 0.0255)),
        ("crop_loss:!=0", Not(Range(LOSS, -0.005, 0.005))),
        ("upscale:>1.5", Range(SCALE, after(1.5), None)),
        ("upscale:>1", Range(SCALE, after(1.0), None)),
        ("upscale:1.5x", Range(SCALE, 1.45, 1.55)),
        ("upscale:<1,>2", Or((Range(SCALE, None, 1.0), Range(SCALE, after(2.0), None)))),
    ],
)  # fmt: skip
def test_what_is_meant(query: str, node: object) -> None:
    found = parse(query).where
    if isinstance(found, Range) and isinstance(node, Range):
        assert (found.first, found.after) == pytest.approx((node.first, node.after))
        assert found.field == node.field
    else:
        assert found == node


@pytest.mark.parametrize(
    "query",
    [
        *("bucket:>512x512", "bucket:512", "bucket:wide", "bucket:512x512x512"),
        *("crop_loss:>5", "crop_loss:>120%", "crop_loss:much", "crop_loss:5%..2%", "crop_loss:-1"),
        "crop_loss:>5 %",
        *("upscale:twice", "upscale:50%", "upscale:", "sort:crop"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_an_example(query: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(query)
    assert refused.value.hint
    assert 0 <= refused.value.position <= len(query)
