"""What a wish for a trigger does with captions, settings and sets, as one edit.

One undo takes all of it back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from curator.core import tag_sources
from curator.core.captions import join_tags, split_caption, split_tags, with_tags
from curator.core.edits import IMAGE, Edit, FieldChange, Value, change_set, change_settings
from curator.core.readable import count
from curator.core.records import Image, ImageSet, SetKind, TagSource
from curator.core.settings import ProjectSettings, from_stored, to_stored
from curator.core.trigger_routes import ROUTES, STYLES, Route, Wish
from curator.core.triggers import all_triggers, is_pinned


@dataclass(frozen=True)
class Plan:
    """A wish with what it has to know of the project."""

    wish: Wish
    settings: ProjectSettings
    sets: Mapping[int, ImageSet]

    def caption(self, image: Image) -> str:
        """The caption that a picture gets."""
        wish = self.wish
        if wish.route is Route.OUTFIT:
            return self._dressed(image)
        text = self._respelled(image.caption)
        if wish.route is Route.NONE or not self._is_concerned(image, text):
            return text
        tags = split_tags(text)
        if wish.word and not _names(text, tags, wish.word):
            tags = pinned(tags, wish.word, self._stands_before())
        if wish.route is Route.STYLE_ONLY:
            return join_tags([tag for tag in tags if is_pinned(tag, self._words)])
        return with_tags(text, self._pruned(tags, wish.pruned))

    def _respelled(self, text: str) -> str:
        """The text with the word in the place of the one before, or without that one."""
        wish = self.wish
        if wish.word:
            return _once(renamed(text, wish.before, wish.word), wish.word)
        return without_word(text, wish.before, self.settings.class_word)

    def _dressed(self, image: Image) -> str:
        text = image.caption
        outfit = next((one for one in self.wish.outfits if one.set_id == image.set_id), None)
        if outfit is None:
            return text
        in_set = self.sets.get(outfit.set_id)
        text = renamed(text, in_set.trigger if in_set else "", outfit.word)
        if not outfit.word or self._is_off(image, outfit.word):
            return text
        tags = split_tags(text)
        if not _names(text, tags, outfit.word):
            tags = pinned(tags, outfit.word, [self.settings.trigger])
        return with_tags(text, self._pruned(tags, outfit.pruned))

    def _is_concerned(self, image: Image, text: str) -> bool:
        """Whether the picture is to teach it: by its set, by hand, for a concept by its tags."""
        wish = self.wish
        if self._is_off(image, wish.word) or self._is_off(image, wish.before):
            return False
        in_set = self.sets.get(image.set_id) if image.set_id is not None else None
        left_out = {SetKind.REGULARIZATION}
        if wish.route not in STYLES and wish.route is not Route.CONCEPT:
            left_out.add(SetKind.MISC)
        if in_set is not None and in_set.kind in left_out:
            return False
        if wish.route is Route.CONCEPT and wish.pruned:
            tags = split_tags(text)
            return not wish.pruned.isdisjoint(tags) or _names(text, tags, wish.word)
        return True

    @staticmethod
    def _is_off(image: Image, word: str) -> bool:
        if not word or tag_sources.REMOVED not in image.tag_sources:  # reading it takes time
            return False
        return word in tag_sources.removed(tag_sources.read(image.tag_sources))

    def _stands_before(self) -> list[str]:
        """The triggers that stand in front of the word."""
        return [self.settings.trigger] if self.wish.is_further else []

    def _pruned(self, tags: Sequence[str], gone: Collection[str]) -> list[str]:
        return [tag for tag in tags if tag not in gone or is_pinned(tag, self._words)]

    @cached_property
    def _words(self) -> tuple[str, ...]:
        """All triggers, those to come among them."""
        new = (self.wish.word, *(one.word for one in self.wish.outfits))
        words = (*all_triggers(self.settings, self.sets.values()), *new)
        return tuple(word for word in words if word)

    # -- what the settings and sets become

    def setting_texts(self) -> dict[str, str]:
        """The settings that change, as text."""
        wish, settings = self.wish, self.settings
        if wish.route is Route.OUTFIT:
            return {}
        extra = split_tags(settings.extra_triggers)
        prompts = settings.sample_prompt.splitlines()
        texts = {"sample_prompt": "\n".join(map(self._respelled, prompts))}
        if wish.is_further:
            extra = [wish.word if one == wish.before else one for one in extra]
            extra.append(wish.word)
        else:
            extra = [one for one in extra if one not in (wish.before, wish.word)]
            if wish.word or settings.trigger == wish.before:
                texts["trigger"] = wish.word
        return texts | {"extra_triggers": join_tags(dict.fromkeys(extra))}

    def changed_sets(self) -> Iterator[tuple[ImageSet, ImageSet]]:
        """(as it is, as it becomes) of each set whose trigger changes."""
        wish = self.wish
        words = {one.set_id: one.word for one in wish.outfits}
        for one in self.sets.values():
            is_renamed = bool(wish.before) and one.trigger == wish.before
            new = words.get(one.id, wish.word if is_renamed else one.trigger)
            if new != one.trigger:
                yield one, replace(one, trigger=new)


def edit_of(
    wish: Wish,
    images: Sequence[Image],
    sets: Mapping[int, ImageSet],
    stored: Mapping[str, str],
    left_out: Collection[int] = (),
) -> Edit:
    """The wish as an edit of records as they are now; `stored`: the settings as they are kept."""
    plan = Plan(wish, from_stored(stored), sets)
    texts = {image: plan.caption(image) for image in images if image.id not in left_out}
    captions = list(_caption_changes(plan, texts))
    changed = sum(change.field == "caption" for change in captions)
    old: dict[str, Value] = dict(stored)
    new = {name: to_stored(name, text) for name, text in plan.setting_texts().items()}
    changes = [*change_settings(old, new).changes]
    for before, after in plan.changed_sets():
        changes += change_set(before, after).changes
    return Edit(_label(wish, changed), (*changes, *captions))


def _label(wish: Wish, captions: int) -> str:
    about = wish.word or (wish.before if wish.route is Route.NONE else "")
    start = {Route.NONE: "Take out trigger", Route.OUTFIT: "Outfit triggers"}.get(
        wish.route, "Trigger" if wish.word else ROUTES[wish.route].title
    )
    return f"{f'{start} {about}'.rstrip()}: {count(captions, 'caption')}"


def _caption_changes(plan: Plan, texts: Mapping[Image, str]) -> Iterator[FieldChange]:
    sources = {image: _sources(plan.wish, image, text) for image, text in texts.items()}
    for field, values in (("caption", texts), ("tag_sources", sources)):
        for image, new in values.items():
            if (old := getattr(image, field)) != new:
                yield FieldChange(IMAGE, image.id, field, old, new)


def _sources(wish: Wish, image: Image, text: str) -> str:
    """Who gave the tags then; what was renamed was not taken away, and switched off stays so."""
    old, new = split_tags(image.caption), split_tags(text)
    found = tag_sources.changed(image.tag_sources, old, new)
    if not wish.before or not found:
        return found
    sources = tag_sources.read(found)
    was_off = wish.before in tag_sources.removed(tag_sources.read(image.tag_sources))
    for tag in [tag for tag in sources if is_pinned(tag, (wish.before,))]:
        if tag != wish.word:
            del sources[tag]
    if was_off and wish.word:
        sources[wish.word] = TagSource(tag_sources.REMOVED)
    return tag_sources.stored(sources)


def _names(text: str, tags: Sequence[str], word: str) -> bool:
    """Whether one of the caption's tags is the trigger, or names it as a word."""
    return word in text and any(is_pinned(tag, (word,)) for tag in tags)


