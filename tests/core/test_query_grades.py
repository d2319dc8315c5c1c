"""Numbers and shares of measured quality, as they are typed."""

from __future__ import annotations

import pytest

from curator.core.query import parse
from curator.core.query_tree import And, Not, Or, QueryError, Range, Share

TWENTIETH = Share(0.05)


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("sharp:<20", Range("sharp", None, 19.5)),
        ("sharp:>=20", Range("sharp", 19.5, None)),
        ("sharp:20", Range("sharp", 19.5, 20.5)),
        ("sharp:20..30", Range("sharp", 19.5, 30.5)),
        ("noise:<2", Range("noise", None, 1.95)),
        ("noise:2.25", Range("noise", 2.245, 2.255)),
        ("upscaled:>1.5", Range("upscaled", 1.55, None)),
        ("sharp:<20%", Range("sharp", None, Share(0.2))),
        ("sharp: > 80%", Range("sharp", Share(0.8), None)),
        ("sharp:20%..40%", Range("sharp", Share(0.2), Share(0.4))),
        ("sharp:..12.5%", Range("sharp", None, Share(0.125))),
        ("FIT:<50,>90", Or((Range("fit", None, 49.5), Range("fit", 90.5, None)))),
        ("SHARP:<5%,>9%", Or((Range("sharp", None, TWENTIETH), Range("sharp", Share(0.09), None)))),
        ("-sharp:<20", Not(Range("sharp", None, 19.5))),
        ("fit:<100 page:>=50", And((Range("fit", None, 99.5), Range("page", 49.5, None)))),
    ],
)  # fmt: skip
def test_what_is_meant(query: str, node: object) -> None:
    assert parse(query).where == node


@pytest.mark.parametrize(
    "query",
    [
        *("sharp:20%", "sharp:!=20%", "sharp:=20%", "sharp:<120%", "sharp:20..40%", "sharp:<20%,3"),
        *("sharp:40%..20%", "sharp:soft", "sharp:<", "sharp:..", "fit:<20%", "sharp:%"),
        "sharp:<2%%",
    ],
)
def test_what_can_not_be_meant_is_refused_with_an_example(query: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(query)
    assert refused.value.hint
    assert 0 <= refused.value.position <= len(query)
