"""How a picture trains, in words: upon it, in its tooltip and among its details."""

from __future__ import annotations

from curator.core.badges import Badge
from curator.core.geometry import Size
from curator.core.image_facts import Facts
from curator.core.readable import percent
from curator.core.records import Image
from curator.core.shown_size import shown_size
from curator.core.training_fit import Fit, Sizes, bucket_table, fit_of
from trainer.buckets import BucketRule

_SIDES = ("left", "top", "right", "bottom")
_SEEN_LOSS = 0.005  # what is less is shown as none
_SEEN_SCALE = 1.05


def image_fit(image: Image, rule: BucketRule) -> Fit:
    """How a picture trains as its recipe leaves it."""
    return fit_of(shown_size(image), rule)


def short_words(fit: Fit) -> str:
    """ "832x1216 -4 % up 1.3x"; what is nothing is left out."""
    words = ["{}x{}".format(*fit.bucket)]
    if fit.loss >= _SEEN_LOSS:
        words.append(f"-{fit.loss * 100:.0f} %")
    if fit.scale >= _SEEN_SCALE:
        words.append(f"up {fit.scale:.1f}x")
    return " ".join(words)


def fit_badge(fit: Fit) -> Badge:
    """The short words, and in full sentences what they mean."""
    meaning = f"Trains at {_size(fit.bucket)}, {_scaled(fit)}; {_cut(fit)}."
    return Badge(short_words(fit), meaning)


def fit_facts(image: Image, rule: BucketRule) -> Facts:
    """The bucket, what is cropped away, and how the picture is scaled."""
    fit = image_fit(image, rule)
    facts = [("Bucket", _size(fit.bucket))]
    if shown_size(image) != (image.width, image.height):
        facts.insert(0, ("Prepared", _size(shown_size(image))))
    return [*facts, ("Cropped", _cut(fit)), ("Scaled", _scaled(fit))]


def fit_facts_of_many(sizes: Sizes, rule: BucketRule) -> Facts:
    """What becomes of several pictures of these sizes."""
    table = bucket_table(sizes, rule)
    facts = [
        ("Buckets", f"{len(table.rows):,}"),
        ("Cropped", f"{percent(table.loss)} is cropped away"),
    ]
    return [*facts, ("Enlarged", f"{table.enlarged:,}")] if table.enlarged else facts


def _size(size: Size) -> str:
    return f"{size[0]:,} x {size[1]:,}"


def _cut(fit: Fit) -> str:
    sides = [f"{cut:,} px {side}" for cut, side in zip(fit.lost, _SIDES, strict=True) if cut]
    if not sides:
        return "nothing is cropped away"
    return f"{percent(fit.loss)} is cropped away, {' and '.join(sides)}"


def _scaled(fit: Fit) -> str:
    if fit.scale > 1:
        return f"enlarged {max(fit.scale, 1.01):.2f} times"
    return "pixel for pixel" if fit.scale == 1 else f"made smaller, to {percent(fit.scale)}"
