"""Ways to teach something by a trigger, explained, and the wish to go one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Route(StrEnum):
    """What is to be taught, and how."""

    LAZY = "lazy"
    PROPER = "proper"
    CUSTOM = "custom"
    STYLE_ONLY = "style only"
    STYLE_CONTENT = "style content"
    CONCEPT = "concept"
    OUTFIT = "outfit"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RouteWords:
    """A route in the person's words."""

    title: str
    what: str


ROUTES: Mapping[Route, RouteWords] = {
    Route.LAZY: RouteWords(
        "A subject, the lazy way",
        "The trigger goes in front and every tag stays. Quick; the subject's traits have to be"
        " written again in every prompt.",
    ),
    Route.PROPER: RouteWords(
        "A subject, the proper way",
        "The trigger goes in front, and traits that most primaries share are taken out, so that the"
        " trigger carries them. What stays in the captions stays changeable.",
    ),
    Route.CUSTOM: RouteWords(
        "A subject, tag by tag",
        "The trigger goes in front; you tick each tag that it should carry.",
    ),
    Route.STYLE_ONLY: RouteWords(
        "A style, by the trigger alone",
        "Each caption becomes the trigger and nothing else: all that the pictures have in common"
        " goes into it. The texts below the tags go too.",
    ),
    Route.STYLE_CONTENT: RouteWords(
        "A style, with what is in the pictures",
        "Tags of content stay, tags about style go, so that what is seen is told apart from how it"
        " is drawn. Many styles need no trigger: leave it empty then.",
    ),
    Route.CONCEPT: RouteWords(
        "A concept or an object",
        "Pictures with a tag that touches it get the trigger, and all of those tags go. It may"
        " stand beside the subject's trigger.",
    ),
    Route.OUTFIT: RouteWords(
        "Outfits",
        "Each outfit is a set with a trigger of its own, which carries the clothes that only this"
        " outfit has. It takes at least two.",
    ),
    Route.NONE: RouteWords(
        "No trigger",
        "The trigger goes out of every caption and of the settings. For styles that should always"
        " hold, and for improving a model as a whole.",
    ),
}
NEEDS_WORD = frozenset(Route) - {Route.STYLE_CONTENT, Route.OUTFIT, Route.NONE}
STYLES = frozenset({Route.STYLE_ONLY, Route.STYLE_CONTENT})


@dataclass(frozen=True, slots=True)
class Outfit:
    """An outfit's set, its trigger, and the tags that this is to carry."""

    set_id: int
    word: str
    pruned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done: `word` takes the place of `before` wherever that stands.

    `pruned`: tags to take out. `is_further`: the word stands beside the project's trigger.
    """

    route: Route
    word: str = ""
    before: str = ""
    pruned: frozenset[str] = frozenset()
    is_further: bool = False
    outfits: tuple[Outfit, ...] = ()
