"""Descriptions in sentences: how much is asked for, and how they become a caption's free text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from curator.core.caption_edits import change_captions
from curator.core.captions import split_caption, with_text
from curator.core.edits import Edit
from curator.core.records import Image

MOST_CHARACTERS = 4000  # of what a model says; more is no description
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Detail(StrEnum):
    """How much is to be said."""

    SHORT = "short"
    DETAILED = "detailed"
    PARAGRAPH = "paragraph"


class TextRule(StrEnum):
    """What becomes of the free text that is there."""

    EMPTY = "empty"  # only pictures that have none get one
    REPLACE = "replace"
    APPEND = "append"


def tidied(said: str) -> str:
    """What a model said, without what no caption should hold; "" where it said nothing."""
    lines = (" ".join(line.split()) for line in _ODD.sub(" ", said).splitlines())
    return "\n".join(line for line in lines if line)[:MOST_CHARACTERS].rstrip()


def wants_text(image: Image, rule: TextRule) -> bool:
    """Whether a picture is to be described at all."""
    return rule is not TextRule.EMPTY or not split_caption(image.caption)[1].strip()


def described(caption: str, said: str, rule: TextRule) -> str:
    """The caption with what was said in its free text; its tags stay."""
    before = split_caption(caption)[1].strip()
    if not said or (before and rule is TextRule.EMPTY):
        return caption
    text = f"{before}\n{said}" if before and rule is TextRule.APPEND else said
    return with_text(caption, text)


def describe_edit(
    images: Sequence[Image], said: Mapping[int, str], rule: TextRule, label: str, group: str
) -> Edit:
    """The edit of these pictures, as they are now, with what was said of each."""
    captions = {
        image: described(image.caption, said[image.id], rule)
        for image in images
        if image.id in said
    }
    return change_captions(label, captions, group=group)
