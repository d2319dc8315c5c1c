"""Which tags a trigger should carry."""

from __future__ import annotations

from curator.core.traits import Advice, outfits, style_tags, touching, traits

GROUPS = {
    "blue eyes": "eyes",
    "red hair": "hair",
    "smile": "expression",
    "upper body": "framing",
    "hat": "clothes",
    "ribbon": "accessories",
    "dress": "clothes",
    "armor": "clothes",
    "watercolor": "style",
}


def group_of(tag: str) -> str:
    return GROUPS.get(tag, "")


def test_what_most_primaries_have_of_hair_and_eyes_is_a_trait() -> None:
    captions = ["fr3dd1e, blue eyes, red hair", *["fr3dd1e, blue eyes, smile, upper body"] * 9]
    found = {row.tag: row for row in traits(captions, group_of, ("fr3dd1e",))}
    assert found["blue eyes"].advice is Advice.PRUNE
    assert (found["blue eyes"].pictures, found["blue eyes"].share) == (10, 1.0)
    assert found["red hair"].advice is Advice.KEEP
    assert "varies" in found["red hair"].why
    assert "fr3dd1e" not in found


def test_framing_and_expression_are_never_traits_however_frequent() -> None:
    found = traits(["smile, upper body"] * 5, group_of)
    assert {row.advice for row in found} == {Advice.KEEP}


def test_what_comes_and_goes_is_no_trait_though_it_is_about_eyes_or_face() -> None:
    found = traits(["looking_at_viewer, closed eyes, open mouth"] * 9, lambda _tag: "eyes")
    assert {row.advice for row in found} == {Advice.KEEP}


def test_what_the_subject_is_stays_for_the_person_to_say() -> None:
    (row,) = traits(["raccoon"] * 9, lambda _tag: "animals")
    assert row.advice is Advice.PERHAPS
    assert "class word" in row.why


def test_what_nearly_all_have_of_no_known_group_is_for_the_person_to_say() -> None:
    found = {row.tag: row.advice for row in traits(["one ear bent, hat"] * 3, group_of)}
    assert found == {"one ear bent": Advice.PERHAPS, "hat": Advice.PERHAPS}


def test_no_captions_give_no_advice() -> None:
    assert traits([], group_of) == []


def test_tags_about_style_are_what_a_styles_trigger_carries() -> None:
    found = style_tags(["watercolor, hat", "watercolor"], group_of)
    assert [(row.tag, row.advice) for row in found] == [
        ("watercolor", Advice.PRUNE),
        ("hat", Advice.KEEP),
    ]


def test_tags_that_hold_the_concept_as_a_word_touch_it() -> None:
    captions = ["sword, holding_sword, swords, Sword on back, swordfish", "long sword"]
    found = touching(captions, "sword", group_of)
    assert {row.tag for row in found} == {
        "sword",
        "holding_sword",
        "swords",
        "Sword on back",
        "long sword",
    }
    assert touching(captions, " , ", group_of) == []


def test_what_both_outfits_have_is_not_pruned() -> None:
    found = outfits(
        {"ball": ["dress, ribbon, smile"] * 4, "fight": ["armor, ribbon", "armor"]}, group_of
    )
    ball = {row.tag: row for row in found["ball"]}
    assert ball["dress"].advice is Advice.PRUNE
    assert ball["ribbon"].advice is Advice.KEEP
    assert ball["ribbon"].why == "is in both outfits: don't prune it"
    assert "smile" not in ball
