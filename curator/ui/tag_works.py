"""What can be done with tags that are chosen: changed everywhere, pinned, given to pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from curator.core.captions import join_tags, split_tags
from curator.core.edits import Edit
from curator.core.line_rules import Front
from curator.core.records import Image
from curator.core.rule_context import CaptionRule
from curator.core.selection_edits import add_tags, triggers_by_set
from curator.core.settings import ProjectSettings
from curator.core.tag_rules import Consolidate, Delete, Replace, Split
from curator.core.tag_spelling import literal
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
        self._look_at([Replace(old=literal(tag)) for tag in tags])

    def delete(self, tags: Sequence[str]) -> None:
        """Have them taken away."""
        self._look_at([Delete(tags=join_tags(map(literal, tags)))])

    def consolidate(self, tags: Sequence[str], into: str = "") -> None:
        """Have one tag written for these; the first one, which is the most used, if not given."""
        others = [*tags] if into else [*tags[1:]]
        self._look_at([Consolidate(tags=join_tags(map(literal, others)), into=into or tags[0])])

    def split(self, tags: Sequence[str]) -> None:
        """Have several tags written for each."""
        self._look_at([Split(tag=literal(tag)) for tag in tags])

    def move_to_front(self, tags: Sequence[str]) -> None:
        """Have them stand right behind the triggers."""
        self._look_at([Front(tags=join_tags(map(literal, tags)))])

    def pin(self, tags: Sequence[str]) -> None:
        """Make them triggers: no rule touches them, and they stand in front."""

        def more(settings: ProjectSettings) -> str:
            return join_tags(dict.fromkeys([*split_tags(settings.extra_triggers), *tags]))

        self._context.change_setting("extra_triggers", more)

    def undesire(self, tags: Sequence[str]) -> None:
        """Put them on the project's list of undesired tags."""
        self._context.change_setting(
            "undesired",
            lambda settings: undesired_text([*undesired_tags(settings), *map(literal, tags)]),
        )

    def give(self, tags: Sequence[str], ids: Iterable[int]) -> None:
        """Add them to the captions of these pictures, at the end; triggers to their places."""
        ids, project = list(ids), self._context.project
        if not tags or not ids:
            return

        def build(images: Sequence[Image]) -> Edit:
            triggers = triggers_by_set(project.settings, project.sets())
            return add_tags(images, tags, triggers, at_front=False)

        self._context.change(ids, build)
