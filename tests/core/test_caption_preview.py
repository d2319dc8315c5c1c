"""A bulk edit before it is made: counted by rule, pictures that change, tags that are spared."""

from __future__ import annotations

import pytest

from curator.core.caption_preview import RuleRefused, preview, sparing
from curator.core.jobs import Cancelled, Job
from curator.core.line_rules import Deduplicate
from curator.core.meaning_rules import Synonyms
from curator.core.pattern_rule import Regex
from curator.core.rule_context import RuleContext
from curator.core.tag_rules import Delete, Replace
from tests.helpers.projects import record

IMAGES = [record(1, caption="cat, hat"), record(2, caption="dog"), record(3, caption="cat, dog")]


def test_each_rule_is_counted_after_those_before_it() -> None:
    rules = [Replace(old="cat", new="dog"), Delete(tags="dog"), Deduplicate()]
    found = preview(Job(), IMAGES, rules, RuleContext())
    assert list(found.changed_by) == [2, 3, 0]
    assert [diff.new for diff in found.diffs] == ["hat", "", ""]
    assert [one.id for one in found.images] == [1, 2, 3]
    assert (found.gone, found.come) == (4, 0)


def test_pictures_that_stay_as_they_are_do_not_appear() -> None:
    found = preview(Job(), IMAGES, [Delete(tags="hat")], RuleContext())
    assert [one.id for one in found.images] == [1]


def test_tags_that_are_spared_stay_and_pictures_without_a_change_drop_out() -> None:
    whole = preview(Job(), IMAGES, [Delete(tags="cat, hat")], RuleContext())
    left = sparing(Job(), whole, {"cat"})
    assert [(diff.image_id, diff.new) for diff in left.diffs] == [(1, "cat")]
    assert left.counts == whole.counts
    assert (left.gone, left.come) == (1, 0)
    assert sparing(Job(), whole, set()) == whole


def test_a_rule_that_can_not_be_used_is_named_by_its_place() -> None:
    rules = [Delete(tags="hat"), Synonyms(pairs="closeup")]
    with pytest.raises(RuleRefused) as refused:
        preview(Job(), IMAGES, rules, RuleContext())
    assert refused.value.at == 1


def test_a_preview_that_nobody_wants_any_more_ends() -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        preview(job, IMAGES, [Regex(pattern="a")], RuleContext())
