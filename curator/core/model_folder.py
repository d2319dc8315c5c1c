"""Where models lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

VARIABLE = "CURATOR_MODELS"


def models_folder() -> Path:
    """The folder, which may not be there yet: CURATOR_MODELS, else in the user's data folder."""
    chosen = os.environ.get(VARIABLE)
    return Path(chosen) if chosen else user_data_path("curator", appauthor=False) / "models"
