"""What the person likes, for all projects: declared once, kept in a file of their own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from curator.core.errors import UserError
from curator.core.settings import parse_field, setting

MOST_RECENT = 12


@dataclass(frozen=True, slots=True)
class Liking:
    """What the preferences dialog shows; each is kept as text."""

    theme: str = setting(
        "system", "Theme", "system follows the desktop.", choices=("system", "dark", "light")
    )
    auto_advance: str = setting(
        "yes",
        "Go on after rating",
        "A rated picture makes way for the next.",
        choices=("yes", "no"),
    )
    measure_new: str = setting(
        "yes",
        "Measure new pictures",
        "How sharp, compressed or noisy they are, in the background once nothing else runs.",
        choices=("yes", "no"),
    )
    find_duplicates: str = setting(
        "yes",
        "Look for duplicates after an import",
        "In the background once nothing else runs; nothing is ever decided by itself.",
        choices=("yes", "no"),
    )
    guess_rejects: str = setting(
        "yes",
        "Likely rejects",
        "Learned from your ratings, as an order of the undecided; nothing is ever applied.",
        choices=("yes", "no"),
    )
    quality_badges: str = setting(
        "yes",
        "Quality badges",
        "Words upon pictures that are small, soft, enlarged, strongly compressed, lettered or"
        " duplicates.",
        choices=("yes", "no"),
    )
    trainers_eye: str = setting(
        "no",
        "Trainer's eye",
        "Upon pictures the bucket they train in, and what is cropped away on the way there.",
        choices=("yes", "no"),
    )
    train_in: str = setting(
        "window",
        "Train in",
        "window: a thread of this program; process: one of its own, which leaves the window and"
        " the training more of the processor.",
        choices=("window", "process"),
    )
    thumbnail_cache_mb: int = setting(
        2000, "Thumbnail cache", "Megabytes on disk for each project.", bounds=(50, 100_000)
    )
    picture_memory_mb: int = setting(
        400, "Memory for pictures", "Megabytes for pictures shown large.", bounds=(100, 16_000)
    )


class Preferences(QObject):
    """The liking, recent projects, keys and places of docks, as they were left."""

    changed = Signal()

    def __init__(self, path: Path | None = None) -> None:
        """`path`: the file, by default the system's place for it."""
        super().__init__()
        place = path or user_config_path("curator", appauthor=False) / "window.ini"
        self._file = QSettings(str(place), QSettings.Format.IniFormat)
        self.liking = self._read_liking()

    def _read_liking(self) -> Liking:
        found: dict[str, Any] = {}
        for declared in fields(Liking):
            text = self._file.value(f"liking/{declared.name}")
            if text is not None:
                with suppress(UserError):  # of another version, or edited by hand
                    found[declared.name] = parse_field(declared, str(text))
        return Liking(**found)

    def like(self, **values: str) -> None:
        """Change some of the liking, from text. Raises UserError for a value that does not fit."""
        declared = {one.name: one for one in fields(Liking)}
        parsed: dict[str, Any] = {n: parse_field(declared[n], text) for n, text in values.items()}
        self.liking = replace(self.liking, **parsed)
        for name, value in parsed.items():
            self._file.setValue(f"liking/{name}", str(value))
        self.changed.emit()

    @property
    def recent_projects(self) -> list[Path]:
        """The projects opened last, the newest first."""
        return [Path(text) for text in self.remembered_list("recent_projects")]

    def remember_project(self, root: Path) -> None:
        """Put a project at the head of the recent ones."""
        rest = [str(path) for path in self.recent_projects if path != root]
        self.remember("recent_projects", [str(root), *rest][:MOST_RECENT])

    @property
    def base_models(self) -> list[str]:
        """The base models that were chosen before, the newest first."""
        return self.remembered_list("base_models")

    def remember_base(self, base: str) -> None:
        """Put a base model at the head of those chosen before."""
        rest = [one for one in self.base_models if one != base]
        self.remember("base_models", [base, *rest][:MOST_RECENT])

    @property
    def keys(self) -> dict[str, list[str]]:
        """By action, the keys that replace its own."""
        with suppress(ValueError):  # edited by hand: then each action has its own
            found = json.loads(str(self._file.value("keys", "{}")))
            return {str(k): [str(one) for one in v] for k, v in found.items()}
        return {}

    def rebind(self, keys: dict[str, list[str]]) -> None:
        """Keep keys that replace those of the action table."""
        self._file.setValue("keys", json.dumps(keys))
        self.changed.emit()

    def remember(self, name: str, value: Sequence[str] | QByteArray | int | str) -> None:
        """Keep something small about the window under a name."""
        kept = json.dumps(value) if isinstance(value, list) else value
        self._file.setValue(f"window/{name}", kept)

    def remembered(self, name: str, default: Any = None) -> Any:
        """What was kept under a name."""
        return self._file.value(f"window/{name}", default)

    def remembered_list(self, name: str) -> list[str]:
        """The texts that were kept under a name; none where there are none."""
        with suppress(ValueError, TypeError):  # edited by hand
            return [str(one) for one in json.loads(str(self.remembered(name, "[]")))]
        return []

    def save(self) -> None:
        """Write what is kept to the disk now."""
        self._file.sync()
