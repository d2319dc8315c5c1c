"""Tags that nobody wants in captions: a project's list, and presets to begin one with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from curator.core.captions import join_tags
from curator.core.settings import ProjectSettings
from curator.core.tag_rules import Delete, listed
from curator.core.tag_spelling import matcher, tag_key

FILES = Path(__file__).resolve().parents[2] / "resources" / "undesired"


@dataclass(frozen=True, slots=True)
class Preset:
    """A list that ships; its patterns as `tag_spelling.matcher` reads them."""

    name: str
    title: str
    description: str
    tags: tuple[str, ...]


def parse_undesired(text: str) -> tuple[str, ...]:
    """The tags of a list as it is pasted: commas or lines, with blanks or without, each once.

    That is the field of kohya's tagger too. How a tag is written makes no difference later on. A
    line that begins with # is a remark.
    """
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("# "))
    return tuple({tag_key(tag): tag for tag in listed("\n".join(lines))}.values())


@cache
def presets() -> tuple[Preset, ...]:
    """What ships, by title."""
    return tuple(sorted(map(_preset, FILES.glob("*.txt")), key=lambda one: one.title))


def _preset(path: Path) -> Preset:
    text = path.read_text("utf-8")
    remarks = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    return Preset(path.stem, remarks[0], " ".join(remarks[1:]), parse_undesired(text))


def undesired_tags(settings: ProjectSettings) -> tuple[str, ...]:
    """The undesired tags of a project."""
    return parse_undesired(settings.undesired)


def undesired_text(tags: Iterable[str]) -> str:
    """What the project's setting holds for these tags."""
    return join_tags(parse_undesired(join_tags(tags)))


def is_undesired(tags: Iterable[str]) -> Callable[[str], bool]:
    """Whether a tag is in a list, however it is written; what a tagger asks."""
    return matcher(tags)


def delete_undesired(tags: Iterable[str]) -> Delete:
    """The rule that takes them out of captions."""
    return Delete(join_tags(tags))
