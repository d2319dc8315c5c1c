"""What the rules of captions are told about the pictures of a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from curator.core.installed_tag_lists import known_tags
from curator.core.records import Image, ImageSet
from curator.core.rule_context import RuleContext
from curator.core.settings import ProjectSettings
from curator.core.tag_index import TagIndex
from curator.core.triggers import triggers_of
from curator.core.view import ProjectView


def project_context(project: ProjectView, images: Sequence[Image]) -> RuleContext:
    """What is known of these pictures, in their order."""
    sets = {one.id: one for one in project.sets()}

    def index() -> TagIndex:
        return TagIndex(known_tags()[0], project.tag_counts())

    context = RuleContext(count=lambda: dict(project.tag_counts()), index=index)
    return of_images(context, images, project.settings, sets)


def of_images(
    context: RuleContext,
    images: Sequence[Image],
    settings: ProjectSettings,
    sets: Mapping[int, ImageSet],
) -> RuleContext:
    """The context with the triggers and tag sources of these pictures."""
    by_set = {None: triggers_of(settings)} | {
        id_: triggers_of(settings, one) for id_, one in sets.items()
    }
    triggers = [by_set.get(image.set_id, by_set[None]) for image in images]
    return replace(context, triggers=triggers, sources=[image.tag_sources for image in images])
