"""Builders of edits of captions: the text, and with it who gave each tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curator.core import tag_sources
from curator.core.captions import split_all, split_tags
from curator.core.edits import IMAGE, Edit, FieldChange
from curator.core.readable import count
from curator.core.records import Image, TagSource


def set_caption(images: Sequence[Image], text: str) -> Edit:
    """Give every picture this exact caption."""
    return change_captions(f"Caption {count(len(images), 'image')}", dict.fromkeys(images, text))


def change_captions(
    label: str, captions: Mapping[Image, str], by: str = tag_sources.MANUAL, group: str = ""
) -> Edit:
    """Give each picture its own new caption; `by` is who gives the tags, see `tag_sources`."""
    changed = [(image, text) for image, text in captions.items() if text != image.caption]
    before = split_all(image.caption for image, _ in changed)
    after = split_all(text for _, text in changed)
    texts, sources = [], []
    for (image, text), old, new in zip(changed, before, after, strict=True):
        texts.append(FieldChange(IMAGE, image.id, "caption", image.caption, text))
        source = tag_sources.changed(image.tag_sources, old, new, by)
        if source != image.tag_sources:
            sources.append(FieldChange(IMAGE, image.id, "tag_sources", image.tag_sources, source))
    return Edit(label, (*texts, *sources), group)


def give_scored_tags(
    label: str,
    captions: Mapping[Image, tuple[str, Mapping[str, float]]],
    model: str,
    group: str = "",
) -> Edit:
    """Give each picture a new caption, of which these tags come from a model at these scores."""
    changes = []
    for image, (text, scores) in captions.items():
        sources = tag_sources.read(
            tag_sources.changed(
                image.tag_sources, split_tags(image.caption), split_tags(text), model
            )
        )
        sources |= {tag: TagSource(model, round(score, 4)) for tag, score in scores.items()}
        values = {"caption": text, "tag_sources": tag_sources.stored(sources)}
        for field, value in values.items():
            if (old := getattr(image, field)) != value:
                changes.append(FieldChange(IMAGE, image.id, field, old, value))
    return Edit(label, _in_runs(changes), group)


def _in_runs(changes: Sequence[FieldChange]) -> tuple[FieldChange, ...]:
    """All of one field together, as the store writes them fastest."""
    return tuple(sorted(changes, key=lambda change: change.field))
