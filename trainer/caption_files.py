"""Captions beside pictures, by sd-scripts' rules, and an account of how many were found."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from trainer.errors import TrainerError
from trainer.subsets import Subset

_USUAL = (".txt", ".caption", ".cap")
_FACE_TOKENS = 4  # face detectors append _x_y_width_height to a picture's name
_SHOWN = 3  # names in a note


@dataclass(slots=True)
class CaptionReport:
    """What was found for all pictures asked about so far."""

    found: int = 0
    missing: list[Path] = field(default_factory=list)
    empty: list[Path] = field(default_factory=list)
    other: list[Path] = field(default_factory=list)

    def check(self) -> None:
        """Raise TrainerError when all captions seem to be there under another extension."""
        if self.found == 0 and self.other:
            name = self.other[0]
            raise TrainerError(
                f'Not one caption was found, but there are files such as "{name.name}".',
                f'Set caption_extension to "{name.suffix}".',
            )

    def notes(self) -> list[str]:
        """Sentences for the owner: how many captions there are, and which are not."""
        total = self.found + len(self.missing) + len(self.empty)
        notes = [f"Captions: {self.found} of {total} found."]
        if self.missing:
            notes.append(
                f"Without a caption file, the folder's name is used: {_names(self.missing)}."
            )
        if self.empty:
            notes.append(f"With an empty caption, the folder's name is used: {_names(self.empty)}.")
        return notes


def find_caption(picture: Path, subset: Subset, report: CaptionReport) -> str:
    """The first line of the caption file, else the class tokens of the folder.

    With wildcards all lines that are not empty, because one of them is chosen later on.
    Raises TrainerError when the file cannot be read or is not UTF-8.
    """
    for path in _caption_paths(picture, subset.caption_extension):
        if path.is_file():
            caption = _text(path, all_lines=subset.enable_wildcard)
            if caption:
                report.found += 1
                return caption
            report.empty.append(picture)
            return subset.class_tokens
    report.missing.append(picture)
    others = (picture.with_suffix(extension) for extension in _USUAL)
    report.other += [path for path in others if path.is_file()]
    return subset.class_tokens


def _caption_paths(picture: Path, extension: str) -> list[Path]:
    names = [picture.stem]
    tokens = picture.stem.split("_")
    if len(tokens) > _FACE_TOKENS:
        names.append("_".join(tokens[:-_FACE_TOKENS]))
    return [picture.with_name(name + extension) for name in names]


def _text(path: Path, *, all_lines: bool) -> str:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise TrainerError(f"The caption {path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except OSError as error:
        raise TrainerError(f"Cannot read the caption {path}: {error.strerror}.") from error
    if not all_lines:
        return lines[0].strip()
    return "\n".join(line.strip() for line in lines if line.strip())


def _names(paths: list[Path]) -> str:
    shown = ", ".join(path.name for path in paths[:_SHOWN])
    rest = len(paths) - _SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown
