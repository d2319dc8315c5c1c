"""What an action of the window is declared by, and the menus there are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Scope(Enum):
    """Where an action's keys hold: one-letter keys only where pictures are, never in a text.

    While duplicates are decided, a tag is swept, or a tool is open, their keys stand in for the
    same ones of `PICTURES`; those of `CAPTION` hold where a caption is written.
    """

    WINDOW = "window"
    PICTURES = "pictures"
    DECIDING = "deciding"
    SWEEPING = "sweeping"
    TOOLING = "tooling"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """`toggle`: on or off; `needs_project`: off without one."""

    name: str
    title: str
    menu: str
    keys: tuple[str, ...] = ()
    scope: Scope = Scope.WINDOW
    toggle: bool = False
    needs_project: bool = True
    hint: str = ""


FILE, EDIT, PICTURE, GO, VIEW, DUPLICATES, SETS, PREPARE, CAPTIONS, TRAINING, HELP = (
    "&File",
    "&Edit",
    "&Picture",
    "&Go",
    "&View",
    "&Duplicates",
    "&Sets",
    "P&repare",
    "&Captions",
    "&Training",
    "&Help",
)
MENUS = (
    FILE,
    EDIT,
    PICTURE,
    GO,
    VIEW,
    DUPLICATES,
    SETS,
    PREPARE,
    CAPTIONS,
    TRAINING,
    HELP,
)
