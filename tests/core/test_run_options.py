"""Options of a training in text: tidied, refused, and kept with the project."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import UserError
from curator.core.run_options import option_text, read_options, tidy_option, write_options
from trainer.config import OPTIONS, parse_option

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@given(st.dictionaries(st.sampled_from(sorted(OPTIONS)), TEXTS, max_size=5))
def test_what_is_kept_is_read_again(options: dict[str, str]) -> None:
    assert read_options(write_options(options)) == options


@pytest.mark.parametrize("name", OPTIONS)
def test_the_text_of_a_default_means_the_default(name: str) -> None:
    default = OPTIONS[name].default
    assert parse_option(name, option_text(default)) == default


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("learning_rate", "1e-4", "0.0001"),
        ("learning_rate", " 5E-5 ", "5e-05"),
        ("network_alpha", "16", "16"),
        ("flip_aug", "true", "yes"),
        ("resolution", "512", "512,512"),
        ("optimizer_args", "weight_decay=0.1  betas=0.9,0.99", "weight_decay=0.1 betas=0.9,0.99"),
        ("max_train_epochs", "none", ""),
    ],
)
def test_what_is_typed_is_tidied(name: str, typed: str, kept: str) -> None:
    assert tidy_option(name, typed) == kept


@pytest.mark.parametrize("typed", ["fast", "20", "-1"])
def test_a_value_that_does_not_fit_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="learning_rate"):
        tidy_option("learning_rate", typed)


@pytest.mark.parametrize("kept", ["network_dim", "sample_prompts='a cat"])
def test_options_that_cannot_be_read_are_told(kept: str) -> None:
    with pytest.raises(UserError):
        read_options(kept)
