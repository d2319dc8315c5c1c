"""What looks wrong in captions, and rules that mend it where rules can."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from curator.core import tag_sources
from curator.core.captions import count_tokens, join_tags, split_all, split_caption, training_line
from curator.core.line_rules import Add, Deduplicate, Limit
from curator.core.readable import count
from curator.core.records import Image, ImageSet, Rating, SetKind
from curator.core.rule_context import CaptionRule
from curator.core.settings import ProjectSettings
from curator.core.tag_groups import contradictions, tag_groups
from curator.core.tag_rules import Replace
from curator.core.tag_spelling import literal, search_keys, tag_key
from curator.core.triggers import is_pinned, split_pinned, triggers_of
from curator.core.typos import typos

MOST_TOKENS = 75  # that the text encoder reads at a time
_TELLING = 3  # tags beside the triggers, from which two pictures hardly have all in common
_WITHOUT_TRIGGER = (SetKind.MISC, SetKind.REGULARIZATION)


class LintKind(StrEnum):
    """What is wrong, in the order in which it is told."""

    ENCODING = "not UTF-8"
    EMPTY = "empty"
    NO_TRIGGER = "missing trigger"
    TOO_LONG = "too long"
    CONTRADICTION = "contradiction"
    TYPO = "typo"
    REPEATED = "repeated tag"
    PARENTHESES = "parentheses"
    IDENTICAL = "identical"


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing that is wrong with these images, in a sentence, and the rules that mend it.

    `tags`: those that it is about, as the captions have them. Without `fix` a person must look.
    """

    kind: LintKind
    images: tuple[int, ...]
    words: str
    fix: tuple[CaptionRule, ...] = ()
    tags: tuple[str, ...] = ()


def lint(
    images: Iterable[Image],
    settings: ProjectSettings,
    sets: Iterable[ImageSet] = (),
    copies: Iterable[Collection[int]] = (),
    is_known: Callable[[str], bool] = lambda _tag: False,
) -> list[LintFinding]:
    """What is wrong in the captions of those of these images that are not rejected.

    `copies`: ids of pictures that show the same, which may have the same caption. `is_known`:
    whether a tag is in tag lists and so no typo.
    """
    captions = _Captions(images, settings, {one.id: one for one in sets})
    return [
        *_empty(captions),
        *_without_trigger(captions),
        *_too_long(captions),
        *_contradicting(captions),
        *_mistyped(captions, is_known),
        *_repeated(captions),
        *_unbalanced(captions),
        *_identical(captions, copies),
    ]


class _Captions:
    """The captions taken apart once; `rows` are images with their tags and triggers."""

    def __init__(
        self,
        images: Iterable[Image],
        settings: ProjectSettings,
        sets: Mapping[int | None, ImageSet],
    ) -> None:
        self.images = [image for image in images if not image.rejected and not image.removed]
        self.settings = settings
        self.sets = sets
        self.tags = split_all(image.caption for image in self.images)

    def rows(self) -> Iterator[tuple[Image, Sequence[str]]]:
        """Each image with its tags."""
        return zip(self.images, self.tags, strict=True)

    def triggers(self, image: Image) -> tuple[str, ...]:
        """What is pinned in a picture's caption."""
        return triggers_of(self.settings, self.sets.get(image.set_id))

    def wanted(self, image: Image) -> list[str]:
        """The triggers that a picture should have: the project's and its set's.

        None where the picture is not trained on or its set is for what is not the subject; one that
        the person took away is not missed.
        """
        in_set = self.sets.get(image.set_id)
        if image.rating == Rating.UNRATED or (in_set and in_set.kind in _WITHOUT_TRIGGER):
            return []
        own = in_set.trigger.strip() if in_set else ""
        wanted = [one for one in (self.settings.trigger.strip(), own) if one]
        if not wanted or not image.tag_sources:
            return wanted
        gone = tag_sources.removed(tag_sources.read(image.tag_sources))
        return [one for one in wanted if one not in gone]


def _empty(captions: _Captions) -> Iterator[LintFinding]:
    bare: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for image in captions.images:
        if not image.caption.strip():
            bare[tuple(captions.wanted(image))].append(image.id)
    for wanted, ids in bare.items():
        words = f"{count(len(ids), 'picture')} without a caption."
        fix = (Add(join_tags(wanted), "front"),) if wanted else ()
        yield LintFinding(LintKind.EMPTY, tuple(ids), words, fix)


def _without_trigger(captions: _Captions) -> Iterator[LintFinding]:
    lacking: dict[str, list[int]] = defaultdict(list)
    for image in captions.images:
        if image.caption.strip():
            for trigger in captions.wanted(image):
                if not is_pinned(image.caption, (trigger,)):
                    lacking[trigger].append(image.id)
    for trigger, ids in lacking.items():
        words = f'{count(len(ids), "caption")} without the trigger "{trigger}".'
        fix = (Add(trigger, "front"),)
        yield LintFinding(LintKind.NO_TRIGGER, tuple(ids), words, fix, (trigger,))


