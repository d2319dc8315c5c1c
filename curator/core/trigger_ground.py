"""What the trigger wizard stands on: a project read once, advice from it, and captions to come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from curator.core.caption_diffs import CaptionDiff
from curator.core.captions import split_tags
from curator.core.records import Image, ImageSet, Rating, SetKind
from curator.core.settings import ProjectSettings, from_stored
from curator.core.traits import Advice, Advised, GroupOf, outfits, style_tags, touching, traits
from curator.core.trigger_advice import Known, triggers_elsewhere
from curator.core.trigger_plan import Plan
from curator.core.trigger_routes import Outfit, Route, Wish
from curator.core.triggers import all_triggers
from curator.core.view import ProjectView

FEWEST_OUTFITS = 2
TOO_FEW = (
    "An outfit's trigger takes at least two outfits with pictures: with one alone, the subject's"
    " trigger learns it as part of the subject. Make a set of the kind outfit for each."
)


@dataclass(frozen=True)
class Ground:
    """A project as it was read; `elsewhere`: triggers by the name of another project."""

    images: Sequence[Image]
    sets: Mapping[int, ImageSet]
    stored: Mapping[str, str]
    tags: Mapping[str, int]
    elsewhere: Mapping[str, Sequence[str]]
    unread: Sequence[str]  # other projects that could not be looked at

    @cached_property
    def settings(self) -> ProjectSettings:
        """The settings of the project."""
        return from_stored(self.stored)

    @cached_property
    def triggers(self) -> tuple[str, ...]:
        """All triggers there are."""
        return all_triggers(self.settings, self.sets.values())

    @cached_property
    def own_triggers(self) -> tuple[str, ...]:
        """The project's trigger and the further ones, without those of sets."""
        return all_triggers(self.settings, ())

    @cached_property
    def is_rated(self) -> bool:
        """Whether there are primaries to learn traits from."""
        return any(_is_primary(image) for image in self.images)

    @cached_property
    def counted(self) -> Sequence[str]:
        """The captions that advice is taken from: of the primaries, or of all without any."""
        kept = (image for image in self.images if not image.rejected)
        return [image.caption for image in kept if _is_primary(image) or not self.is_rated]

    @cached_property
    def outfits(self) -> Mapping[int, Sequence[str]]:
        """The captions of each set that is an outfit and has pictures."""
        found: dict[int, list[str]] = {}
        for image in self.images:
            in_set = self.sets.get(image.set_id) if image.set_id is not None else None
            if in_set is not None and in_set.kind == SetKind.OUTFIT and not image.rejected:
                found.setdefault(in_set.id, []).append(image.caption)
        return found

    def known(self, listed: Callable[[str], bool], word: str) -> Known:
        """What a word may clash with; `listed`: whether the tag lists have it."""
        there = frozenset({word}) if listed(word) else frozenset[str]()
        return Known(self.tags, there, self.elsewhere, self.triggers)


def _is_primary(image: Image) -> bool:
    return image.rating == Rating.PRIMARY and not image.rejected


def read_ground(project: ProjectView, recent: Iterable[Path] = ()) -> Ground:
    """Read a project; `recent`: the folders of others, whose triggers are looked at."""
    elsewhere, unread = triggers_elsewhere(recent, project.root)
    return Ground(
        project.images(project.select()),
        {one.id: one for one in project.sets()},
        project.stored_settings(),
        dict(project.tag_counts()),
        elsewhere,
        unread,
    )


def advice(
    ground: Ground, route: Route, words: str, group_of: GroupOf
) -> dict[int | None, list[Advised]]:
    """What to do with which tags: by the id of its set for outfits, under None otherwise."""
    captions = [image.caption for image in ground.images if not image.rejected]
    triggers = ground.triggers
    match route:
        case Route.PROPER:
            return {None: traits(ground.counted, group_of, triggers)}
        case Route.CUSTOM:
            found_traits = traits(ground.counted, group_of, triggers)
            return {None: [_for_the_person(row) for row in found_traits]}
        case Route.STYLE_CONTENT:
            return {None: style_tags(captions, group_of, triggers)}
        case Route.CONCEPT:
            return {None: touching(captions, words, group_of, triggers)}
        case Route.OUTFIT if len(ground.outfits) >= FEWEST_OUTFITS:
            names = {ground.sets[id_].name: id_ for id_ in ground.outfits}
            texts = {name: ground.outfits[id_] for name, id_ in names.items()}
            found = outfits(texts, group_of, triggers)
            return {names[name]: rows for name, rows in found.items()}
        case _:
            return {}


def _for_the_person(row: Advised) -> Advised:
    return replace(row, advice=Advice.PERHAPS) if row.advice is Advice.PRUNE else row


def diffs(ground: Ground, wish: Wish) -> tuple[list[Image], list[CaptionDiff]]:
    """The pictures whose captions would change, and how, in one order."""
    plan = Plan(wish, ground.settings, ground.sets)
    images, found = [], []
    for image in ground.images:
        new = plan.caption(image)
        if new != image.caption:
            images.append(image)
            found.append(CaptionDiff(image.id, image.caption, new))
    return images, found


def with_pruned(wish: Wish, pruned: Mapping[int | None, frozenset[str]]) -> Wish:
    """The wish with the tags that were ticked, by set for outfits."""
    worn = tuple(
        Outfit(one.set_id, one.word, pruned.get(one.set_id, frozenset())) for one in wish.outfits
    )
    return replace(wish, pruned=pruned.get(None, frozenset()), outfits=worn)


def why_not(ground: Ground, wish: Wish) -> str:
    """What is still missing, in a sentence; "" when the wish can be done."""
    if wish.route is Route.OUTFIT:
        if len(ground.outfits) < FEWEST_OUTFITS:
            return TOO_FEW
        words = [one.word for one in wish.outfits if one.word]
        if len(set(words)) < len(words):
            return "Two outfits have the same trigger; give each its own."
        return "" if words else "Type a trigger for the outfits."
    if wish.route is Route.NONE:
        return "" if wish.before else "There is no trigger to take out."
    if wish.route is Route.STYLE_CONTENT and not wish.word:
        return ""
    return "" if split_tags(wish.word) == [wish.word] else "Type a trigger word."
