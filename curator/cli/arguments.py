"""What commands are given, declared once: the project's folder, queries, switches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.records import Image


def no_option(words: list[str] | None) -> list[str] | None:
    """Refuse in a query what was meant as an option, which its dash would otherwise hide."""
    for word in words or ():
        if word.startswith("--"):
            raise typer.BadParameter(f"There is no option {word}.")
    return words


Dir = Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Query = Annotated[
    list[str],
    typer.Argument(
        metavar="QUERY",
        callback=no_option,
        help='Which pictures, e.g. rating:1 -tag:blurry; "" is all.',
    ),
]
OptionalQuery = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY",
        callback=no_option,
        help="Which pictures, e.g. rating:1; all if left out.",
    ),
]
# A query may begin with a dash (-tag:blurry), which must not be taken for an option.
QUERY_CONTEXT = {"ignore_unknown_options": True}


def joined(words: Sequence[str] | None) -> str:
    """The query that several words make."""
    return text(" ".join(words or ()))


def text(argument: str) -> str:
    """An argument that will be kept. Raises UserError for bytes that are no text."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        raise UserError(
            "An argument holds bytes that are no text in this terminal's encoding.",
            "Use a terminal with UTF-8.",
        ) from None
    return argument


def found(project: Project, query: Sequence[str] | None) -> list[Image]:
    """The pictures that a query finds, in its order."""
    return project.images(project.select(joined(query)))
