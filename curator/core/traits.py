"""Which tags a trigger should carry: what most primaries have in common, and what only varies.

What is not captioned is absorbed by the trigger; what is captioned stays changeable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from curator.core.captions import split_tags
from curator.core.readable import percent
from curator.core.tag_spelling import search_key
from curator.core.triggers import is_pinned

GroupOf = Callable[[str], str]  # the group of a tag in resources/tag_groups.toml, "" for none

TRAIT_GROUPS = frozenset({"hair", "eyes", "face", "body"})
CLASS_GROUPS = frozenset({"animals", "characters"})
OUTFIT_GROUPS = frozenset({"clothes", "accessories"})
STYLE_GROUPS = frozenset({"style"})
# What differs from picture to picture whoever is in it: never a trait, however frequent.
NEVER_GROUPS = frozenset(
    {"count", "framing", "angle", "expression", "pose", "background", "place", "light", "time"}
    | {"composition", "style"}
)
# Of the groups of traits, what comes and goes with a moment.
_PASSING = frozenset(
    {"blush", "open mouth", "closed mouth", "parted lips", "tongue", "tongue out", "teeth", "sweat"}
    | {"eye contact", "wide eyed", "one eye closed", "half closed eyes", "raised eyebrow", "tears"}
    | {"wet", "dirty", "bruise", "injury", "bandages", "blood", "covered mouth", "goosebumps"}
    | {"hair down", "wet hair", "messy hair", "floating hair", "eyes visible through hair"}
)
_PASSING_STARTS = ("looking ", "closed ")
TRAIT_SHARE = 0.7  # of the primaries, from which on a tag of such a group is a trait
NEARLY_ALL = 0.9  # of them, from which on any other tag may be one
OUTFIT_SHARE = 0.7  # of an outfit's pictures, from which on a tag belongs to it
OVERLAP_SHARE = 0.2  # of another outfit's, from which on both have it


class Advice(StrEnum):
    """What to do with a tag: `PERHAPS` is for the person to say."""

    PRUNE = "prune"
    PERHAPS = "perhaps"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Advised:
    """A tag with how many pictures carry it, what share of those counted, and what to do."""

    tag: str
    pictures: int
    share: float
    group: str
    advice: Advice
    why: str


def shares(captions: Iterable[str], triggers: Sequence[str] = ()) -> tuple[Counter[str], int]:
    """(pictures by tag, how many pictures), without the tags that name a trigger."""
    found: Counter[str] = Counter()
    number = 0
    for caption in captions:
        found.update(dict.fromkeys(split_tags(caption), 1))
        number += 1
    for tag in [tag for tag in found if is_pinned(tag, triggers)]:
        del found[tag]
    return found, number


def traits(
    captions: Iterable[str], group_of: GroupOf, triggers: Sequence[str] = ()
) -> list[Advised]:
    """What to do with each tag of these captions, of the primaries: traits first, then by count."""
    found, number = shares(captions, triggers)
    rows = [_advised(tag, n, n / number, group_of(tag)) for tag, n in found.items()]
    order = list(Advice)
    return sorted(rows, key=lambda row: (order.index(row.advice), -row.pictures, row.tag))


def _advised(tag: str, pictures: int, share: float, group: str) -> Advised:
    key = search_key(tag)
    if key in _PASSING or key.startswith(_PASSING_STARTS):
        why = "comes and goes: never a trait, stays changeable"
        return Advised(tag, pictures, share, group, Advice.KEEP, why)
    advice, why = _advice(share, group)
    return Advised(tag, pictures, share, group, advice, why)


def _advice(share: float, group: str) -> tuple[Advice, str]:
    if group in NEVER_GROUPS:
        return Advice.KEEP, f"{group}: never a trait, stays changeable"
    if group in TRAIT_GROUPS and share >= TRAIT_SHARE:
        return Advice.PRUNE, f"{group}, in most: a trait"
    if group in CLASS_GROUPS and share >= TRAIT_SHARE:
        return Advice.PERHAPS, "what it is: prune it unless it is the class word"
    if group in TRAIT_GROUPS:
        return Advice.KEEP, f"{group}, but it varies: stays changeable"
    if group in OUTFIT_GROUPS and share >= NEARLY_ALL:
        return Advice.PERHAPS, f"{group}, nearly always worn: prune only if it is part of it"
    if share >= NEARLY_ALL:
        return Advice.PERHAPS, "in nearly all: perhaps a trait"
    return Advice.KEEP, f"{group}: stays changeable" if group else "stays changeable"


def style_tags(
    captions: Iterable[str], group_of: GroupOf, triggers: Sequence[str] = ()
) -> list[Advised]:
    """The tags of a style's captions, those about style first: its trigger should carry them."""
    found, number = shares(captions, triggers)
    rows = []
    for tag, n in found.items():
        group = group_of(tag)
        is_style = group in STYLE_GROUPS
        advice = Advice.PRUNE if is_style else Advice.KEEP
        why = f"{group}: the trigger is to carry it" if is_style else "content: stays"
        rows.append(Advised(tag, n, n / number, group, advice, why))
    return sorted(rows, key=lambda row: (row.advice is Advice.KEEP, -row.pictures, row.tag))


