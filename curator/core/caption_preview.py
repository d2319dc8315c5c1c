"""What the rules of a bulk edit would do: counted for each rule, and picture by picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from curator.core.caption_diffs import CaptionDiff, DiffCounts, counts_of, without_tags
from curator.core.caption_rules import apply_rules
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.records import Image
from curator.core.rule_context import CaptionRule, RuleContext

CHUNK = 500  # captions between two looks at whether it is still wanted


class RuleRefused(UserError):
    """A rule that can't be used; `at` is its place among the rules."""

    def __init__(self, at: int, error: UserError) -> None:
        super().__init__(error.message, error.hint)
        self.at = at


@dataclass(frozen=True, slots=True)
class Preview:
    """`images` and `diffs` are of the captions that change, in one order.

    `changed_by`: how many captions each rule changes after those before it. `counts`: the tags that
    go and come before any is left out. `gone`, `come`: how many go and come in all.
    """

    images: Sequence[Image]
    diffs: Sequence[CaptionDiff]
    changed_by: Sequence[int]
    counts: DiffCounts
    gone: int
    come: int


def preview(
    job: Job, images: Sequence[Image], rules: Iterable[CaptionRule], context: RuleContext
) -> Preview:
    """Apply the rules to copies of the captions. Raises RuleRefused."""
    rules = list(rules)
    captions = [image.caption for image in images]
    changed_by = []
    for at, rule in enumerate(rules):
        job.progress(at, len(rules))
        try:
            after = apply_rules([rule], captions, context)
        except UserError as error:
            raise RuleRefused(at, error) from error
        changed_by.append(sum(a != b for a, b in zip(captions, after, strict=True)))
        captions = after
    changed = [
        (image, CaptionDiff(image.id, image.caption, new))
        for image, new in zip(images, captions, strict=True)
        if new != image.caption
    ]
    diffs = [diff for _image, diff in changed]
    images, counts = [image for image, _diff in changed], counts_of(diffs)
    return Preview(images, diffs, changed_by, counts, *_totals(counts))


def _totals(counts: DiffCounts) -> tuple[int, int]:
    return sum(counts.removed.values()), sum(counts.added.values())


def sparing(job: Job, whole: Preview, tags_left_out: Collection[str]) -> Preview:
    """What is left to change when these tags neither go nor come; counts stay those of all."""
    images, diffs = [], []
    for at, (image, diff) in enumerate(zip(whole.images, whole.diffs, strict=True)):
        if at % CHUNK == 0:
            job.progress(at, len(whole.diffs))
        # Most captions hold none of them, not even as a part of a word.
        is_met = any(tag in diff.old or tag in diff.new for tag in tags_left_out)
        left = without_tags(diff, tags_left_out) if is_met else diff
        if left.new != left.old:
            images.append(image)
            diffs.append(left)
    gone, come = (
        sum(number for tag, number in counted.items() if tag not in tags_left_out)
        for counted in (whole.counts.removed, whole.counts.added)
    )
    return replace(whole, images=images, diffs=diffs, gone=gone, come=come)
