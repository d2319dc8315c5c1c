"""What an installation without an extra is told."""

from __future__ import annotations

import pytest

from curator.core import extras
from curator.core.errors import UserError


def test_a_missing_extra_is_told_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extras, "EXTRAS", {"train": ("Training", ("json", "no_such_module_here"))})
    with pytest.raises(UserError) as caught:
        extras.require_extra("train")
    assert "no_such_module_here" in caught.value.message
    assert "CURATOR_EXTRAS=train" in caught.value.hint


def test_an_installed_extra_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "EXTRAS", {"train": ("Training", ("json",))})
    extras.require_extra("train")
