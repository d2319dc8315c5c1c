"""What a query means: a tree of frozen parts, and the error that says where a query is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from curator.core.errors import UserError


class QueryError(UserError):
    """A query that can't be read; `position` is the index of the character where it goes wrong."""

    def __init__(self, message: str, hint: str, position: int) -> None:
        super().__init__(f"{message.rstrip('.')} (at character {position + 1}).", hint)
        self.position = position


class Wild(Enum):
    """A wildcard inside a pattern."""

    ANY = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """A place among all pictures that have a number: 0 is the lowest, 1 the highest."""

    of_one: float


Pattern = tuple[str | Wild, ...]  # literal pieces, never empty ones, and wildcards
Bound = int | float | date | Share | None


@dataclass(frozen=True, slots=True)
class Text:
    """The field's text fits the pattern: somewhere in it when `anywhere`, else from end to end.

    Case makes no difference, for all of Unicode.
    """

    field: str
    pattern: Pattern
    anywhere: bool


@dataclass(frozen=True, slots=True)
class Range:
    """`first` <= the field < `after`; None leaves a side open. Ratios are counted in hundredths."""

    field: str
    first: Bound
    after: Bound


@dataclass(frozen=True, slots=True)
class Flag:
    """Something an image is or is not: rejected, removed, uncaptioned, inplace, unmeasured ..."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """What its part does not find."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """What every part finds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What at least one part finds."""

    parts: tuple[Node, ...]


Node = Text | Range | Flag | Not | And | Or


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of the order; `seed` is for the key "random" alone."""

    key: str
    descending: bool = False
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query: which images (None: all of them), and their order."""

    where: Node | None = None
    sort: tuple[Sort, ...] = ()

    def names_flag(self, name: str) -> bool:
        """Whether the query itself speaks of `is:name`, in whatever way."""
        return self.where is not None and _names_flag(self.where, name)


def _names_flag(node: Node, name: str) -> bool:
    if isinstance(node, Flag):
        return node.name == name
    if isinstance(node, Not):
        return _names_flag(node.part, name)
    return isinstance(node, And | Or) and any(_names_flag(part, name) for part in node.parts)


def negated(node: Node) -> Node:
    """The opposite of a node; twice the opposite is the node itself."""
    return node.part if isinstance(node, Not) else Not(node)
