"""The outlook tells just what applying then does."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curator.core import tag_sources
from curator.core.captions import split_tags
from curator.core.edits import IMAGE
from curator.core.model_tags import Placement, Proposing, tag_edit
from curator.core.records import Image, TagSource
from curator.core.settings import ProjectSettings
from curator.core.tag_preview import Outlook, TagPreview
from curator.core.tag_scores import Scores, Thresholds, scored
from curator.core.tagger_records import Tagger
from tests.helpers.projects import record

TAGS = ("hat", "sun", "long hair", "tree", "miku")
TAGGER = Tagger("ab", "wd", TAGS, ("general",) * 4 + ("character",))
USUAL = Thresholds()
BY = [None, "wd", "other", "file", "removed"]


@st.composite
def projects(draw: st.DrawFn) -> tuple[list[Image], Scores]:
    """Pictures with captions of whatever origin, most of them scored."""
    images, rows = [], []
    for n in range(draw(st.integers(0, 5))):
        known = draw(st.lists(st.sampled_from([*TAGS, "own"]), unique=True))
        by = {tag: draw(st.sampled_from(BY)) for tag in known}
        sources = {tag: TagSource(one) for tag, one in by.items() if one}
        caption = ", ".join(tag for tag, one in by.items() if one != "removed")
        images.append(record(n + 1, caption=caption, tag_sources=tag_sources.stored(sources)))
        if draw(st.integers(0, 4)):
            numbers = draw(st.tuples(*[st.sampled_from([0.0, 0.1, 0.4, 0.7, 0.9])] * 5))
            kept = scored(TAGGER, n + 1, "", np.array(numbers, np.float32))
            rows.append((n + 1, *kept.cuts, kept.scores))
    return images, Scores(TAGGER, rows)


@given(
    projects(),
    st.sampled_from([USUAL, Thresholds(0.05, 0.05), Thresholds(mcut=True), Thresholds(1, 1)]),
    st.sampled_from([(), ("hat",), ("*hair", "sun")]),
    st.sampled_from([Placement.AFTER, Placement.BEFORE]),
)
def test_the_outlook_is_what_then_happens(
    made: tuple[list[Image], Scores],
    thresholds: Thresholds,
    undesired: tuple[str, ...],
    placement: Placement,
) -> None:
    images, scores = made
    outlook = TagPreview(scores, images, placement).outlook(thresholds, undesired)
    how = Proposing(thresholds, undesired, placement)
    edit = tag_edit(images, scores, how, ProjectSettings())
    captions = [c for c in edit.changes if (c.record, c.field) == (IMAGE, "caption")]
    new = {i.id: i.caption for i in images} | {int(c.id): str(c.new) for c in captions}
    seen = [i for i in images if i.id in scores.place]
    before = Counter(t for i in seen for t in split_tags(i.caption) if t in TAGS)
    after = Counter(t for i in seen for t in split_tags(new[i.id]) if t in TAGS)
    assert {s.tag: (s.before, s.after) for s in outlook.shifts} == {
        tag: (before[tag], after[tag]) for tag in TAGS if before[tag] or after[tag]
    }
    assert outlook.changed == len(captions)
    assert (outlook.before, outlook.after) == (before.total(), after.total())


def test_of_nothing_there_is_no_outlook() -> None:
    assert TagPreview(Scores(TAGGER, ()), []).outlook(USUAL) == Outlook()
