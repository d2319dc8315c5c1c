"""How pictures train, in queries: `bucket:512x768`, `crop_loss:>5%` and `upscale:>1.5`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from curator.core.query_grades import real
from curator.core.query_measures import Interval, Term, measure, unreadable
from curator.core.query_tree import Node, Or

_BUCKET = re.compile(r"(\d{1,5}|\*)[x:](\d{1,5}|\*)", re.ASCII | re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3}(?:\.(\d{1,6}))?)\s*%", re.ASCII)
_SHARE = re.compile(r"[01](?:\.\d{1,9})?|\.\d{1,9}", re.ASCII)
_SCALE = re.compile(r"(\d{1,5}(?:\.\d{1,6})?)x?", re.ASCII)


def bucket_pattern(term: Term) -> str:
    """The bucket as it is compared with, such as "512x768" or "512x*"."""
    match = _BUCKET.fullmatch(term.text)
    if match is None:
        raise unreadable(term, term.text)
    return f"{match[1]}x{match[2]}"


def _compared(
    exact: Callable[[str], float | None], rounded: Callable[[str], Interval | None]
) -> Callable[[Term], Node]:
    """A reader of comparisons and ranges, to the last digit, and of numbers as they are shown."""

    def point(text: str) -> Interval | None:
        value = exact(text)
        return None if value is None else (value, math.nextafter(value, math.inf))

    read_exact, read_rounded = measure(point), measure(rounded)

    def read(term: Term) -> Node:
        parts = []
        for part in (term.operator + term.text).split(","):
            one = replace(term, operator="", text=part)
            is_exact = ".." in part or part.strip().startswith(("<", ">"))
            parts.append(read_exact(one) if is_exact else read_rounded(one))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    return read


def _loss(text: str) -> float | None:
    """A share of the area from 0 to 1, as `5%` or as `0.05`."""
    if match := _PERCENT.fullmatch(text):
        share = Fraction(match[1]) / 100
    elif _SHARE.fullmatch(text):
        share = Fraction(text)
    else:
        return None
    return float(share) if share <= 1 else None


def _loss_as_shown(text: str) -> Interval | None:
    """All losses that are shown as this one: whole percents, or with more digits where written."""
    share = _loss(text)
    if share is None:
        return None
    decimals = len(text.rstrip(" %").partition(".")[2]) - (0 if "%" in text else 2)
    half = float(Fraction(1, 200 * 10 ** max(0, decimals)))
    return share - half, share + half


def _scale(text: str) -> float | None:
    match = _SCALE.fullmatch(text)
    return float(match[1]) if match else None


def _scale_as_shown(text: str) -> Interval | None:
    return real(1)(text.removesuffix("x"))


read_loss = _compared(_loss, _loss_as_shown)
read_scale = _compared(_scale, _scale_as_shown)
