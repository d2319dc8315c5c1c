"""The table of model families that can be trained; a family is one file and one row here."""

from __future__ import annotations

from collections.abc import Mapping

from trainer.base_kinds import BaseFile, require_trained
from trainer.families import sd1, sd2, sdxl
from trainer.model import Family

FAMILIES: Mapping[str, Family] = {
    "sd1": sd1.FAMILY,
    "sd2": sd2.FAMILY,
    "sdxl": sdxl.FAMILY,
}


def family_for(base: BaseFile) -> Family:
    """The family of a base model. Raises TrainerError for one that cannot be trained."""
    require_trained(base)
    return FAMILIES[base.family]