def _too_long(captions: _Captions) -> Iterator[LintFinding]:
    lines = [training_line(image.caption) for image in captions.images]
    lengths = zip(captions.images, count_tokens(lines), strict=True)
    ids = [image.id for image, length in lengths if length > MOST_TOKENS]
    if ids:
        words = f"{count(len(ids), 'caption')} over {MOST_TOKENS} tokens."
        yield LintFinding(LintKind.TOO_LONG, tuple(ids), words, (Limit(MOST_TOKENS),))


def _contradicting(captions: _Captions) -> Iterator[LintFinding]:
    vocabulary = sorted(set().union(*captions.tags))
    keys = search_keys(vocabulary)
    doubtful = {tag for tag, key in zip(vocabulary, keys, strict=True) if key in _exclusive()}
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for image, tags in captions.rows():
        if len(doubtful.intersection(tags)) > 1:
            for both in contradictions(tags):
                found[tuple(sorted(both))].append(image.id)
    for both, ids in sorted(found.items()):
        words = f"{_quoted(both)} in {count(len(ids), 'caption')}."
        yield LintFinding(LintKind.CONTRADICTION, tuple(ids), words, tags=both)


@cache
def _exclusive() -> frozenset[str]:
    """Tags, as search keys, beside which some others can hardly stand."""
    groups = tag_groups().values()
    return frozenset(tag for group in groups for alike in group.alike for tag in alike)


def _quoted(tags: Sequence[str]) -> str:
    return " and ".join(f'"{tag}"' for tag in tags)


def _mistyped(captions: _Captions, is_known: Callable[[str], bool]) -> Iterator[LintFinding]:
    counts = Counter(tag for tags in captions.tags for tag in dict.fromkeys(tags))
    meant = typos(counts, is_known)
    if not meant:
        return
    found: dict[str, list[int]] = defaultdict(list)
    for image, tags in captions.rows():
        if not meant.keys().isdisjoint(tags):
            triggers = captions.triggers(image)
            for tag in meant.keys() & set(split_pinned(tags, triggers)[1]):
                found[tag].append(image.id)
    for tag, ids in sorted(found.items()):
        words = f'"{tag}" may be meant as "{meant[tag]}".'
        fix = (Replace(literal(tag), meant[tag]),)
        yield LintFinding(LintKind.TYPO, tuple(ids), words, fix, (tag, meant[tag]))


def _repeated(captions: _Captions) -> Iterator[LintFinding]:
    keys = {tag: tag_key(tag) for tag in set().union(*captions.tags)}
    ids = []
    for image, tags in captions.rows():
        its = list(map(keys.__getitem__, tags))
        if len(set(its)) < len(its):
            ids.append(image.id)
    if ids:
        words = f"{count(len(ids), 'caption')} with a tag that stands twice."
        yield LintFinding(LintKind.REPEATED, tuple(ids), words, (Deduplicate("yes"),))


def _unbalanced(captions: _Captions) -> Iterator[LintFinding]:
    wrong = {tag for tag in set().union(*captions.tags) if not _is_balanced(tag)}
    found: dict[str, list[int]] = defaultdict(list)
    for image, tags in captions.rows():
        line = split_caption(image.caption)[0]
        if not wrong.isdisjoint(tags) and not _is_balanced(line):
            for tag in wrong.intersection(tags):
                found[tag].append(image.id)
    for tag, ids in sorted(found.items()):
        words = f'Parentheses in "{tag}" do not come in pairs.'
        yield LintFinding(LintKind.PARENTHESES, tuple(ids), words, tags=(tag,))


def _is_balanced(text: str) -> bool:
    """Smileys such as :( and >:) are no parentheses."""
    if "(" not in text and ")" not in text:
        return True
    depth = 0
    for word in text.replace(",", " ").split():
        if len(word) > 3 or any(char.isalnum() for char in word):
            for char in word:
                depth += (char == "(") - (char == ")")
                if depth < 0:
                    return False
    return depth == 0


def _identical(captions: _Captions, copies: Iterable[Collection[int]]) -> Iterator[LintFinding]:
    found: dict[str, list[int]] = defaultdict(list)
    for image in captions.images:
        if caption := image.caption.strip():
            found[caption].append(image.id)
    shown = {id_: n for n, group in enumerate(copies) for id_ in group}
    by_id = {image.id: image for image in captions.images}
    for caption, ids in found.items():
        pictures = {shown.get(id_, -id_ - 1) for id_ in ids}
        if len(pictures) > 1 and _tells(caption, captions.triggers(by_id[ids[0]])):
            words = f"{count(len(ids), 'picture')} with the very same caption."
            yield LintFinding(LintKind.IDENTICAL, tuple(ids), words)


def _tells(caption: str, triggers: Sequence[str]) -> bool:
    """Whether a caption says so much that it hardly fits two pictures."""
    line, text = split_caption(caption)
    (tags,) = split_all([line])
    return bool(text.strip()) or len(split_pinned(tags, triggers)[1]) >= _TELLING
