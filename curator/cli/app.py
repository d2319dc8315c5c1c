"""The commands of the command line, each with the function that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import typer
import typer.main

from curator.cli.arguments import QUERY_CONTEXT
from curator.core.invocation import command

# Name -> module in this package and function. Only the module of the command that is asked for is
# imported: what trains or decodes takes a second to load, and `list` should not wait for it.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo_commands", "demo"),
    "doctor": ("demo_commands", "doctor"),
    "new": ("project_commands", "new"),
    "import": ("import_commands", "import_sources"),
    "list": ("picture_commands", "list_pictures"),
    "rate": ("picture_commands", "rate"),
    "group": ("picture_commands", "group"),
    "caption": ("picture_commands", "caption"),
    "turn": ("picture_commands", "turn"),
    "crop": ("crop_commands", "crop"),
    "mask": ("mask_commands", "mask"),
    "remove": ("picture_commands", "remove"),
    "restore": ("picture_commands", "restore"),
    "read-ratings": ("rating_commands", "read_again"),
    "trash": ("trash_commands", "trash"),
    "set": ("project_commands", "set_settings"),
    "mirror": ("mirror_commands", "mirror"),
    "undo": ("project_commands", "undo"),
    "redo": ("project_commands", "redo"),
    "history": ("project_commands", "history"),
    "sets": ("project_commands", "sets"),
    "tags": ("caption_commands", "tags"),
    "retag": ("caption_commands", "retag"),
    "lint": ("caption_commands", "lint"),
    "tokens": ("caption_commands", "tokens"),
    "filter": ("project_commands", "keep_filter"),
    "filters": ("project_commands", "filters"),
    "facets": ("project_commands", "facets"),
    "quality": ("quality_commands", "quality"),
    "buckets": ("bucket_commands", "buckets"),
    "duplicates": ("duplicate_commands", "duplicates"),
    "models": ("model_commands", "models"),
    "tag": ("tag_commands", "tag"),
    "describe": ("describe_commands", "describe"),
    "recipe": ("recipe_commands", "recipe"),
    "render": ("training_commands", "render"),
    "export": ("training_commands", "export"),
    "train": ("training_commands", "train"),
    "loras": ("checkpoint_commands", "checkpoints"),
}
WHAT = (
    "From a heap of photos to a curated dataset and a trained LoRA. Without a command the window"
    " opens; open DIR opens it on a project."
)
# Their arguments may hold a query, which may begin with a dash.
WITH_QUERY = (
    *("list", "rate", "group", "caption", "turn", "remove", "restore", "read-ratings"),
    *(
        "crop",
        "mask",
        "filter",
        "facets",
        "quality",
        "buckets",
        "tag",
        "describe",
        "recipe",
        "render",
        "tags",
        "retag",
        "lint",
        "tokens",
    ),
)


def run_command(arguments: Sequence[str]) -> None:
    """Run one command; ends with SystemExit, whose code is 0, or 2 for wrong usage."""
    known = arguments[:1] if arguments and arguments[0] in COMMANDS else list(COMMANDS)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.callback(help=WHAT)(_nothing)
    for name in known:
        module, function = COMMANDS[name]
        context: dict[str, Any] = dict(QUERY_CONTEXT) if name in WITH_QUERY else {}
        work = getattr(import_module(f"curator.cli.{module}"), function)
        app.command(name, context_settings=context)(work)
    typer.main.get_command(app)(list(arguments), prog_name=command())


def _nothing() -> None:
    """What happens before every command."""
