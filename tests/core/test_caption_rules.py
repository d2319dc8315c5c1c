"""What holds for all rules of captions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.caption_diffs import diffs_of, edit_of
from curator.core.caption_rules import RULES, apply_rules, from_json, to_json
from curator.core.captions import split_caption, split_tags
from curator.core.errors import UserError
from curator.core.line_rules import Add, Deduplicate, Front, Limit, OneLine, Sort
from curator.core.meaning_rules import Implications, Synonyms
from curator.core.pattern_rule import Regex
from curator.core.project import Project
from curator.core.rule_context import CaptionRule, RuleContext
from curator.core.spelling_rules import Affix, Case, Escapes, Underscores, Weights
from curator.core.tag_rules import Consolidate, Delete, Replace, Split
from curator.core.triggers import split_pinned
from tests.helpers.projects import dump, fill

TRIGGERS = ("fr3dd1e", "blue Sword")
EVERY: tuple[CaptionRule, ...] = (
    Delete("hat, *eyes"),
    Replace("hat", "cap, Sun_hat"),
    Replace("cap", ""),
    Regex(r"^(\w)(\w)", r"\2\1"),
    Regex("a", "", within="text"),
    Consolidate("hat, cap", "headwear"),
    Split("hat", "brim, crown"),
    Synonyms("hat = cap, sun hat = hat"),
    Implications("drop", "sun hat > hat, blue_eyes > eyes"),
    Implications("add", "hat > headwear, cap > hat"),
    Deduplicate(),
    Deduplicate("yes"),
    *(Sort(by) for by in ("name", "frequency", "category", "score")),
    Front("cap, *eyes"),
    Add("new, hat"),
    Add("new, hat", "front"),
    Affix("very ", "!"),
    Case(),
    Underscores(),
    Underscores("underscores"),
    Escapes(),
    Escapes("escaped"),
    Weights(),
    Limit(8),
    OneLine(),
)
# Neither turns a caption into one that it would change again.
STEADY = [r for r in EVERY if not isinstance(r, Regex | Synonyms) and r.key != "replace"]
TAGS = st.sampled_from(
    [
        *("hat", "Hat", "cap", "sun hat", "Sun_hat", "blue_eyes", "blue eyes", "^_^", "eyes"),
        *("(hat:1.2)", "name \\(x\\)", "name (x)", "fr3dd1e", "photo of fr3dd1e", "blue Sword"),
        *("猫", "headwear", "new", "((", "a:1)"),
    ]
)
LINES = st.lists(TAGS, max_size=9).flatmap(
    lambda tags: st.sampled_from([", ", ",", " ,  "]).map(lambda sign: sign.join(tags))
)
TEXTS = st.sampled_from(["", "\nA hat.", "\nfr3dd1e has\na blue Sword and a hat.", "\r\nA cat."])
CAPTIONS = st.builds(lambda line, text: line + text, LINES, TEXTS)


def context(number: int) -> RuleContext:
    return RuleContext([TRIGGERS] * number, ["\nhat,wd,0.9\ncap,wd,0.5"] * number)


@given(st.lists(CAPTIONS, min_size=1, max_size=4), st.lists(st.sampled_from(EVERY), max_size=4))
def test_no_rule_touches_a_trigger(captions: list[str], rules: list[CaptionRule]) -> None:
    for old, new in zip(
        captions, apply_rules(rules, captions, context(len(captions))), strict=True
    ):
        before, after = (split_pinned(split_tags(one), TRIGGERS)[0] for one in (old, new))
        rest = iter(after)
        assert all(tag in rest for tag in before)
        for trigger in TRIGGERS:
            assert split_caption(old)[1].count(trigger) == split_caption(new)[1].count(trigger)


@given(CAPTIONS, st.sampled_from(STEADY))
def test_a_rule_that_was_applied_changes_nothing_more(caption: str, rule: CaptionRule) -> None:
    once = apply_rules([rule], [caption], context(1))
    assert apply_rules([rule], once, context(1)) == once


@given(st.lists(CAPTIONS, max_size=5), st.sampled_from(EVERY))
def test_captions_are_changed_each_by_itself(captions: list[str], rule: CaptionRule) -> None:
    if rule == Sort("frequency"):
        return
    together = apply_rules([rule], captions, context(len(captions)))
    assert together == [apply_rules([rule], [one], context(1))[0] for one in captions]


@given(CAPTIONS, st.sampled_from(EVERY))
def test_a_caption_with_the_same_tags_is_the_very_same_text(
    caption: str, rule: CaptionRule
) -> None:
    (new,) = apply_rules([rule], [caption], context(1))
    if split_tags(new) == split_tags(caption) and rule.of_texts() is None:
        assert new == caption
    if rule.of_texts() is None:
        assert split_caption(new)[1] == split_caption(caption)[1]


@given(st.lists(st.sampled_from(EVERY)))
def test_rules_are_kept_as_json(rules: list[CaptionRule]) -> None:
    assert from_json(to_json(rules)) == tuple(rules)


def test_every_rule_has_a_title_and_is_found_by_its_key() -> None:
    assert all(RULES[rule.key] is type(rule) and rule.title for rule in EVERY)
    assert {rule.key for rule in EVERY} == set(RULES)


def test_rules_written_by_hand_may_hold_lists_and_truths() -> None:
    text = '[{"rule": "delete", "tags": ["a", "b"]}, {"rule": "deduplicate", "ignore_case": true}]'
    assert from_json(text) == (Delete("a, b"), Deduplicate("yes"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "can't be read"),
        ("{}", "no list"),
        ('["x"]', '"x" is no rule'),
        ('[{"rule": "x"}]', '"x" is no rule'),
        ('[{"rule": ["x"]}]', "is no rule"),
        ('[{"rule": "delete", "tag": "x"}]', 'no field "tag"'),
        ('[{"rule": "limit", "tokens": "many"}]', "can't be"),
        ('[{"rule": "limit", "tokens": 0}]', "can't be 0"),
        ('[{"rule": "sort", "by": "size"}]', "can't be"),
        ('[{"rule": "regex", "pattern": "(a"}]', "at character 3"),
    ],
)
def test_rules_that_make_no_sense_are_refused(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        from_json(text)


def test_undo_gives_everything_back(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        fill(project, 3, ["fr3dd1e, hat, cap", "(hat:1.2),blue_eyes\nA hat.", ""])
        before = dump(project)
        images = project.images([1, 2, 3])
        project.apply(edit_of("Rules", diffs_of(images, EVERY, context(3)), images))
        assert dump(project) != before
        project.undo()
        assert dump(project) == before
