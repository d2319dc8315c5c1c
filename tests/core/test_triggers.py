"""Which tags are pinned as triggers."""

from curator.core.records import ImageSet
from curator.core.settings import ProjectSettings
from curator.core.triggers import all_triggers, is_pinned, split_pinned, triggers_of

SETTINGS = ProjectSettings(trigger="fr3dd1e", extra_triggers="sw0rd, fr3dd1e")


def test_the_projects_trigger_comes_first_then_the_sets_then_the_others() -> None:
    assert triggers_of(SETTINGS, ImageSet(1, "armour", trigger="4rmor")) == (
        "fr3dd1e",
        "4rmor",
        "sw0rd",
    )
    assert triggers_of(ProjectSettings()) == ()
    sets = [ImageSet(1, "armour", trigger="4rmor"), ImageSet(2, "dress", trigger="dr3ss")]
    assert all_triggers(SETTINGS, sets) == ("fr3dd1e", "sw0rd", "4rmor", "dr3ss")


def test_a_tag_that_names_a_trigger_as_a_whole_word_is_pinned() -> None:
    triggers = ("fr3dd1e", "c++")
    assert is_pinned("fr3dd1e", triggers)
    assert is_pinned("photo of fr3dd1e", triggers)
    assert is_pinned("c++", triggers)
    assert not is_pinned("fr3dd1es", triggers)
    assert not is_pinned("Fr3dd1e", triggers)
    assert not is_pinned("anything", ())


def test_pinned_tags_are_told_from_all_others_in_their_order() -> None:
    tags = ["hat", "photo of fr3dd1e", "sun", "sw0rd"]
    assert split_pinned(tags, triggers_of(SETTINGS)) == (
        ["photo of fr3dd1e", "sw0rd"],
        ["hat", "sun"],
    )
