"""The parts of an installation that curation does without, and how to get one that is missing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec

from curator.core.errors import UserError
from curator.core.invocation import command

# Extra of pyproject.toml -> what needs it, and the modules that show that it is installed.
EXTRAS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "train": ("Training", ("torch", "diffusers", "transformers", "peft", "safetensors")),
    "models": (
        "Neural models",
        ("onnxruntime", "spandrel", "torch", "transformers", "transparent_background"),
    ),
}


def missing_modules(extra: str) -> list[str]:
    """The modules of an extra that are not installed; imports none of them."""
    return [module for module in EXTRAS[extra][1] if find_spec(module) is None]


def install_hint(extra: str) -> str:
    """The sentence that tells how to install an extra."""
    if os.name == "nt":
        return f"Install it with: set CURATOR_EXTRAS={extra}&& {command('run.bat')} doctor"
    return f"Install it with: CURATOR_EXTRAS={extra} {command('./run.sh')} doctor"


def require_extra(extra: str) -> None:
    """Raise UserError with the command to type if `extra` ("train" or "models") is missing."""
    if missing := missing_modules(extra):
        raise UserError(
            f"{EXTRAS[extra][0]} needs {missing[0]}, which is not installed.", install_hint(extra)
        )
