"""The command that makes more crops of pictures."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from curator.cli.arguments import Dir, Json, Query, found, text
from curator.cli.output import show, show_json, shown
from curator.cli.trailing import opened
from curator.core.crops import add_crops
from curator.core.errors import UserError
from curator.core.geometry import Box, Size
from curator.core.project import Project
from curator.core.readable import count
from curator.core.recipe import Recipe
from curator.core.recipe_plans import CropTo, with_plan
from curator.core.records import Image
from curator.core.shown_size import shown_size
from curator.core.steps import Crop
from curator.core.training_rule import rule_of


def crop(
    folder: Dir,
    query: Query,
    name: Annotated[
        str, typer.Option(help="What tells this crop from others, e.g. head; a number by default.")
    ] = "",
    box: Annotated[
        str, typer.Option(metavar="L,T,R,B", help="What it shows, in pixels of the picture shown.")
    ] = "",
    to: Annotated[
        str, typer.Option(metavar="SHAPE", help='"bucket", "square" or a ratio such as 2:3.')
    ] = "",
    json: Json = False,
) -> None:
    """Make one more crop of each picture that a query finds.

    It begins with the picture's caption, rating, set and steps, and then has its own; the picture
    stays as it is.
    """
    with opened(folder) as project:
        images = found(project, query)
        recipes = {image.id: _recipe(project, image, box, to) for image in images}
        edit, made = add_crops(
            project, images, project.new_image_ids, time.time(), text(name), recipes
        )
        project.apply(edit, made)
    if json:
        rows = [{"id": one.id, "name": one.name, "crop_of": one.parent_id} for one in made]
        show_json({"label": edit.label, "crops": rows})
    elif not made:
        show("No picture matches the query; nothing was changed.")
    else:
        names = ", ".join(one.name for one in made[:3]) + (", …" if len(made) > 3 else "")
        show(f"Made {count(len(made), 'crop')}: {shown(names)}.")


def _recipe(project: Project, image: Image, box: str, to: str) -> Recipe:
    recipe, size = Recipe.from_json(image.recipe), shown_size(image)
    if box:
        recipe = Recipe((*recipe.steps, Crop(*box_of(box, size), *size)))
    if to:
        rule = rule_of(project.settings)
        recipe = with_plan(recipe, (CropTo(to),), (image.width, image.height), rule)
    return recipe


def box_of(words: str, size: Size) -> Box:
    """A box written "left,top,right,bottom" inside a picture of this size. Raises UserError."""
    try:
        box = Box(*(int(word) for word in words.split(",")))
    except (ValueError, TypeError):
        raise UserError(
            f'"{words}" is no box.', "Write left,top,right,bottom in pixels, e.g. 0,0,300,400."
        ) from None
    wide, high = size
    if not (0 <= box.left < box.right <= wide and 0 <= box.top < box.bottom <= high):
        raise UserError(
            f"The box {words} is not inside the picture.", f"It has {wide:,} x {high:,} pixels."
        )
    return box
