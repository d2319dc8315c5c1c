"""Options of an import that make no sense are refused."""

from __future__ import annotations

import pytest

from curator.core.errors import UserError
from curator.core.import_options import ImportOptions


@pytest.mark.parametrize(
    "options",
    [
        ImportOptions(explode=0),
        ImportOptions(explode=-1),
        ImportOptions(ratings="7 stars"),
        ImportOptions(explode=2, skip_copies=True),
    ],
)
def test_what_makes_no_sense_is_a_sentence(options: ImportOptions) -> None:
    with pytest.raises(UserError):
        options.check()


def test_ordinary_ones_are_fine() -> None:
    ImportOptions().check()
    ImportOptions(explode=0.5, ratings="stars").check()
    ImportOptions(skip_copies=True).check()
