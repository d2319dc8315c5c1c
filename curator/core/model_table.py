"""The models that can be fetched, as resources/models.toml has them, and the kinds of models."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from curator.core.errors import UserError

TABLE = Path(__file__).resolve().parents[2] / "resources" / "models.toml"


@dataclass(frozen=True, slots=True)
class ModelKind:
    """What a kind of model is called, and what files of the person's own can be one.

    `suffixes`: of such a file; "" stands for a folder. `one`: the kind within a sentence.
    """

    title: str
    one: str
    suffixes: tuple[str, ...]


KINDS: Mapping[str, ModelKind] = {
    "tagger": ModelKind("Taggers", "a tagger", (".onnx",)),
    "captioner": ModelKind("Captioners", "a captioner", ("",)),
    "embedding": ModelKind("Embeddings", "an embedding model", (".onnx",)),
    "faces": ModelKind("Face detectors", "a face detector", (".onnx",)),
    "upscaler": ModelKind("Upscalers", "an upscaler", (".onnx", ".pth", ".safetensors")),
    "filter": ModelKind("Filters", "a filter model", (".onnx", ".pth", ".safetensors")),
    "cutout": ModelKind("Cut-outs", "a cut-out model", (".onnx", ".pth", ".safetensors")),
    "base": ModelKind("Base models", "a base model", (".safetensors", "")),
}


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A row of the table, see its head. `size`: about how many bytes are fetched."""

    key: str
    kind: str
    title: str
    purpose: str
    repository: str
    revision: str
    licence: str
    size: int
    main: str
    files: tuple[str, ...]
    sha256: Mapping[str, str] = field(default_factory=dict)


@cache
def known_models() -> tuple[KnownModel, ...]:
    """All rows, in the order of the table."""
    rows = tomllib.loads(TABLE.read_text("utf-8"))["model"]
    return tuple(KnownModel(**{**row, "files": tuple(row["files"])}) for row in rows)


def known_model(key: str) -> KnownModel:
    """The row with this key. Raises UserError naming the nearest."""
    rows = {model.key: model for model in known_models()}
    if key not in rows:
        near = difflib.get_close_matches(key, rows, n=1)
        meant = f"Did you mean {near[0]}?" if near else f"There are {', '.join(rows)}."
        raise UserError(f'There is no model "{key}".', meant)
    return rows[key]


def model_kind(kind: str) -> ModelKind:
    """The kind of this name. Raises UserError naming all."""
    if kind not in KINDS:
        raise UserError(f'There is no kind of model "{kind}".', f"There are {', '.join(KINDS)}.")
    return KINDS[kind]
