"""What rules would change, picture by picture, and the edit that is made of it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from curator.core import tag_sources
from curator.core.caption_edits import change_captions
from curator.core.caption_rules import NOTHING_KNOWN, apply_rules
from curator.core.caption_typing import rebased
from curator.core.captions import differing, split_all, split_caption, split_tags, with_tags
from curator.core.edits import Edit
from curator.core.records import Image
from curator.core.rule_context import CaptionRule, RuleContext


@dataclass(frozen=True, slots=True)
class CaptionDiff:
    """One picture's caption before and after."""

    image_id: int
    old: str
    new: str

    @property
    def removed(self) -> list[str]:
        """The tags that go, in their order; one that stood twice and then once is among them."""
        return _less(split_tags(self.old), split_tags(self.new))

    @property
    def added(self) -> list[str]:
        """The tags that come, in their order."""
        return _less(split_tags(self.new), split_tags(self.old))

    @property
    def moved(self) -> list[str]:
        """The fewest tags that stay and of which one can say that they change their place."""
        before, after = split_tags(self.old), split_tags(self.new)
        places = {tag: place for place, tag in enumerate(before)}
        staying = [tag for tag in dict.fromkeys(after) if tag in places]
        kept = _longest_rising([places[tag] for tag in staying])
        return [tag for n, tag in enumerate(staying) if n not in kept]

    @property
    def text_changed(self) -> bool:
        """Whether the free text below the tags becomes another."""
        return split_caption(self.old)[1] != split_caption(self.new)[1]


def _less(tags: Sequence[str], others: Sequence[str]) -> list[str]:
    there = set(others)
    if len(set(tags)) == len(tags):
        return [tag for tag in tags if tag not in there]
    left, found = Counter(others), []
    for tag in tags:
        if left[tag] > 0:
            left[tag] -= 1
        else:
            found.append(tag)
    return found


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The places of a longest run of numbers that rise, others in between left out."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        at[length : length + 1] = [place]
        before.append(at[length - 1] if length else -1)
    kept, place = set(), at[-1] if at else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return kept


def diffs_of(
    images: Sequence[Image], rules: Iterable[CaptionRule], context: RuleContext = NOTHING_KNOWN
) -> list[CaptionDiff]:
    """What the rules would change; the context's lists are in the order of the images."""
    captions = [image.caption for image in images]
    return [
        CaptionDiff(image.id, image.caption, new)
        for image, new in zip(images, apply_rules(rules, captions, context), strict=True)
        if new != image.caption
    ]


@dataclass(frozen=True, slots=True)
class DiffCounts:
    """In how many pictures each tag goes or comes, the most frequent first."""

    removed: Mapping[str, int]
    added: Mapping[str, int]


def counts_of(diffs: Iterable[CaptionDiff]) -> DiffCounts:
    """The diffs counted by tag."""
    diffs = list(diffs)
    before = split_all(diff.old for diff in diffs)
    after = split_all(diff.new for diff in diffs)
    removed: Counter[str] = Counter()
    added: Counter[str] = Counter()
    for old, new in zip(before, after, strict=True):
        gone, come = differing(old, new)
        removed.update(gone)
        added.update(come)
    return DiffCounts(dict(removed.most_common()), dict(added.most_common()))


def without_tags(diff: CaptionDiff, tags: Collection[str]) -> CaptionDiff:
    """The diff in which these tags neither go nor come; a tag that stays keeps its neighbour."""
    old = split_tags(diff.old)
    stay = [tag for tag in diff.removed if tag in tags]
    new = [tag for tag in split_tags(diff.new) if tag not in tags or tag in old]
    if not stay and len(new) == len(split_tags(diff.new)):
        return diff
    return CaptionDiff(diff.image_id, diff.old, with_tags(diff.new, _put_in(new, old, stay)))


def _put_in(tags: Sequence[str], order: Sequence[str], come: Iterable[str]) -> list[str]:
    """The tags with those that come, each behind the nearest tag that stands before it in order."""
    result = list(tags)
    for tag in come:
        before = order[: order.index(tag)]
        near = next((one for one in reversed(before) if one in result), None)
        result.insert(0 if near is None else result.index(near) + 1, tag)
    return result


def edit_of(
    label: str,
    diffs: Iterable[CaptionDiff],
    images: Sequence[Image],
    left_out: Collection[int] = (),
    tags_left_out: Collection[str] = (),
) -> Edit:
    """The edit of these pictures as they are now, for `Project.submit_change`.

    `left_out`: ids of pictures that stay; `tags_left_out`: tags that stay wherever they stand, and
    come nowhere.
    """
    wanted = {diff.image_id: diff for diff in diffs if diff.image_id not in left_out}
    captions = {}
    for image in images:
        if image.id in wanted:
            diff = wanted[image.id]
            diff = without_tags(diff, tags_left_out) if tags_left_out else diff
            captions[image] = rebased(diff.old, diff.new, image.caption)
    return change_captions(label, captions, tag_sources.RULE)
