"""The table of model families that can be trained; a family is one file and one row here."""

from __future__ import annotations

from collections.abc import Mapping

from trainer.base_files import BaseFile
from trainer.errors import TrainerError
from trainer.families import sd1
from trainer.model import Family

FAMILIES: Mapping[str, Family] = {"sd1": sd1.FAMILY}
_LATER = {"sd2": "a Stable Diffusion 2.x", "sdxl": "an SDXL", "sd3": "an SD3", "flux": "a Flux"}


def family_for(base: BaseFile) -> Family:
    """The family of a base model. Raises TrainerError for one that cannot be trained."""
    if base.family in FAMILIES:
        return FAMILIES[base.family]
    what = _LATER.get(base.family, "an unknown kind of")
    labels = " and ".join(family.label for family in FAMILIES.values())
    raise TrainerError(
        f"{base.path} is {what} model; this version trains {labels} only.",
        f"Choose a base model of the kind {labels}.",
    )
