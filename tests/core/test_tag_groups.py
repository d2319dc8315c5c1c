"""What tags are about, and which of them contradict each other."""

from __future__ import annotations

import pytest

from curator.core.installed_tag_lists import STARTER
from curator.core.tag_groups import contradictions, group_of, group_place, tag_groups
from curator.core.tag_lists import TagList


@pytest.mark.parametrize(
    ("tag", "group"),
    [
        ("long hair", "hair"),
        ("very_long_turquoise_hair", "hair"),
        ("hair ribbon", "accessories"),
        ("close-up", "framing"),
        ("Close Up", "framing"),
        ("full body", "framing"),
        ("from behind", "angle"),
        ("from the left", "angle"),
        ("7girls", "count"),
        ("checkered tablecloth background", "background"),
        ("backlighting", "light"),
        ("sunset", "time"),
        ("beach", "place"),
        ("standing", "pose"),
        ("holding spatula", "pose"),
        (":d", "expression"),
        ("red rubber boots", "clothes"),
        ("raccoon", "animals"),
        ("highres", "style"),
        ("fr3dd1e", ""),
        ("hair", ""),
    ],
)
def test_a_tag_belongs_to_the_group_that_names_or_describes_it(tag: str, group: str) -> None:
    assert group_of(tag) == group


def test_what_is_written_out_goes_before_patterns() -> None:
    assert group_of("alley") == "place"
    assert group_of("hand mirror") == "things"


def test_groups_have_an_order_and_what_is_in_none_comes_last() -> None:
    tags = ["fr3dd1e", "highres", "smile", "long hair", "1girl"]
    assert sorted(tags, key=group_place) == tags[::-1]


def test_no_tag_is_written_out_in_two_groups() -> None:
    written = [tag for group in tag_groups().values() for tag in group.tags]
    assert len(written) == len(set(written))


def test_every_tag_of_the_starter_list_is_in_a_group() -> None:
    found = TagList.load(STARTER / "starter.csv")
    assert found.unread == 0
    assert [tag for tag in found.tags if not group_of(tag)] == []


def test_what_is_alike_is_written_as_it_is_grouped() -> None:
    for group in tag_groups().values():
        for key in frozenset().union(*group.alike):
            assert group_of(key)


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (["red hair", "solo", "Blonde_Hair"], [("red hair", "Blonde_Hair")]),
        (["red hair", "blonde hair", "2girls"], []),
        (["red hair", "blonde hair", "1girl", "1boy"], []),
        (["red hair", "blonde hair", "multicolored hair"], []),
        (["full body", "portrait", "2girls"], [("full body", "portrait")]),
        (["full body", "portrait", "multiple views"], []),
        (["indoors", "outdoors", "smile"], [("indoors", "outdoors")]),
        (["long hair", "black hair", "smile"], []),
    ],
)
def test_contradictions_are_told(tags: list[str], found: list[tuple[str, ...]]) -> None:
    assert contradictions(tags) == found
