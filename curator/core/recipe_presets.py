"""Presets: plans of steps under a name, those that ship and the project's own.

Own ones are kept in the project's settings, so that keeping and forgetting one can be undone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from curator.core.errors import UserError
from curator.core.naming import check_line
from curator.core.recipe_plans import (
    BUCKET,
    SQUARE,
    CropTo,
    PadTo,
    Plan,
    UpscaleTo,
    plan_of,
    rows_of,
)
from curator.core.settings import ProjectSettings

VERSION = 1
BUILT_IN: Mapping[str, Plan] = {
    "crop to bucket": (CropTo(BUCKET),),
    "crop to bucket, enlarge": (CropTo(BUCKET), UpscaleTo()),
    "crop to square": (CropTo(SQUARE),),
    "pad to bucket, white": (PadTo(BUCKET),),
    "pad to bucket, blurred": (PadTo(BUCKET, "blur"),),
    "pad to square, white": (PadTo(SQUARE),),
    "enlarge to bucket": (UpscaleTo(),),
}


def own_presets(settings: ProjectSettings) -> dict[str, Plan]:
    """The project's own presets by name. Raises UserError for what can't be read."""
    try:
        rows = json.loads(settings.presets) if settings.presets else []
        return {str(row["name"]): plan_of(row["steps"]) for row in rows if _is_known(row)}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UserError(f"The presets can't be read: {error}.", "Make them again.") from error


def _is_known(row: Mapping[str, object]) -> bool:
    if row["version"] != VERSION:
        raise UserError("A preset is of another version of Curator.", "Update Curator to use it.")
    return True


def presets_text(presets: Mapping[str, Plan]) -> str:
    """What the setting `presets` holds for the project's own presets. Raises UserError."""
    for name in presets:
        check_line("The name of a preset", name)
        if not name.strip():
            raise UserError("A preset needs a name.", "Type one.")
        if name in BUILT_IN:
            raise UserError(f'"{name}" comes with Curator.', "Choose another name.")
    rows = [
        {"version": VERSION, "name": name, "steps": rows_of(plan)} for name, plan in presets.items()
    ]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def all_presets(settings: ProjectSettings) -> dict[str, Plan]:
    """What ships and the project's own, by name. Raises UserError."""
    return {**BUILT_IN, **own_presets(settings)}


def preset_named(settings: ProjectSettings, name: str) -> Plan:
    """The preset of this name. Raises UserError naming those there are."""
    presets = all_presets(settings)
    if name not in presets:
        raise UserError(f'There is no preset "{name}".', f"There are {', '.join(presets)}.")
    return presets[name]
