"""Base models on the user's disks: which kind each is, and whether one can train on it.

Only headers and settings are read, never weights, and nothing that a file says is believed beyond
its kind.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from curator.core.naming import natural_key
from trainer.base_kinds import (
    MODEL_INDEX,
    PICKLED,
    TITLES,
    NoBaseModelError,
    is_pickled,
    look_at,
    require_trained,
)
from trainer.config import PRACTICE_MODEL
from trainer.errors import TrainerError

NONE, UNKNOWN, UNSEEN = "none", "unknown", "unseen"
_KINDS = {
    **TITLES,
    PRACTICE_MODEL: "tiny, to try everything out",
    NONE: "no base model",
    UNKNOWN: "of an unknown kind",
    UNSEEN: "its kind is seen when it is loaded",
}
# Where A1111 and ComfyUI keep base models, in their own folders or in the one named models.
_PLACES = tuple(
    Path(parent, name)
    for parent in ("models", "")
    for name in ("Stable-diffusion", "checkpoints", "diffusers")
)
_SUFFIXES = (".safetensors", ".ckpt")  # .pt and .pth are hardly ever whole models
_DEPTH = 4  # of folders in folders
_MOST_NAMES = 20_000  # looked at, however large the folder that was chosen


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A base model, or what was taken for one.

    `kind`: a name of `trainer.base_kinds.TITLES`, "practice", "unseen" (a .ckpt says nothing
    before it is loaded), "unknown", or "none" for what is no base model. `why_not` is empty where
    `trainable`.
    """

    path: Path
    kind: str
    title: str
    trainable: bool
    why_not: str = ""

    @property
    def kind_title(self) -> str:
        """The kind in words."""
        return _KINDS[self.kind]


PRACTICE = BaseModel(Path(PRACTICE_MODEL), PRACTICE_MODEL, "Practice model", trainable=True)


def recognise(path: Path) -> BaseModel:
    """What lies at a path: a checkpoint, a diffusers folder, or "practice" for that model."""
    if path == PRACTICE.path:
        return PRACTICE
    title = path.stem if path.suffix.lower() in (*_SUFFIXES, *PICKLED) else path.name
    kind = UNKNOWN
    try:
        if is_pickled(path):
            return BaseModel(path, UNSEEN, title, trainable=True)
        base = look_at(path)
        kind = base.family or UNKNOWN
        require_trained(base)
    except TrainerError as error:
        kind = NONE if isinstance(error, NoBaseModelError) else kind
        why_not = f"{error}".replace(str(path), path.name)
        return BaseModel(path, kind, title, trainable=False, why_not=why_not)
    return BaseModel(path, kind, title, trainable=True)


def find_models(folders: Sequence[Path], limit: int = 500) -> list[BaseModel]:
    """The base models in chosen folders, those that one can train on first, then by title.

    A folder may be that of A1111 or ComfyUI, their folder of models, or any other; LoRAs, VAEs and
    the like are left out. Folders that can't be read are passed over.
    """
    names = (name for folder in folders for name in _names_in(folder))
    looked_at = islice(names, _MOST_NAMES)
    found = {os.path.realpath(name): name for name in looked_at if _may_be_model(name)}
    models = (recognise(path) for path in found.values())
    whole = list(islice((model for model in models if model.kind != NONE), limit))
    return sorted(whole, key=lambda model: (not model.trainable, natural_key(model.title)))


def _names_in(folder: Path) -> Iterator[Path]:
    """Files and diffusers folders in a chosen folder: in the places for them, if it has those."""
    seen: set[str] = set()
    for place in _PLACES:
        yield from _walk(folder / place, _DEPTH, seen)
    yield from _walk(folder, 0 if seen else _DEPTH, seen)


def _walk(folder: Path, depth: int, seen: set[str]) -> Iterator[Path]:
    """As `os.walk`, but through links to folders too, which users of several programs have."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    try:
        entries = {path: path.is_dir() for path in sorted(folder.iterdir())}
    except OSError:
        return
    seen.add(real)
    if folder / MODEL_INDEX in entries:
        yield folder
        return
    for path, is_folder in entries.items():
        if not is_folder:
            yield path
        elif depth and not path.name.startswith("."):
            yield from _walk(path, depth - 1, seen)


def _may_be_model(path: Path) -> bool:
    """Not what the trainer made of a .ckpt that lies beside it."""
    is_folder = path.suffix.lower() not in _SUFFIXES and path.is_dir()
    return is_folder or (path.suffix.lower() in _SUFFIXES and not is_pickled(path.with_suffix("")))
