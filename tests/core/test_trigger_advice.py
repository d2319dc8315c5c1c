"""What is said of a word before it becomes a trigger."""

from __future__ import annotations

from pathlib import Path

from curator.core.edits import create_set
from curator.core.project import Project
from curator.core.records import ImageSet
from curator.core.trigger_advice import (
    Known,
    Weight,
    look_at,
    pieces_in_words,
    romanised,
    suggestions,
    triggers_elsewhere,
)

NOTHING = Known({})


def said(word: str, known: Known = NOTHING) -> str:
    return " ".join(remark.words for remark in look_at(word, known))


def weights(word: str, known: Known = NOTHING) -> set[Weight]:
    return {remark.weight for remark in look_at(word, known)}


def test_a_made_up_word_is_told_with_its_pieces_and_nothing_against_it() -> None:
    assert pieces_in_words("fr3dd1e") == "fr3dd1e = 5 tokens: fr|3|dd|1|e"
    assert weights("fr3dd1e") == {Weight.GOOD}


def test_an_english_word_is_warned_of_because_the_base_model_knows_it() -> None:
    assert "meaning" in said("raccoon")
    assert weights("raccoon") == {Weight.WARNING}


def test_a_comma_nothing_or_mere_signs_are_refused() -> None:
    assert [weights(word) for word in ("a,b", "", "  ", "!!")] == [{Weight.REFUSED}] * 4


def test_words_apart_are_to_be_run_together_and_accents_romanised() -> None:
    assert "run them together: reddog" in said("red dog")
    assert "such as zurich" in said("zürich")
    assert romanised("Łódź") == "Lodz"


def test_a_tag_of_the_project_clashes_and_so_do_tags_that_name_the_word() -> None:
    known = Known({"fr3dd1e": 4, "hat of fr3dd1e": 2})
    assert "a tag here already, of 4 pictures" in said("fr3dd1e", known)
    assert '1 tag names it as a word and would be pinned with it: "hat of fr3dd1e"' in said(
        "fr3dd1e", known
    )
    assert weights("fr3dd1e", Known(known.tags, own=("fr3dd1e",))) == {Weight.GOOD}


def test_a_listed_tag_and_the_trigger_of_another_project_are_warned_of() -> None:
    known = Known({}, frozenset({"Fr3dd1e"}), {"cats": ["fr3dd1e"]})
    assert "installed tag list" in said("fr3dd1e", known)
    assert "Your project cats uses it too" in said("fr3dd1e", known)


def test_what_is_suggested_has_nothing_against_it() -> None:
    found = suggestions("Freddie", Known({"fredd1e": 1}))
    assert found
    assert "fredd1e" not in found
    assert all(weights(spelling) == {Weight.GOOD} for spelling in found)


def test_triggers_of_other_projects_are_read_and_what_could_not_be_read_is_told(
    project: Project, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "cats") as other:
        other.change_settings({"trigger": "m1ttens"})
        other.apply(create_set(ImageSet(other.new_set_id(), "hat", trigger="h4t")))
    (tmp_path / "empty").mkdir()
    roots = [project.root, other.root, tmp_path / "empty", tmp_path / "gone"]
    assert triggers_elsewhere(roots, project.root) == ({"cats": ["m1ttens", "h4t"]}, ["empty"])
