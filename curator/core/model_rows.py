"""All models as a list shows them: those of the table by kind, and files of the person's own."""

from __future__ import annotations

from dataclasses import dataclass

from curator.core.installed_models import (
    InstalledModel,
    installed,
    is_chosen,
    left_over,
    model_for,
)
from curator.core.model_table import KINDS, KnownModel, known_models
from curator.core.readable import size


@dataclass(frozen=True, slots=True)
class ModelRow:
    """`model`: its row in the table, None for a file of the person's own, which may be to come.

    `is_chosen`: used because the person said so. `begun`: bytes of a download that was stopped.
    """

    kind: str
    title: str
    model: KnownModel | None
    there: InstalledModel | None
    in_use: bool
    is_chosen: bool
    begun: int = 0

    @property
    def key(self) -> str:
        """The key in the table, "" for a file of the person's own."""
        return self.model.key if self.model else ""

    @property
    def size(self) -> int:
        """Bytes on disk, or about how many a download takes."""
        return self.there.size if self.there else self.model.size if self.model else 0

    @property
    def state(self) -> str:
        """Where it stands, in a word or two."""
        if self.there is None and self.model is None:
            return "None yet"
        if self.there is None:
            return f"Begun, {size(self.begun)} are here" if self.begun else "Not downloaded"
        if not self.there.is_there:
            return "Gone"
        return "In use" if self.in_use else "Downloaded"


def model_rows() -> list[ModelRow]:
    """The rows, in the order of the kinds and of the table. Raises UserError."""
    rows = []
    for kind in KINDS:
        used, chosen = model_for(kind), is_chosen(kind)
        for model in known_models():
            if model.kind == kind:
                rows.append(_known(model, used, chosen))
        if used and not used.key:
            rows.append(ModelRow(kind, used.title, None, used, used.is_there, chosen))
        elif kind == "filter":  # none can be downloaded
            rows.append(ModelRow(kind, "A file of your own", None, None, False, False))
    return rows


def _known(model: KnownModel, used: InstalledModel | None, chosen: bool) -> ModelRow:
    there, in_use = installed(model), bool(used and used.is_there and used.key == model.key)
    begun = 0 if there else left_over(model)
    return ModelRow(model.kind, model.title, model, there, in_use, in_use and chosen, begun)