def touching(
    captions: Iterable[str], words: str, group_of: GroupOf, triggers: Sequence[str] = ()
) -> list[Advised]:
    """The tags that touch a concept: those that hold one of the words, between commas, as words."""
    found, number = shares(captions, triggers)
    pattern = _words_pattern(split_tags(words))
    return [
        Advised(tag, n, n / number, group_of(tag), Advice.PRUNE, "touches the concept")
        for tag, n in found.most_common()
        if pattern is not None and pattern.search(tag)
    ]


def _words_pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    forms = "|".join(re.escape(word).replace(r"\ ", "[ _]") for word in words)
    return re.compile(rf"(?<![^\W_])(?:{forms})(?:s|es)?(?![^\W_])", re.IGNORECASE)


def outfits(
    captions: Mapping[str, Sequence[str]], group_of: GroupOf, triggers: Sequence[str] = ()
) -> dict[str, list[Advised]]:
    """By outfit, what to do with the clothes in its captions; what several outfits have stays."""
    counted = {name: shares(texts, triggers) for name, texts in captions.items()}
    return {name: _outfit(name, counted, group_of) for name in captions}


def _outfit(
    name: str, counted: Mapping[str, tuple[Counter[str], int]], group_of: GroupOf
) -> list[Advised]:
    found, number = counted[name]
    rows = []
    for tag, n in found.most_common():
        group = group_of(tag)
        if group and group not in OUTFIT_GROUPS:
            continue
        others = [
            other
            for other, (tags, of) in counted.items()
            if other != name and of and tags[tag] / of >= OVERLAP_SHARE
        ]
        rows.append(
            _worn(Advised(tag, n, n / number, group, Advice.KEEP, ""), others, len(counted))
        )
    order = list(Advice)
    return sorted(rows, key=lambda row: (order.index(row.advice), -row.pictures, row.tag))


def _worn(row: Advised, others: Sequence[str], outfits_: int) -> Advised:
    advice, why = Advice.KEEP, f"only in {percent(row.share)} of this outfit: stays changeable"
    if others and row.share >= OVERLAP_SHARE:
        both = "both outfits" if outfits_ == 2 else f"{' and '.join(others)} too"
        why = f"is in {both}: don't prune it"
    elif row.share >= OUTFIT_SHARE:
        advice = Advice.PRUNE if row.group else Advice.PERHAPS
        why = (
            "belongs to this outfit" if row.group else "in most of this outfit: perhaps part of it"
        )
    return Advised(row.tag, row.pictures, row.share, row.group, advice, why)
