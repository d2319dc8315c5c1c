"""The size of a picture as it is shown and trained on, after its recipe."""

from __future__ import annotations

from functools import lru_cache

from curator.core.errors import UserError
from curator.core.geometry import Size
from curator.core.recipe import Recipe
from curator.core.records import Image


def shown_size(image: Image) -> Size:
    """The size in pixels of a picture as it is shown, its recipe applied."""
    size = image.width, image.height
    return made_size(image.recipe, size) if image.recipe else size


@lru_cache(maxsize=4096)
def made_size(recipe: str, size: Size) -> Size:
    """What a recipe, as it is kept, makes of a size; one of a newer version changes nothing."""
    try:
        return Recipe.from_json(recipe).size_after(size)
    except UserError:  # the picture can't be shown either
        return size
