"""Where the person puts models that the program looks for by name."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path


def models_folder() -> Path:
    """The folder, which may not be there yet."""
    return user_data_path("curator", appauthor=False) / "models"
