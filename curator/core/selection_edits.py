"""What a person does to the tags of several pictures at once; each a builder of an edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from curator.core.caption_edits import change_captions
from curator.core.caption_typing import named
from curator.core.captions import split_tags, with_tags
from curator.core.edits import Edit
from curator.core.readable import count
from curator.core.records import Image, ImageSet
from curator.core.settings import ProjectSettings
from curator.core.tag_moves import front_of, moved, removed, replaced, with_new
from curator.core.triggers import triggers_of

Triggers = Callable[[Image], Sequence[str]]
_Change = Callable[[Image, Sequence[str]], Sequence[str]]


def triggers_by_set(settings: ProjectSettings, sets: Iterable[ImageSet]) -> Triggers:
    """The triggers of a picture, known by its set."""
    by_set = {one.id: triggers_of(settings, one) for one in sets}
    own = triggers_of(settings)
    return lambda image: by_set.get(image.set_id or 0, own)


def add_tags(
    images: Sequence[Image], tags: Sequence[str], triggers: Triggers, *, at_front: bool
) -> Edit:
    """Give the tags to the pictures that lack them, at the end or behind the triggers in front."""

    def change(image: Image, there: Sequence[str]) -> Sequence[str]:
        return with_new(there, tags, triggers(image), at_front=at_front)

    return _changed(f"Add {named(tags)}", images, change)


def remove_tags(images: Sequence[Image], tags: Sequence[str]) -> Edit:
    """Take the tags away wherever they are."""
    return _changed(
        f"Remove {named(tags)}", images, lambda _image, there: removed(there, _at(there, tags))
    )


def replace_tag(images: Sequence[Image], tag: str, text: str) -> Edit:
    """Put what was typed, none or several tags, in the stead of one wherever it is."""

    def change(_image: Image, there: Sequence[str]) -> Sequence[str]:
        places = sorted(_at(there, [tag]))
        if not places:
            return there
        once = removed(there, places[1:])  # one that stands twice goes wherever it is
        return replaced(once, places[0], text)

    return _changed(f"Replace {named([tag])}", images, change)


def move_tags(
    images: Sequence[Image], tags: Sequence[str], triggers: Triggers, *, to_front: bool
) -> Edit:
    """Move the tags to the end or behind the triggers in front, in the order they have."""

    def change(image: Image, there: Sequence[str]) -> Sequence[str]:
        to = front_of(there, triggers(image)) if to_front else len(there)
        return moved(there, _at(there, tags), to)

    return _changed(f"Move {named(tags)}", images, change)


def _changed(what: str, images: Sequence[Image], change: _Change) -> Edit:
    new = {
        image: with_tags(image.caption, change(image, split_tags(image.caption)))
        for image in images
    }
    number = sum(image.caption != caption for image, caption in new.items())
    return change_captions(f"{what}: {count(number, 'picture')}", new)


def _at(there: Sequence[str], tags: Sequence[str]) -> set[int]:
    return {place for place, tag in enumerate(there) if tag in tags}
