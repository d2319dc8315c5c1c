"""The rules that put all tags together of a project that look like one."""

from __future__ import annotations

from collections.abc import Iterable

from curator.core.captions import join_tags
from curator.core.meaning_rules import Synonyms
from curator.core.rule_context import CaptionRule
from curator.core.tag_rules import Consolidate
from curator.core.tag_spelling import tag_key
from curator.core.tag_suggestions import Consolidation


def alike_rules(found: Iterable[Consolidation]) -> list[CaptionRule]:
    """One rule for all synonyms, and one for each tag of which only the spelling differs.

    What has an = in it is left out, for a list of synonyms can't hold it.
    """
    pairs: list[str] = []
    rules: list[CaptionRule] = []
    for one in found:
        spelled = [tag for tag in one.tags if tag_key(tag) == tag_key(one.into)]
        if spelled:
            rules.append(Consolidate(tags=join_tags(spelled), into=one.into))
        others = (tag for tag in one.tags if tag not in spelled)
        pairs += [f"{tag}={one.into}" for tag in others if "=" not in tag + one.into]
    return [Synonyms(pairs=join_tags(pairs)), *rules] if pairs else rules
