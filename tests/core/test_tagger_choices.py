"""Which taggers a project can use."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.installed_models import use_file
from curator.core.model_identity import identity
from curator.core.tagger_choices import TaggerChoice, tagger_choices
from curator.core.tagger_records import Tagger
from tests.helpers.taggers import write_tagger


@pytest.fixture(autouse=True)
def _models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))


def test_the_one_in_use_comes_first_and_what_scored_before_last(tmp_path: Path) -> None:
    before = Tagger("ab", "old", (), ())
    assert tagger_choices([]) == []
    assert tagger_choices([before]) == [TaggerChoice("old", "old", "ab", None)]
    known = write_tagger(tmp_path / "models" / "wd-vit-v3")
    own = write_tagger(tmp_path / "own", side=24)
    use_file("tagger", own)
    scored = Tagger(identity(known), "wd-vit-v3", (), ())
    assert tagger_choices([before, scored]) == [
        TaggerChoice("own", "own", identity(own), own),
        TaggerChoice("WD ViT tagger v3", "wd-vit-v3", identity(known), known),
        TaggerChoice("old", "old", "ab", None),
    ]


def test_one_that_is_gone_is_no_choice(tmp_path: Path) -> None:
    own = write_tagger(tmp_path / "own")
    use_file("tagger", own)
    own.unlink()
    assert tagger_choices([]) == []