def pinned(tags: Sequence[str], word: str, before_it: Sequence[str] = ()) -> list[str]:
    """The tags with a trigger in front, behind those that name one of `before_it`."""
    words = tuple(one for one in before_it if one)
    at = 0
    while at < len(tags) and is_pinned(tags[at], words):
        at += 1
    return [*tags[:at], word, *tags[at:]]


def _word_pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


def renamed(text: str, before: str, word: str) -> str:
    """The text with one trigger in the place of another, wherever that stands as a word."""
    if not before or not word or before == word or before not in text:
        return text
    return _word_pattern(before).sub(lambda _match: word, text)


def _once(text: str, word: str) -> str:
    """The text with its first tag of this word alone."""
    if text.count(word) < 2 or (tags := split_tags(text)).count(word) < 2:
        return text
    first = tags.index(word)
    return with_tags(text, [tag for at, tag in enumerate(tags) if tag != word or at == first])


def without_word(caption: str, word: str, class_word: str) -> str:
    """The caption without a trigger: "photo of fr3dd1e" becomes "photo of dog", or goes."""
    if not word or word not in caption:
        return caption
    pattern = _word_pattern(word)

    def told(tag: str) -> str:
        if not pattern.search(tag):
            return tag
        return pattern.sub(lambda _match: class_word, tag) if class_word and tag != word else ""

    line, text = split_caption(caption)
    line = with_tags(line, [new for tag in split_tags(line) if (new := told(tag))])
    if "\n" not in caption:
        return line
    return f"{line}\n{pattern.sub(lambda _match: class_word, text)}"
