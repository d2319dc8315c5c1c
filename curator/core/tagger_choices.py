"""Which taggers a project can use: those that are installed, and those that scored it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import UserError
from curator.core.installed_models import InstalledModel, installed, model_for
from curator.core.model_identity import identity, model_name
from curator.core.model_table import known_models
from curator.core.tagger_records import Tagger

KIND = "tagger"


@dataclass(frozen=True, slots=True)
class TaggerChoice:
    """`path`: the model's file, None where only its scores are left. `sha256`: "" while unknown."""

    title: str
    name: str
    sha256: str
    path: Path | None

    @property
    def key(self) -> str:
        """What stays the same of it."""
        return self.sha256 or self.title


def tagger_choices(before: Sequence[Tagger]) -> list[TaggerChoice]:
    """The one in use first, then the others; `before`: those that have scored pictures.

    Reads a model's file once to know it, so not for the window's thread. Raises UserError.
    """
    there = [model_for(KIND), *(installed(one) for one in known_models() if one.kind == KIND)]
    found = {one.path: _choice(one) for one in there if one is not None and one.is_there}
    choices = list(found.values())
    known = {one.sha256 for one in choices}
    left = (one for one in before if one.sha256 not in known)
    return choices + [TaggerChoice(one.name, one.name, one.sha256, None) for one in left]


def _choice(model: InstalledModel) -> TaggerChoice:
    name = model_name(model.path)
    title = model.title if model.key else name
    try:
        return TaggerChoice(title, name, identity(model.path), model.path)
    except UserError:  # told once the model is used
        return TaggerChoice(title, name, "", model.path)
