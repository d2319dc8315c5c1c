"""What can be done with tags that are chosen: changed everywhere, pinned, given to pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from curator.core.caption_edits import change_captions
from curator.core.captions import join_tags, split_tags, with_tags
from curator.core.edits import Edit
from curator.core.line_rules import Front
from curator.core.readable import count
from curator.core.records import Image
from curator.core.rule_context import CaptionRule
from curator.core.tag_rules import Consolidate, Delete, Replace, Split
from curator.core.undesired import undesired_tags, undesired_text
from curator.ui.context import Context


class TagWorks:
    """Changes everywhere are shown before, in the window of bulk edits."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def _look_at(self, rules: Sequence[CaptionRule]) -> None:
        self._context.rules_wanted.emit(list(rules), None)

    def replace(self, tags: Sequence[str]) -> None:
        """Have another tag written for these."""
        self._look_at([Replace(old=tag) for tag in tags])

    def delete(self, tags: Sequence[str]) -> None:
        """Have them taken away."""
        self._look_at([Delete(tags=join_tags(tags))])

    def consolidate(self, tags: Sequence[str], into: str = "") -> None:
        """Have one tag written for these; the first one, which is the most used, if not given."""
        others = [*tags] if into else [*tags[1:]]
        self._look_at([Consolidate(tags=join_tags(others), into=into or tags[0])])

    def split(self, tags: Sequence[str]) -> None:
        """Have several tags written for each."""
        self._look_at([Split(tag=tag) for tag in tags])

    def move_to_front(self, tags: Sequence[str]) -> None:
        """Have them stand right behind the triggers."""
        self._look_at([Front(tags=join_tags(tags))])

    def pin(self, tags: Sequence[str]) -> None:
        """Make them triggers: no rule touches them, and they stand in front."""
        project = self._context.project
        triggers = split_tags(project.settings.extra_triggers)
        text = join_tags(dict.fromkeys([*triggers, *tags]))
        self._context.change_settings({"extra_triggers": text})

    def undesire(self, tags: Sequence[str]) -> None:
        """Put them on the project's list of undesired tags."""
        listed = undesired_tags(self._context.project.settings)
        self._context.change_settings({"undesired": undesired_text([*listed, *tags])})

    def give(self, tags: Sequence[str], ids: Iterable[int]) -> None:
        """Add them to the captions of these pictures, at the end."""
        ids = list(ids)
        if not tags or not ids:
            return

        def build(images: Sequence[Image]) -> Edit:
            texts = {image: _with(image.caption, tags) for image in images}
            return change_captions(
                f"Add {join_tags(tags)} to {count(len(images), 'caption')}", texts
            )

        self._context.change(ids, build)


def _with(caption: str, tags: Iterable[str]) -> str:
    there = split_tags(caption)
    return with_tags(caption, [*there, *(tag for tag in tags if tag not in there)])
