"""The table of models: every row is whole, and a wrong key is told."""

from __future__ import annotations

import re

import pytest

from curator.core.errors import UserError
from curator.core.model_table import KINDS, known_model, known_models, model_kind


def test_every_row_can_be_fetched_and_opened() -> None:
    models = known_models()
    assert len({model.key for model in models}) == len(models)
    assert {"tagger", "captioner", "embedding", "faces"} <= {model.kind for model in models}
    for model in models:
        assert model.kind in KINDS
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.repository)
        assert re.fullmatch(r"[a-z0-9-]+", model.key)
        assert model.main in ("", *model.files)
        assert set(model.sha256) <= set(model.files)
        assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in model.sha256.values())
        assert model.licence
        assert model.purpose.endswith(".")
        assert model.size > 0


def test_what_is_not_pinned_by_a_commit_is_pinned_by_its_hash_or_needs_no_opening_here() -> None:
    for model in known_models():
        pinned = re.fullmatch(r"[0-9a-f]{40}", model.revision) or set(model.files) == set(
            model.sha256
        )
        # Of these no commit could be confirmed; waifu2x is ONNX, which holds no program.
        assert pinned or model.key in ("florence-2-base", "waifu2x-photo", "waifu2x-art")


def test_a_wrong_key_or_kind_is_told() -> None:
    assert known_model("yunet").kind == "faces"
    with pytest.raises(UserError, match='no model "yunett"') as refused:
        known_model("yunett")
    assert refused.value.hint == "Did you mean yunet?"
    with pytest.raises(UserError, match="no kind"):
        model_kind("oracle")
