"""What share of an epoch each rating and each picture has, for a status line and for details."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from curator.core.balance import Plan
from curator.core.dataset_layout import REG_REPEATS, folder_of, is_reg, takes_part
from curator.core.records import Image, ImageSet, Rating
from curator.core.settings import ProjectSettings


@dataclass(frozen=True, slots=True)
class Part:
    """All pictures of one rating; `repeats` only where every one of them is shown as often."""

    images: int
    repeats: int | None
    steps: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Shares:
    """What an epoch is made of; `steps` at batch size 1, regularization pictures not counted."""

    primary: Part
    supporting: Part
    steps: int


def shares(plan: Plan) -> Shares:
    """The plan by rating."""
    return Shares(_part(plan, Rating.PRIMARY), _part(plan, Rating.SUPPORTING), plan.total)


def _part(plan: Plan, rating: Rating) -> Part:
    rows = [row for row in plan.rows if row.group.rating == rating]
    repeats = {row.repeats for row in rows}
    return Part(
        images=sum(row.group.images for row in rows),
        repeats=repeats.pop() if len(repeats) == 1 else None,
        steps=sum(row.steps for row in rows),
        share=sum((row.share for row in rows), Fraction(0)),
    )


def tell_steps(plan: Plan) -> str:
    """ "primary 58x5=290 · supporting 164x1=164 · 454 steps/epoch"."""
    found = shares(plan)
    if not found.steps:
        return "nothing rated yet"
    parts = (("primary", found.primary), ("supporting", found.supporting))
    told = [_told(name, part) for name, part in parts if part.images]
    return " · ".join([*told, f"{found.steps:,} steps/epoch"])


def _told(name: str, part: Part) -> str:
    if part.repeats is None:
        return f"{name} {part.images:,}: {part.steps:,}"
    return f"{name} {part.images:,}x{part.repeats}={part.steps:,}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one picture stands in the training.

    `why_not` says why it takes no part. `folder` is where an export puts it, relative to the
    dataset. `share` is of the steps of an epoch; regularization pictures have none, because as many
    of them are shown as it takes to match the others.
    """

    takes_part: bool
    why_not: str = ""
    folder: str = ""
    repeats: int = 0
    share: Fraction = Fraction(0)


def standing(
    image: Image, in_set: ImageSet | None, plan: Plan, settings: ProjectSettings
) -> Standing:
    """Where a picture stands; `in_set` is the set it is in."""
    if not takes_part(image, in_set):
        return Standing(takes_part=False, why_not=_why_not(image))
    if is_reg(in_set):
        repeats, share = REG_REPEATS, Fraction(0)
    else:
        repeats = plan.repeats_of(image, in_set)
        share = Fraction(repeats, max(repeats, plan.total))
    folder = folder_of(image, in_set, settings, plan.repeats_of)
    return Standing(takes_part=True, folder=folder.path, repeats=repeats, share=share)


def _why_not(image: Image) -> str:
    if image.removed:
        return "It was removed from the project."
    if image.rejected:
        because = f" ({image.reject_reason})" if image.reject_reason else ""
        return f"It is rejected{because}."
    return "It is not rated."
