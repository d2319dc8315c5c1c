"""Several crops of a picture: images of their own that show the same file by another recipe.

A crop begins as its source is, with rating, set, caption, mask and steps, and goes its own way from
there. A crop of a crop is one of the same source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from curator.core import tag_sources
from curator.core.edits import Edit, add_images
from curator.core.errors import UserError
from curator.core.naming import check_line
from curator.core.readable import count
from curator.core.recipe import Recipe
from curator.core.records import Image, NewImage
from curator.core.view import ProjectView

MOST_NAME = 40  # characters of a name that is given to a crop


def add_crops(
    project: ProjectView,
    images: Sequence[Image],
    new_ids: Callable[[int], Sequence[int]],
    now_s: float,
    name: str = "",
    recipes: Mapping[int, Recipe] | None = None,
) -> tuple[Edit, list[NewImage]]:
    """An edit that shows one more crop of each image, and the records it needs with it.

    `new_ids`: `Project.new_image_ids`. `name`: what tells a crop from others, such as "head"; a
    number by default. `recipes`: by id of the image, the crop's steps, those of the image by
    default. `now_s`: seconds since 1970. Raises UserError for a name that is none.
    """
    name = _checked(name)
    before = project.crops_of({image.parent_id or image.id for image in images}, removed=True)
    numbers: dict[int, int] = {}
    for source in before.values():
        numbers[source] = numbers.get(source, 0) + 1
    names = {i.id: i.name for i in project.images(i.parent_id for i in images if i.parent_id)}
    made = []
    for image, id_ in zip(images, new_ids(len(images)), strict=True):
        source = image.parent_id or image.id
        numbers[source] = numbers.get(source, 0) + 1
        called = named(names.get(source, image.name), name or f"crop {numbers[source]}")
        recipe = (recipes or {}).get(image.id)
        text = image.recipe if recipe is None else recipe.to_json()
        made.append(_crop(image, id_, called, text, now_s))
    edit = add_images([one.id for one in made], f"Make {count(len(made), 'crop')}")
    return edit, made


def _checked(name: str) -> str:
    check_line("The crop's name", name)
    name = name.strip()
    if len(name) > MOST_NAME or "/" in name or "\\" in name:
        raise UserError(f'"{name[:MOST_NAME]}" is no name for a crop.', "Use a short word or two.")
    return name


def named(name: str, part: str) -> str:
    """What a crop of a picture is called: "face.jpg", "head" -> "face head.jpg"."""
    path = PurePosixPath(name)
    return f"{path.stem} {part}{path.suffix}"


def _crop(image: Image, id_: int, name: str, recipe: str, now_s: float) -> NewImage:
    return NewImage(
        id=id_,
        path=image.path,
        name=name,
        source=image.source,
        sha256=image.sha256,
        frame=image.frame,
        frames=image.frames,
        format=image.format,
        width=image.width,
        height=image.height,
        size_bytes=image.size_bytes,
        added=now_s,
        taken=image.taken,
        import_id=image.import_id,
        source_url=image.source_url,
        caption=image.caption,
        rating=image.rating,
        rejected=image.rejected,
        tag_sources=tag_sources.read(image.tag_sources),
        set_id=image.set_id,
        recipe=recipe,
        mask=image.mask,
        parent_id=image.parent_id or image.id,
    )


def left_behind(project: ProjectView, ids: Iterable[int]) -> dict[int, int]:
    """The crops of these images that are not among them, each with its source: what is asked of."""
    meant = set(ids)
    crops = {id_: of for id_, of in project.crops_of(meant).items() if id_ not in meant}
    shown = {image.id for image in project.images(set(crops.values())) if not image.removed}
    return {id_: of for id_, of in crops.items() if of in shown}


def question(crops: Mapping[int, int]) -> str:
    """What is asked before pictures are removed whose `crops` would be left behind."""
    sources = len(set(crops.values()))
    who = "One picture has" if sources == 1 else f"{sources:,} pictures have"
    one = len(crops) == 1
    return (
        f"{who} {count(len(crops), 'crop')} in the project. Remove {'it' if one else 'them'} too?"
    )
