"""Settings: parsing, bounds, what is stored."""

from __future__ import annotations

from dataclasses import fields

import pytest

from curator.core.errors import UserError
from curator.core.settings import (
    ProjectSettings,
    check_together,
    from_stored,
    key_of,
    parse,
    spoken,
    stored_name,
    to_stored,
)


def test_what_is_not_stored_has_its_default() -> None:
    assert from_stored({}) == ProjectSettings()


def test_a_default_is_not_stored() -> None:
    assert to_stored("resolution", "512") is None
    assert to_stored("resolution", "1,024") == "1024"


def test_settings_of_a_newer_version_are_ignored() -> None:
    assert from_stored({"trigger": "x", "hologram": "1"}).trigger == "x"


@pytest.mark.parametrize("text", ["wide", "", "63", "4097", "512.5"])
def test_a_number_out_of_bounds_or_no_number_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="Resolution can't be"):
        parse("resolution", text)


def test_the_command_line_s_names_and_the_fields_names_both_work() -> None:
    assert stored_name("class") == stored_name("class_word") == "class_word"
    assert stored_name("name") == "output_name"


def test_a_sentence_calls_settings_by_their_labels() -> None:
    assert spoken(["extra_triggers", "undesired"]) == "further trigger words, undesired tags"
    assert spoken(["options", "of_a_newer_version"]).endswith(", of_a_newer_version")


def test_prompts_are_lines_and_a_trigger_is_one() -> None:
    assert to_stored("sample_prompt", " a cat\r\n\na dog \n") == "a cat\na dog"
    with pytest.raises(UserError, match="line break"):
        to_stored("trigger", "a\nb")
    with pytest.raises(UserError, match="another character"):
        to_stored("sample_prompt", "a\0b")


def test_every_setting_can_be_shown_in_a_form() -> None:
    for declared in fields(ProjectSettings):
        assert declared.metadata["label"], declared.name
        assert declared.metadata["help"], declared.name
        assert stored_name(key_of(declared)) == declared.name


def test_ratings_in_files_are_read_by_a_name_or_number_by_number() -> None:
    assert parse("ratings", "stars") == "stars"
    assert parse("ratings", "5=primary,1=reject") == "1=rejected,5=primary"
    assert to_stored("ratings", "guess") is None
    with pytest.raises(UserError, match="can't be read as"):
        parse("ratings", "many")


@pytest.mark.parametrize(
    "values",
    [{"xmp_primary": "2"}, {"xmp_supporting": "-1"}, {"xmp_rejected": "0"},
     {"xmp_primary": "5", "xmp_rejected": "5"}],
)  # fmt: skip
def test_each_rating_is_written_as_a_number_of_its_own(values: dict[str, str]) -> None:
    with pytest.raises(UserError, match=r"can't be written as .* three different numbers"):
        check_together(values)


def test_numbers_of_ratings_can_be_swapped() -> None:
    check_together({"xmp_primary": "2", "xmp_supporting": "1"})
