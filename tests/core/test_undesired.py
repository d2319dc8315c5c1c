"""Lists of undesired tags, as they are pasted and as they ship."""

from __future__ import annotations

import pytest

from curator.core.caption_rules import apply_rules
from curator.core.settings import ProjectSettings
from curator.core.undesired import (
    delete_undesired,
    is_undesired,
    parse_undesired,
    presets,
    undesired_tags,
    undesired_text,
)


@pytest.mark.parametrize(
    "text", ["hat,blue_eyes", "hat, blue eyes", " hat ,,Blue_Eyes, hat,", "hat\nblue_eyes\r\n"]
)
def test_a_list_is_read_as_it_is_pasted(text: str) -> None:
    tags = parse_undesired(text)
    assert len(tags) == 2
    meant = is_undesired(tags)
    assert meant("blue eyes")
    assert meant("BLUE_EYES")
    assert meant("hat")
    assert not meant("hats")
    assert apply_rules([delete_undesired(tags)], ["a, blue_eyes, Hat"]) == ["a"]


def test_the_list_of_a_project_is_one_line() -> None:
    settings = ProjectSettings(undesired=undesired_text(["hat", "cap\nsun"]))
    assert undesired_tags(settings) == ("hat", "cap", "sun")
    assert undesired_tags(ProjectSettings()) == ()


def test_presets_have_a_title_a_description_and_tags() -> None:
    assert all(one.title and one.description and len(one.tags) > 20 for one in presets())
    by_name = {one.name: one for one in presets()}
    traits = is_undesired(by_name["traits"].tags)
    assert all(map(traits, ("blonde hair", "blue_eyes", "freckles")))
    assert not any(map(traits, ("closed eyes", "hair ribbon", "smile", "wet hair", "red dress")))
