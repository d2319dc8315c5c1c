"""Groups of duplicates as a person decides them: what is proposed, and what is chosen instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from curator.core.decisions import Fate, decide
from curator.core.duplicates import COPIES, WORDS, Group, Kind, Pair, groups_of, key
from curator.core.edits import IMAGE
from curator.core.keepers import Proposal, Way, propose
from curator.core.measures import Measures
from curator.core.overlay import area, maps_onto
from curator.core.readable import count, percent
from curator.core.records import Image
from curator.core.view import ProjectView

WHOLE = 0.97  # from this share on nothing is worth a word
CHANGED = 0.01
_WORTH = {"rating": "rating", "caption": "caption", "set_id": "set", "source_url": "address"}
_SURENESS = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Case:
    """A group with the records of its pictures, what is measured of them, and the proposal."""

    group: Group
    images: tuple[Image, ...]
    measures: Mapping[int, Measures]
    proposal: Proposal

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of its pictures, in the order in which they are shown."""
        return tuple(image.id for image in self.images)

    def image(self, image_id: int) -> Image:
        """The record of one of them."""
        return next(image for image in self.images if image.id == image_id)

    def proposed(self, way: Way) -> Proposal:
        """The keeper by another way to choose."""
        images = {image.id: image for image in self.images}
        return propose(self.group, images, self.measures, way)

    def inherited(self, choice: Choice) -> list[str]:
        """What the keeper takes over from the others, in words."""
        changes = decide(self.images, choice.fates).changes
        ours = {c.field for c in changes if c.record == IMAGE and c.id == choice.keeper}
        if choice.fates[choice.keeper] in (Fate.PRIMARY, Fate.SUPPORTING):
            ours.discard("rating")  # the person gave it
        return [word for field, word in _WORTH.items() if field in ours]

    def without(self, image_id: int) -> list[Case]:
        """What is left once one picture is no duplicate of the others."""
        images = {image.id: image for image in self.images if image.id != image_id}
        pairs = [pair for pair in self.group.pairs if image_id not in pair.key]
        return cases_of(groups_of(pairs), images, self.measures)

    def relation(self, image_id: int, keeper: int) -> str:
        """How a picture is related to the keeper, in plain words."""
        pair = next((p for p in self.group.pairs if p.key == key(image_id, keeper)), None)
        kind = pair.kind if pair else self.group.kind
        words = [WORDS[kind]]
        way = maps_onto(self.group.pairs, keeper).get(image_id)
        if way is not None and area(way) < 0:
            words.append("mirrored")
        if pair and kind not in (Kind.BYTES, Kind.PIXELS):
            words += _differences(pair, is_first=pair.a == image_id)
        return ", ".join(words)


def _differences(pair: Pair, *, is_first: bool) -> list[str]:
    own, keepers = (pair.covers_a, pair.covers_b)[:: 1 if is_first else -1]
    found = []
    if keepers < WHOLE:
        found.append(f"shows {percent(keepers)} of it")
    if own < WHOLE:
        found.append("with more around it")
    if pair.changed >= CHANGED:
        found.append(f"{percent(pair.changed)} of it changed")
    return found


def cases_of(
    groups: Sequence[Group], images: Mapping[int, Image], measures: Mapping[int, Measures]
) -> list[Case]:
    """Groups with their proposals, the surest first; what is proposed stands first in each."""
    made = []
    for group in sorted(groups, key=lambda group: (_SURENESS[group.kind], group.ids)):
        proposal = propose(group, images, measures)
        members = sorted(
            (images[image_id] for image_id in group.ids if image_id in images),
            key=lambda image: (image.id != proposal.keeper, image.id),
        )
        known = {image.id: measures[image.id] for image in members if image.id in measures}
        made.append(Case(group, tuple(members), known, proposal))
    return made


def read_cases(project: ProjectView, kinds: Sequence[Kind] = COPIES) -> list[Case]:
    """The groups of a project that nothing was decided about."""
    groups = project.duplicate_groups(kinds)
    ids = [image_id for group in groups for image_id in group.ids]
    images = {image.id: image for image in project.images(ids)}
    # One may have been forgotten between two readings.
    whole = [group for group in groups if all(image_id in images for image_id in group.ids)]
    return cases_of(whole, images, project.measures(ids))


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to become of each picture of a group; the others are laid on the keeper."""

    keeper: int
    fates: Mapping[int, Fate]

    def with_fate(self, image_id: int, fate: Fate) -> Choice:
        """Another fate for one; once the keeper is rejected, one that is kept follows it."""
        fates = {**self.fates, image_id: fate}
        kept = [one for one, its in fates.items() if its is not Fate.REJECT]
        keeper = self.keeper if self.keeper in kept or not kept else kept[0]
        return Choice(keeper, fates)

    def with_keeper(self, image_id: int) -> Choice:
        """Keep this one instead of the keeper."""
        if image_id == self.keeper:
            return self.with_fate(image_id, _kept(self.fates[image_id]))
        fates = {
            **self.fates,
            self.keeper: Fate.REJECT,
            image_id: _kept(self.fates[image_id]),
        }
        return replace(self, keeper=image_id, fates=fates)

    def in_words(self) -> str:
        """What accepting it does: "Keep 1, reject 2"."""
        gone = sum(fate is Fate.REJECT for fate in self.fates.values())
        kept = len(self.fates) - gone
        if not gone:
            return f"Keep all {kept:,}"
        return f"Keep {kept:,}, reject {gone:,}" if kept else f"Reject all {gone:,}"


def _kept(fate: Fate) -> Fate:
    return Fate.KEEP if fate is Fate.REJECT else fate


def choice_of(case: Case) -> Choice:
    """What is proposed, as a choice."""
    keeper = case.proposal.keeper
    return Choice(keeper, {i: Fate.KEEP if i == keeper else Fate.REJECT for i in case.ids})


def groups_in_words(number: int, kinds: Sequence[Kind] = COPIES) -> str:
    """ "12 groups of duplicates"."""
    return f"{count(number, 'group')} of {'duplicates' if kinds == COPIES else 'the same shot'}"
